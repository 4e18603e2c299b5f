"""Finds every page that somebody can get to, by following links as they would."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Page

from console.page_table import PAGES
from console.routing import Door, Route

FILES = (".csv", ".xlsx", ".zip", "/file")
NO_PAGES = ("/static", "/api", "/metrics", "/healthz", "/readyz", "/fhir", "/sign-in/oidc")
EACH = 1
"""Addresses of one page that are looked at: other patients' charts are the same page."""


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


def route_of(path: str) -> Route | None:
    """The longest literal match first, as the router has them in order."""
    for each in pages():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", each.path)
        if re.fullmatch(pattern, path):
            return each
    return None


async def reachable(page: Page, *, start: str) -> list[Found]:
    """Every page that links lead to from `start`, one address of each."""
    waiting = deque([start])
    asked: set[str] = set()
    found: dict[str, Found] = {}
    while waiting:
        address = waiting.popleft()
        route = route_of(urlsplit(address).path)
        key = address if route is None else f"{route.method} {route.path}"
        if route is None or key in found or address in asked:
            continue
        asked.add(address)
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status < 400, (address, answer.status)
        found[key] = Found(route=route, address=address)
        waiting.extend(await _links(page))
    return list(found.values())


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
