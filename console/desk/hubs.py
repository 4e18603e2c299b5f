"""What an administrator does to a hub."""

from aiohttp import web

from care.registry import revoke_gateway
from console.errors import Unprocessable
from console.parts import CALLER, PARTS
from console.web.forms import form_of
from console.web.page import see_other


async def shut_out(request: web.Request) -> web.Response:
    """For good; what it still sends is kept and believed by nobody."""
    hub_id, parts = request.match_info["id"], request.app[PARTS]
    if not (await form_of(request)).ticked("sure"):
        raise Unprocessable("say that you are sure: the hub is not shut out")
    async with parts.connection() as conn:
        await revoke_gateway(conn, request[CALLER].organisation_id, hub_id, now=parts.clock())
    return see_other(f"/hubs/{hub_id}", told="The hub is shut out.")
