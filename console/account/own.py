"""One's own account: what the others see, and what there is to change."""

from aiohttp import web

from console.parts import CALLER
from console.web.page import render


async def page(request: web.Request) -> web.Response:
    return render(request, "account/own.html", {"caller": request[CALLER]})
