"""The queue on paper: all rows, black on white, and said when and what is left out."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

from tests.browser.axe import LOOKS
from tests.browser.site import Site
from tests.browser.test_queue_page import nurse_of, opened
from tests.browser.waiting import a_lively_queue

PAGE = rb"/Type\s*/Page[^s]"
HIDDEN = """rows => rows.filter(row => {
  const style = getComputedStyle(row);
  return style.contentVisibility !== 'visible'
    || !row.querySelector('h2 a').checkVisibility({contentVisibilityAuto: true});
}).length"""
DARK = r"""() => {
  const lightness = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3;
  return [...document.querySelectorAll('main *')].filter(each => each.checkVisibility()
    && each.childNodes.length && lightness(getComputedStyle(each).color) > 150
    && !each.closest('.badge')).map(each => each.className);
}"""


async def test_every_row_is_on_paper_in_dark_ink_however_the_screen_looks(
    site: Site, tmp_path: Path
) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=60)
    page = await opened(site)
    rows = page.locator(".q-row")
    for scheme, forced in LOOKS:
        colours: Any = {"color_scheme": scheme, "forced_colors": "active" if forced else "none"}
        await page.emulate_media(media="screen", **colours)
        assert await rows.evaluate_all(HIDDEN) > 0
        await page.emulate_media(media="print")
        assert await rows.evaluate_all(HIDDEN) == 0
        if not forced:
            assert await page.evaluate(DARK) == []
        await page.pdf(path=tmp_path / "queue.pdf", format="A4")
        pages = len(re.findall(PAGE, (tmp_path / "queue.pdf").read_bytes()))
        assert 60 / 14 < pages < 60 / 5


async def test_paper_says_when_it_was_printed_and_what_a_search_has_left_out(site: Site) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=6)
    page = await site.signed_in("nurse")
    # No minute turns meanwhile, neither by itself nor by what the stream says.
    began = dt.datetime.now(dt.UTC)
    await page.clock.install(time=began)
    await page.clock.pause_at(began + dt.timedelta(seconds=1))
    await page.route("**/alerts/stream*", lambda route: route.fulfill(status=503))
    await page.goto("/queue")
    await page.wait_for_selector("html.scripted .q-row")
    before = await page.locator("#q-printed").text_content()
    await page.evaluate("document.getElementById('q-printed').textContent = ''")
    await page.locator("#q-search").fill("Castellano")
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    said = await page.locator(".print-only").first.text_content() or ""
    assert before is not None
    assert before in said
    hidden = await page.locator(".q-row[hidden]").count()
    assert f"No filter; {hidden} rows hidden." in said
