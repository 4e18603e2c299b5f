"""Around every request: problems told properly, headers that protect, one line in the log."""

import secrets
import time
from typing import Final

from aiohttp import hdrs, web
from structlog import get_logger

from care.errors import CareError, FaultsError
from console.doors import recognise
from console.errors import Problem
from console.parts import CALLER, REQUEST_ID, RETRY_AFTER_S
from console.problems import CONTENT_TYPE, answer, status_of, told
from console.routing import Handler
from console.web import errors as in_html
from ingest.trouble import RAISED_BY_DATABASE, condemns

log = get_logger()

# For JSON: nothing of it is a page, and none of it may be kept by anybody on the way.
HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
REQUEST_HEADER: Final = "X-Request-Id"
"""The same in the answer, in the log and in the audit log."""
FAULTS_TOLD: Final = 100
NO_DOOR: Final = frozenset({404, 405})
"""Of addresses that no route has, and of ways in which none is opened."""


@web.middleware
async def protected(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost: headers on every answer, and who asked for what kind of thing, in the log.

    The route is logged and not the path, which names patients.
    """
    began = time.perf_counter()
    request[REQUEST_ID] = secrets.token_hex(8)
    response = await handler(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers[REQUEST_HEADER] = request[REQUEST_ID]
    resource = request.match_info.route.resource
    log.info(
        "request",
        method=request.method,
        route="unknown" if resource is None else resource.canonical,
        status=response.status,
        request=request[REQUEST_ID],
        ms=round((time.perf_counter() - began) * 1000, 1),
    )
    return response


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong becomes `application/problem+json`; for pages, a page."""
    response = await _problems(request, handler)
    if response.content_type == CONTENT_TYPE and in_html.wanted(request):
        if response.status in NO_DOOR and CALLER not in request:
            await _recognised(request)
        return in_html.shown(request, response)
    return response


async def _recognised(request: web.Request) -> None:
    """So that the page that tells of it is theirs; without the database, anybody's."""
    try:
        await recognise(request)
    except RAISED_BY_DATABASE as error:
        log.warning("the database is away", error=error)


async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        return told(problem)
    except CareError as error:
        return _of_care(error)
    except web.HTTPException as error:
        response = answer(error.status)
        if allowed := error.headers.get(hdrs.ALLOW):
            response.headers[hdrs.ALLOW] = allowed
        return response
    except RAISED_BY_DATABASE as error:
        return _of_database(error)
    except Exception:
        # The one supervising level: a bug is one failed request and a line in the log.
        log.exception("request failed")
        return answer(500)


def _of_care(error: CareError) -> web.Response:
    """Of several faults, every one with its pointer, and the first where a single one would be."""
    if not isinstance(error, FaultsError):
        return answer(status_of(error), str(error), pointer=f"/{error.field}")
    told_of = [
        {"pointer": fault.pointer, "detail": fault.message} for fault in error.faults[:FAULTS_TOLD]
    ]
    return answer(422, error.message, pointer=error.faults[0].pointer, errors=told_of)


def _of_database(error: BaseException) -> web.Response:
    if condemns(error):
        # A parameter that PostgreSQL cannot hold, such as NUL in a text.
        return answer(400, "holds what cannot be looked for")
    log.warning("the database is away", error=error)
    return answer(503, "the database is away", retry_after_s=RETRY_AFTER_S)
