"""Whether everybody can use a page: WCAG 2.2 A and AA by axe, and nothing wider than the window."""

from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

from tests.browser.site import WIDTHS, Scheme

ONLY_FAULTS = {"resultTypes": ["violations"], "preload": False}
"""Of what passes axe would describe every node as well, which takes most of its time."""
RULES = {**ONLY_FAULTS, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = ["color-contrast", "link-in-text-block"]
OF_COLOURS = {**ONLY_FAULTS, "runOnly": {"type": "rule", "values": COLOURS}}
BUT_COLOURS = {**RULES, "rules": {name: {"enabled": False} for name in COLOURS}}
LOOKS: tuple[tuple[Scheme, bool], ...] = (("light", False), ("dark", False), ("light", True))
"""The last is forced colours."""
FAULTS = "(options) => axe.run(options).then((found) => found.violations)"
KINDS = Path(__file__).with_name("kinds_of_text.js").read_text(encoding="utf-8")
OF_KINDS = f"""async ([look, ofKinds, ofAll]) => {{
  const include = ({KINDS})(look);
  const one = ofKinds && include.length ? await axe.run({{ include }}, ofKinds) : null;
  const all = ofAll ? await axe.run(ofAll) : null;
  return [one, all].flatMap((found) => found?.violations ?? []);
}}"""


async def violations(page: Page) -> list[str]:
    """What axe finds of the page as it stands, each with where."""
    await _there(page)
    return _told(await page.evaluate(FAULTS, RULES))


async def overflow(page: Page) -> int:
    """CSS pixels by which the page is wider than its window; 0 is right."""
    wide: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


async def unfit(page: Page, *also: str) -> list[str]:
    """What is wrong with it at any width, in light, dark or forced colours; `also`: expressions
    that say what else is wrong at a width.

    A look changes colours and nothing else: the other rules are asked in light. Of colours every
    text is asked about in light at the first width, and after it one of each kind that is new.
    """
    await _there(page)
    await page.evaluate("window.kindsOfText = {}; scrollTo(0, 0)")
    found = []
    before = page.viewport_size
    assert before is not None
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": before["height"]})
        for scheme, forced in LOOKS:
            await page.emulate_media(
                color_scheme=scheme, forced_colors="active" if forced else "none"
            )
            look = "forced" if forced else scheme
            asked = _asked(look, first=width == WIDTHS[0])
            found += [f"{width} {look}: {each}" for each in _told(await page.evaluate(*asked))]
        if (wider := await overflow(page)) > 0:
            found.append(f"{width}: {wider} px wider than the window")
        for expression in also:
            found += [f"{width}: {each}" for each in await page.evaluate(expression)]
    await page.emulate_media(color_scheme="light", forced_colors="none")
    await page.set_viewport_size(before)
    return found


def _asked(look: str, *, first: bool) -> tuple[str, list[Any]]:
    if look != "light":
        return OF_KINDS, [look, OF_COLOURS, None]
    return OF_KINDS, [look, None if first else OF_COLOURS, RULES if first else BUT_COLOURS]


async def _there(page: Page) -> None:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)


def _told(found: list[dict[str, Any]]) -> list[str]:
    return [
        f"{each['id']}: {node['html'][:200]} ({node.get('failureSummary', '')[:200]})"
        for each in found
        for node in each["nodes"]
    ]
