"""A queue longer than the page lists, while it changes: the worst are there, and counted right."""

import datetime as dt
from pathlib import Path

from playwright.async_api import expect

from alerts.life.actions import act
from alerts.life.alert import Outcome
from alerts.life.events import Resolve
from console.api.queue_standing import LISTED_MOST
from tests.browser.axe import overflow, violations
from tests.browser.site import Site
from tests.browser.test_queue_page import nurse_of, opened
from tests.browser.waiting import patients, raise_one
from tests.integration.console.crowd import crowd

TOLD = "{} of {} rows are listed, the worst first."


async def test_a_worse_one_comes_in_the_last_goes_out_and_comes_back_when_there_is_room(
    site: Site, tmp_path: Path
) -> None:
    nurse, whose = await nurse_of(site), site.practice.organisation
    now = dt.datetime.now(dt.UTC)
    async with site.pool.acquire() as conn:
        ada, ben = (await patients(conn, whose, 2))[:2]
        first = await raise_one(conn, whose, ada, 3, now=now)
        await crowd(conn, whose, first.id, LISTED_MOST)
        page = await opened(site)
        rows, beyond = page.locator(".q-row"), page.locator("#q-beyond")
        assert await rows.count() == LISTED_MOST
        await expect(beyond).to_contain_text(TOLD.format(LISTED_MOST, LISTED_MOST + 1))
        last = page.locator(f".q-row:has-text('Crowd-{LISTED_MOST - 1:04}')")
        await expect(last).to_have_count(1)
        worse = await raise_one(conn, whose, ben, 0, now=now)
        mine = page.locator(f".q-row[data-subject='patient:{ben}']")
        await expect(mine).to_have_count(1)
        assert await rows.first.get_attribute("data-subject") == f"patient:{ben}"
        await expect(last).to_have_count(0)
        assert await rows.count() == LISTED_MOST
        await expect(page.locator("#q-summary")).to_contain_text(f"{LISTED_MOST + 2} rows: 1 crit")
        await expect(beyond).to_contain_text(TOLD.format(LISTED_MOST, LISTED_MOST + 2))
        assert await violations(page) == []
        await page.screenshot(path=tmp_path / "limit.png")
        await act(
            conn, whose, worse.id, version=1, now=dt.datetime.now(dt.UTC),
            event=Resolve(actor=nurse, outcome=Outcome.WATCH, note="seen", minutes=None),
        )  # fmt: skip
        await expect(mine).to_have_count(0)
        await expect(last).to_have_count(1)
    assert await rows.count() == LISTED_MOST
    keys = await rows.evaluate_all("rows => rows.map(row => row.dataset.key)")
    assert keys == sorted(keys)
    await expect(page.locator("#q-said")).to_have_text("1 new")


async def test_searching_reaches_what_is_not_listed(site: Site) -> None:
    whose = site.practice.organisation
    async with site.pool.acquire() as conn:
        (ada,) = await patients(conn, whose, 1)
        first = await raise_one(conn, whose, ada, 3, now=dt.datetime.now(dt.UTC))
        await crowd(conn, whose, first.id, LISTED_MOST)
    page = await opened(site)
    await page.locator("#q-search").fill(f"Crowd-{LISTED_MOST:04}")
    await expect(page.locator("#q-empty")).to_be_visible()
    await expect(page.locator("#q-search-more")).to_be_visible()
    await page.locator("#q-search").press("Enter")
    await expect(page.locator(".q-row")).to_have_count(1)
    await expect(page.locator(".q-row")).to_contain_text(f"Crowd-{LISTED_MOST:04}")
    assert "Crowd" not in page.url
    await page.keyboard.press("j")
    await page.keyboard.press("a")
    await expect(page.locator(".q-row")).to_have_attribute("data-state", "acknowledged")
    await page.locator("#q-search").fill("")
    await expect(page.locator(".q-row")).to_have_count(LISTED_MOST)
    assert await overflow(page) == 0
