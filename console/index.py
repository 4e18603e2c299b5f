"""What the API says about itself: a small index at its root, and its whole description."""

from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import web

from console.openapi import describe
from console.replies import reply
from console.routing import API, Door, Route

DESCRIPTION: Final = f"{API}/openapi.json"


def with_index(routes: Sequence[Route], *, version: str) -> tuple[Route, ...]:
    """The routes, and the two that tell of them."""
    document: dict[str, object] = {}
    every = (
        *routes,
        _open(API, "Where things are.", lambda: index(routes, version=version)),
        _open(DESCRIPTION, "This description.", lambda: document),
    )
    document |= describe(every, version=version)
    return every


def index(routes: Sequence[Route], *, version: str) -> dict[str, object]:
    """Whoever finds the root finds the rest: each thing by its name, as a path on this host."""
    things = {
        route.path.removeprefix(f"{API}/"): route.path
        for route in routes
        if route.path.count("/") == API.count("/") + 1
    }
    return {"name": "Hearthbeat", "version": version, "description": DESCRIPTION, "links": things}


def _open(path: str, about: str, body: Callable[[], object]) -> Route:
    async def handler(_: web.Request) -> web.Response:
        return reply(body())

    return Route(method="GET", path=path, handler=handler, about=about, door=Door.OPEN)
