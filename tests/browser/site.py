"""The real console behind a real address, and people with browsers in front of it."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page

from care.directory import Directory
from care.sessions import open_session
from console.app import make_app
from console.parts import PARTS
from console.settings import ConsoleSettings
from console.tenancy import open_requests
from console.web.cookies import PLAIN
from observe.health import serving
from store.pool import Pool
from tests.integration.console.conftest import Practice

Scheme = Literal["light", "dark"]
NARROW, MIDDLE, WIDE = 320, 768, 1280
WIDTHS = (NARROW, MIDDLE, WIDE)
PATIENCE_MS = 45_000
"""What a page is waited for before it is said to hang: long, for machines that do much besides."""
EXPECTED = ("the server responded with a status of", "net::ERR_")
"""What Chromium writes to its console of a refusal, or a cut line, that a test asked for."""


@dataclass(kw_only=True)
class Site:
    """One console. Whatever its pages complain of is a failure of the test that opened them."""

    base: str
    app: web.Application
    pool: Pool
    directory: Directory
    browser: Browser
    practice: Practice
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def policy_reports(self) -> list[bytes]:
        """What the browser stopped because our policy forbids it."""
        return list(self.app[PARTS].reports)

    async def signed_in(
        self,
        role: str,
        *,
        username: str | None = None,
        width: int = WIDE,
        height: int = 900,
        scheme: Scheme = "light",
        forced: bool = False,
        scripts: bool = True,
    ) -> Page:
        """A browser of somebody who has just signed in."""
        context = await self.context(
            width=width, height=height, scheme=scheme, forced=forced, scripts=scripts
        )
        await self._cookie(context, username or self.practice.username(role))
        return await self.page(context)

    async def context(
        self,
        *,
        width: int = WIDE,
        height: int = 900,
        scheme: Scheme = "light",
        forced: bool = False,
        scripts: bool = True,
    ) -> BrowserContext:
        made = await self.browser.new_context(
            base_url=self.base,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            forced_colors="active" if forced else "none",
            java_script_enabled=scripts,
            locale="en-US",
        )
        made.set_default_timeout(PATIENCE_MS)
        self.contexts.append(made)
        return made

    async def page(self, context: BrowserContext) -> Page:
        """A tab; its errors are kept."""
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(f"console: {message.text}")
                if message.type == "error" and not any(each in message.text for each in EXPECTED)
                else None
            ),
        )
        return page

    async def _cookie(self, context: BrowserContext, username: str) -> None:
        async with self.pool.acquire() as conn:
            user = await conn.fetchval("SELECT id FROM users WHERE username = $1", username)
            assert user is not None, f"there is no user {username}"
            token = await open_session(conn, user, now=dt.datetime.now(dt.UTC))
        host = urlsplit(self.base).hostname or ""
        await context.add_cookies(
            [{"name": PLAIN, "value": token, "domain": host, "path": "/", "httpOnly": True}]
        )


@asynccontextmanager
async def standing(
    pool: Pool, database: str, practice: Practice, browser: Browser, **settings: Any
) -> AsyncIterator[Site]:
    """A site, and afterwards the proof that no page complained."""
    directory = Directory(pool, dsn=database)
    await directory.refresh()
    chosen = ConsoleSettings(
        allow_unsafe_database=True,
        clinic_phone="+1 555 0100",
        emergency_number="911",
        gateway_broker="mqtts://broker.example.org:8883",
        **settings,
    )
    requests = await open_requests(database)
    app = make_app(
        chosen, pool, directory, requests=requests, clock=lambda: dt.datetime.now(dt.UTC)
    )
    async with AsyncExitStack() as open_:
        await open_.enter_async_context(requests)
        port = await open_.enter_async_context(serving(app, host="127.0.0.1", port=0))
        site = Site(
            base=f"http://127.0.0.1:{port}", app=app, pool=pool, directory=directory,
            browser=browser, practice=practice,
        )  # fmt: skip
        try:
            yield site
        finally:
            for context in site.contexts:
                await context.close()
    assert site.complaints == [], site.complaints
    assert site.policy_reports == []
