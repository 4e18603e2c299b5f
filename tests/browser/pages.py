"""Finds every page that somebody can get to, by following links as they would."""

import re
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Page

from console.page_table import PAGES
from console.routing import Door, Route

FILES = (".csv", ".xlsx", ".zip", "/file")
NO_PAGES = ("/static", "/api", "/metrics", "/healthz", "/readyz", "/fhir", "/sign-in/oidc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page, by an address of it."""

    route: Route
    address: str


def pages() -> list[Route]:
    """Those of the table that are looked at: no files, no fragments that scripts fetch."""
    return [
        each
        for each in PAGES
        if each.method == "GET"
        and each.door in {Door.PAGE, Door.PUBLIC}
        and not each.path.startswith(NO_PAGES)
        and not each.path.endswith(FILES)
    ]


def route_of(path: str, routes: Sequence[Route] | None = None) -> Route | None:
    """As the router: what is named by words stands before what is named by an id."""
    for each in sorted(routes or pages(), key=lambda each: each.path.count("{")):
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", each.path)
        if re.fullmatch(pattern, path):
            return each
    return None


async def walked(page: Page, *, start: str) -> AsyncIterator[Found]:
    """Every page that links lead to from `start`, one address of each; `page` stands on it."""
    waiting = deque([start])
    asked: set[str] = set()
    found: set[str] = set()
    while waiting:
        address = waiting.popleft()
        route = route_of(urlsplit(address).path)
        if route is None or route.path in found or address in asked:
            continue
        asked.add(address)
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status < 400, (address, answer.status)
        found.add(route.path)
        waiting.extend(await _links(page))
        yield Found(route=route, address=address)


async def _links(page: Page) -> Iterator[str]:
    """Of this site, without their fragments."""
    links: list[str] = await page.evaluate(
        "[...document.querySelectorAll('a[href]')].map((each) => each.href)"
    )
    here = urlsplit(page.url)
    return iter(
        dict.fromkeys(
            parts.path + (f"?{parts.query}" if parts.query else "")
            for parts in map(urlsplit, links)
            if parts.netloc == here.netloc
        )
    )
