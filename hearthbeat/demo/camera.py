"""Pictures of the demonstration's pages, as people see them in a browser."""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from playwright.async_api import Browser, Page, async_playwright

from hearthbeat.demo.past_plan import PATIENTS
from hearthbeat.demo.roster import QUERIES
from store.pool import connect

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
)
READY_WITHIN_S: Final = 120.0
FILLED_WITHIN_S: Final = 300.0
BYTES_MOST: Final = 200_000
"""Of a picture: a README is read over slow lines too."""
SETTLES_MS: Final = 900

Notice = Callable[[str], None]


class Shot(Struct, frozen=True, kw_only=True):
    """One picture."""

    name: str
    role: str
    path: str
    """`{patient}`: of who has the record number `mrn`; `{month}`: the last that is locked."""
    mrn: str = ""
    choose: tuple[tuple[str, str], ...] = ()
    """Lists by their name, and the value that is chosen."""
    fill: tuple[tuple[str, str], ...] = ()
    """Fields by their name, and what is typed there."""
    press: tuple[str, ...] = ()
    """Buttons by their words, one after the other."""
    width: int = 1280
    height: int = 800
    top: str = ""
    """The heading that stands at the top of the picture; empty: the page's beginning."""
    dark: bool = False


BRAMBLEWORTH, NEWCOMER = "612036", "600042"
SHOTS: Final = (
    Shot(name="queue", role="nurse", path="/queue", press=("I have read it",), height=720),
    Shot(name="queue-dark", role="nurse", path="/queue", height=720, dark=True),
    Shot(
        name="chart",
        role="nurse",
        path="/patients/{patient}?range=all",
        mrn=BRAMBLEWORTH,
        width=1040,
        height=760,
        top="Blood pressure",
    ),
    Shot(name="timeline", role="nurse", path="/patients/{patient}/timeline", mrn=BRAMBLEWORTH),
    Shot(
        name="enrolment",
        role="nurse",
        path="/patients/{patient}/enrol/kit",
        mrn=NEWCOMER,
        choose=(("gateway", "new"),),
        fill=(("hub_label", "Kit 41"),),
        press=("Choose this hub", "Make its one-time code"),
    ),
    Shot(name="patient", role="patient", path="/my", width=390, height=844),
    Shot(name="time-log", role="nurse", path="/time"),
    Shot(name="audit", role="auditor", path="/audit"),
    Shot(name="devices", role="admin", path="/devices"),
    Shot(name="desk", role="nurse", path="/desk"),
    Shot(name="billing", role="biller", path="/billing/{month}", height=860),
    Shot(
        name="billing-patient",
        role="biller",
        path="/billing/{month}/patients/{patient}",
        mrn=BRAMBLEWORTH,
        height=860,
    ),
    Shot(name="billing-work-list", role="nurse", path="/billing/work-list"),
    Shot(name="billing-measures", role="auditor", path="/audit/measures"),
)


def browser() -> str | None:
    """Where it is on this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


async def take(
    data: Path, program: str, into: Path, *, only: frozenset[str], notice: Notice
) -> None:
    """All of them, or those of these names."""
    async with _running(data) as ready, async_playwright() as driver:
        notice("The demonstration runs; its patients' history is being made …")
        await _filled(ready["database"])
        sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
        chromium = await driver.chromium.launch(executable_path=program, args=[*FLAGS, *sandbox])
        try:
            for shot in SHOTS:
                if not only or shot.name in only:
                    size = await _taken(chromium, ready, shot, into / f"{shot.name}.png")
                    heavy = ", too heavy for a README" if size > BYTES_MOST else ""
                    notice(f"{shot.name}.png, {size // 1000} kB{heavy}")
        finally:
            await chromium.close()


@asynccontextmanager
async def _running(data: Path) -> AsyncIterator[dict[str, Any]]:
    """A demonstration of its own; what the ready file says of it."""
    file = data / "ready.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hearthbeat", "up", "--demo", "--quiet", "--data", str(data / "data"),
        "--port", "0", "--mqtt-port", "0", "--homes", "1", "--speed", "1",
        "--ready-file", str(file),
        stdout=asyncio.subprocess.DEVNULL,
        env={**os.environ, "XDG_STATE_HOME": str(data / "state")},  # noqa: TID251 - The child's.
    )  # fmt: skip
    try:
        await _until(lambda: _there(file), within_s=READY_WITHIN_S)
        yield json.loads(file.read_text(encoding="utf-8"))
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


async def _filled(database: str) -> None:
    """Until every patient has a past, and the sweep has looked at their homes."""
    conn = await connect(database, application_name="hearthbeat screenshots")
    try:
        look = partial(conn.fetchval, QUERIES["filled"], PATIENTS)
        await _until(look, within_s=FILLED_WITHIN_S)
    finally:
        await conn.close()


async def _there(file: Path) -> bool:
    return await asyncio.to_thread(file.exists)


async def _until(done: Callable[[], Awaitable[bool]], *, within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while not await done():  # noqa: ASYNC110 - Another process's doing: nothing here is told.
            await asyncio.sleep(0.5)


async def _taken(chromium: Browser, ready: dict[str, Any], shot: Shot, file: Path) -> int:
    context = await chromium.new_context(
        base_url=ready["console"],
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    try:
        page = await context.new_page()
        await _sign_in(page, ready["users"][shot.role])
        await page.goto(await _path(ready["database"], shot))
        for name, value in shot.choose:
            await page.select_option(f"[name={name}]", value)
        for name, text in shot.fill:
            await page.fill(f"[name={name}]", text)
        for words in shot.press:
            await page.get_by_role("button", name=words).click()
            await page.wait_for_load_state()
            await page.wait_for_timeout(SETTLES_MS)
        if shot.top:
            heading = page.get_by_role("heading", name=shot.top).first
            await heading.evaluate("each => each.closest('section').scrollIntoView()")
        await page.wait_for_timeout(SETTLES_MS)
        picture = await page.screenshot(path=file)
    finally:
        await context.close()
    return len(picture)


async def _sign_in(page: Page, who: dict[str, str]) -> None:
    await page.goto("/sign-in")
    await page.fill("[name=username]", who["username"])
    await page.fill("[name=password]", who["password"])
    await page.click("main button")
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def _path(database: str, shot: Shot) -> str:
    if "{" not in shot.path:
        return shot.path
    conn = await connect(database, application_name="hearthbeat screenshots")
    try:
        patient = await conn.fetchval(QUERIES["by number"], shot.mrn)
        month = await conn.fetchval(QUERIES["locked month"])
    finally:
        await conn.close()
    return shot.path.format(patient=patient, month=month)
