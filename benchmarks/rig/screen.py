"""The queue in a real Chromium, and what it notes: when a row was painted, how long a key took."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Page, async_playwright

from benchmarks.rig.console import Console
from benchmarks.rig.practice import Nurse
from console.web.cookies import PLAIN

FRAME: Final = """
const framed = (then) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = then;
  channel.port2.postMessage(null);
});
"""
"""A message sent while a frame is made arrives when it is made."""
WATCH: Final = (
    "() => {"
    + FRAME
    + """
  window.painted = [];
  new MutationObserver((changes) => {
    const seen = changes.flatMap((change) => [change.target, ...change.addedNodes])
      .map((row) => row.dataset?.refs).filter(Boolean);
    if (seen.length) framed(() => window.painted.push([Date.now(), seen.join(" ")]));
  }).observe(document.getElementById("q-rows"),
    { childList: true, subtree: true, attributeFilter: ["data-refs"] });
}"""
)
KEYS: Final = (
    "() => {"
    + FRAME
    + """
  window.took = [];
  addEventListener("keydown", (event) => framed(() => {
    window.took.push(performance.now() - event.timeStamp);
  }), true);
}"""
)
Painted = dict[str, list[tuple[int, float]]]
"""Alert -> versions that were seen, and when, in milliseconds of the clock on the wall."""


@asynccontextmanager
async def queue_open(chromium: str, console: Console, nurse: Nurse) -> AsyncIterator[Page]:
    """`chromium`: where it is driven from."""
    async with async_playwright() as driver:
        browser = await driver.chromium.connect_over_cdp(chromium)
        context = await browser.new_context(
            base_url=console.base, viewport={"width": 1280, "height": 900}
        )
        await context.add_cookies([{"name": PLAIN, "value": nurse.token, "url": console.base}])
        page = await context.new_page()
        await page.goto("/queue")
        await page.wait_for_selector("html.scripted .q-row")
        try:
            yield page
        finally:
            await context.close()


async def watch(page: Page) -> None:
    await page.evaluate(WATCH)


async def painted(page: Page) -> Painted:
    """Since `watch`."""
    found: Painted = {}
    for at, refs in await page.evaluate("window.painted"):
        for ref in refs.split():
            alert, version, *_ = ref.split(":")
            found.setdefault(alert, []).append((int(version), at))
    return found


async def slowed(page: Page, times: int) -> None:
    """As on a machine that is as many times slower."""
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": times})


async def watch_keys(page: Page) -> None:
    await page.evaluate(KEYS)


async def keys_took(page: Page) -> list[float]:
    """Milliseconds from each key to the frame after it, since `watch_keys`."""
    return [float(each) for each in await page.evaluate("window.took")]
