"""The front door: people are shown to where they begin, programs to the API."""

from aiohttp import web

from console.doors import still_signed_in
from console.errors import Unauthenticated
from console.index import DESCRIPTION
from console.replies import reply
from console.routing import API
from console.web.navigation import first_place


async def landing(request: web.Request) -> web.Response:
    """For programs, which ask for JSON, where the API is."""
    wanted = request.headers.get("Accept", "")
    if "application/json" in wanted and "text/html" not in wanted:
        return reply(
            {"name": "Hearthbeat", "api": API, "description": DESCRIPTION, "ready": "/readyz"}
        )
    try:
        where = first_place(await still_signed_in(request))
    except Unauthenticated:
        where = "/sign-in"
    return web.Response(status=303, headers={"Location": where})
