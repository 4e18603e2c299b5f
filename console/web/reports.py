"""What browsers report that our policy has stopped: an attack, or a mistake of ours."""

from typing import Final

import msgspec
from aiohttp import web
from structlog import get_logger

from console.bodies import raw_of
from console.parts import PARTS
from console.routing import Door, Route
from console.web.page import REPORTS

log = get_logger()

BYTES_MAX: Final = 16 * 1024


async def take(request: web.Request) -> web.Response:
    """Logged by what was stopped and not by where: an address of a page may name a patient."""
    payload = await raw_of(request, bytes_max=BYTES_MAX)
    try:
        told = msgspec.json.decode(payload).get("csp-report", {})
        directive = str(told.get("effective-directive") or told.get("violated-directive"))[:100]
    except (msgspec.DecodeError, AttributeError, RecursionError):
        return web.Response(status=204)
    log.warning("a browser stopped something that our policy forbids", directive=directive)
    reports = request.app[PARTS].reports
    reports.append(payload)
    return web.Response(status=204)


REPORTING: Final = Route(
    method="POST",
    path=REPORTS,
    handler=take,
    about="What a browser has stopped.",
    door=Door.PUBLIC,
)
