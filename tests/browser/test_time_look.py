"""The care timer and the time log in a real browser: counted, paused, logged with one key."""

import datetime as dt
import re
import time

from playwright.async_api import Page, expect

from billing.entries import Work
from billing.time_log import add_entry
from tests.browser.axe import unfit, violations
from tests.browser.site import Site

MINUTE = dt.timedelta(minutes=1)
SOME = re.compile(r"[1-9]:\d\d|0:[1-5]\d|0:0[1-9]")
"""Any time but none."""


async def seeded(site: Site) -> None:
    """Entries that overlap, are late, live, corrected."""
    now = dt.datetime.now(dt.UTC)
    async with site.pool.acquire() as conn:
        nurse = await conn.fetchval(
            "SELECT id FROM users WHERE username = $1", site.practice.username("nurse")
        )
        for patient, ago, minutes, work in (
            (site.practice.patient, 30, 12, Work(activity="call", mode="live_phone",
             with_whom="patient", note="Weighs daily, feels well. Will measure in the evening.")),
            (site.practice.other_patient, 22, 9, Work(note="Week of readings looked at.")),
            (site.practice.patient, 60 * 24 * 4, 7, Work(activity="care_plan", service="ccm")),
        ):  # fmt: skip
            start = now - ago * MINUTE
            await add_entry(
                conn, site.practice.organisation, patient, actor=nurse, work=work,
                spans=((start, start + minutes * MINUTE),), now=now,
            )  # fmt: skip


async def opened(site: Site, page: Page) -> None:
    await page.goto(f"/patients/{site.practice.patient}")
    timer = page.get_by_role("group", name="Care timer")
    await expect(timer).to_contain_text("Counting")
    await expect(timer.locator(".timer-clock")).to_have_text(SOME)


async def test_a_timer_begins_with_the_chart_and_is_logged_with_a_key(site: Site) -> None:
    page, began = await site.signed_in("nurse"), time.monotonic()
    await opened(site, page)
    await page.keyboard.press("l")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Log it")).to_be_focused()
    assert await violations(page) == []
    await dialog.get_by_label("Was somebody spoken to").select_option("live_phone")
    await page.keyboard.press("Enter")
    await dialog.get_by_role("button", name="Log it").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("live contact needs somebody")
    await dialog.get_by_label("With whom").select_option("patient")
    await dialog.get_by_role("button", name="Log it").click()
    await expect(page.locator("#toasts")).to_contain_text("Logged ")
    row = await site.pool.fetchrow("SELECT mode, source, seconds FROM time_entries")
    assert row is not None
    assert (row["mode"], row["source"]) == ("live_phone", "timer")
    assert 1 <= row["seconds"] <= time.monotonic() - began + 1
    await expect(page.get_by_role("group", name="Care timer")).to_contain_text("Counting")


async def test_time_left_behind_is_offered_on_the_next_page(site: Site) -> None:
    page = await site.signed_in("nurse")
    await opened(site, page)
    await page.goto("/patients")
    bar = page.get_by_role("region", name="Time that is not logged")
    await expect(bar).to_contain_text("Able, Ada")
    assert await violations(page) == []
    await page.keyboard.press("l")
    await expect(page.locator("#toasts")).to_contain_text("Logged ")
    await expect(bar).to_have_count(0)
    assert await site.pool.fetchval("SELECT count(*) FROM time_entries") == 1


async def test_of_two_tabs_one_counts(site: Site) -> None:
    first = await site.signed_in("nurse")
    await opened(site, first)
    second = await site.page(first.context)
    await opened(site, second)
    timer = first.get_by_role("group", name="Care timer")
    await expect(timer).to_contain_text("Counting in another tab")
    assert await site.pool.fetchval("SELECT count(*) FROM timers WHERE state = 'running'") == 1
    assert await site.pool.fetchval("SELECT count(*) FROM timers") == 1


async def test_a_pause_by_hand_lasts_until_somebody_goes_on(site: Site) -> None:
    page = await site.signed_in("nurse")
    await opened(site, page)
    timer = page.get_by_role("group", name="Care timer")
    await timer.get_by_role("button", name="Pause").click()
    await expect(timer).to_contain_text("Paused by you")
    await page.mouse.move(100, 100)
    await expect(timer).to_contain_text("Paused by you")
    await timer.get_by_role("button", name="Go on").click()
    await expect(timer).to_contain_text("Counting")


async def test_after_two_minutes_without_a_key_or_pointer_it_pauses(site: Site) -> None:
    page = await site.signed_in("nurse")
    began = dt.datetime.now(dt.UTC)
    await page.clock.install(time=began)
    await page.clock.pause_at(began + dt.timedelta(seconds=1))  # Only what is said passes by it.
    await page.goto(f"/patients/{site.practice.patient}")
    timer = page.get_by_role("group", name="Care timer")
    await expect(timer).to_contain_text("Counting")
    await page.clock.run_for(118_000)
    await expect(timer).to_contain_text("Counting")
    async with page.expect_response(lambda answer: answer.url.endswith("/pause")):
        await page.clock.run_for(3_000)
    await expect(timer).to_contain_text("Paused: nobody here")
    assert await site.pool.fetchval("SELECT state FROM timers") == "paused"
    await page.mouse.move(200, 200)
    await expect(timer).to_contain_text("Counting")


async def test_a_hidden_page_pauses_and_a_reload_goes_on(site: Site) -> None:
    page = await site.signed_in("nurse")
    await opened(site, page)
    timer = page.get_by_role("group", name="Care timer")
    await page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    await expect(timer).to_contain_text("Paused")
    await page.reload()
    await expect(timer).to_contain_text("Counting")
    await expect(timer.locator(".timer-clock")).to_have_text(SOME)
    assert await site.pool.fetchval("SELECT count(*) FROM timers") == 1


async def test_the_key_can_be_another_or_none(site: Site) -> None:
    await site.pool.execute('UPDATE users SET preferences = \'{"keys": {"log": "t"}}\'')
    page = await site.signed_in("nurse")
    await opened(site, page)
    await page.keyboard.press("l")
    await page.keyboard.press("Control+t")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("t")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await site.pool.execute("UPDATE users SET preferences = '{\"shortcuts\": false}'")
    await opened(site, page)
    await page.keyboard.press("t")
    await page.keyboard.press("l")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_billers_have_no_timer(site: Site) -> None:
    page = await site.signed_in("biller")
    await page.goto(f"/patients/{site.practice.patient}")
    await expect(page.locator("#care-timer")).to_be_empty()


async def test_time_that_overlaps_or_is_not_logged_can_be_read_by_everybody(site: Site) -> None:
    await seeded(site)
    page = await site.signed_in("nurse")
    await opened(site, page)
    await page.goto("/time")
    assert await unfit(page) == []
    timer = await site.pool.fetchval("SELECT id FROM timers")
    entry = await site.pool.fetchval("SELECT id FROM time_entries LIMIT 1")
    for path in (f"/time/timers/{timer}", f"/time/entries/{entry}"):
        await page.goto(path)
        assert await unfit(page) == [], path
