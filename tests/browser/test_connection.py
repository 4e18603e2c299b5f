"""A nurse's connection drops, and comes back: said on the page, and nothing lost or doubled."""

import datetime as dt
from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.browser.site import Site
from tests.browser.test_queue_page import nurse_of
from tests.browser.waiting import a_lively_queue, patients_of, raise_one
from tests.browser.wire import wired

BACK_MS = 90_000
SILENCE_MS = 31_000


async def test_a_dropped_connection_is_told_and_caught_up_with(site: Site) -> None:
    whose = site.practice.organisation
    await a_lively_queue(site.pool, whose, await nurse_of(site), many=6)
    async with wired(urlsplit(site.base).port or 0) as (wire, port):
        page = await site.signed_in("nurse")
        await page.clock.install()
        await page.goto(f"http://127.0.0.1:{port}/queue")
        await page.wait_for_selector("html.scripted .q-row")
        stale, bulk = page.locator("#q-stale"), page.locator("[data-bulk=acknowledge]")
        await page.locator("[data-pick]").first.check()
        await expect(stale).to_be_hidden()
        await expect(bulk).to_be_enabled()

        wire.cut()
        await page.clock.run_for(SILENCE_MS)
        await expect(stale).to_be_visible()
        await expect(stale).to_contain_text("may be out of date since")
        await expect(bulk).to_be_disabled()
        before = await page.locator(".q-row").count()
        async with site.pool.acquire() as conn:
            newcomer = (await patients_of(conn, whose))[0]
            await raise_one(conn, whose, newcomer, 0, now=dt.datetime.now(dt.UTC))

        wire.mend()
        await page.clock.resume()
        await expect(stale).to_be_hidden(timeout=BACK_MS)
        row = page.locator(f".q-row[data-subject='patient:{newcomer}']")
        await expect(row).to_have_count(1, timeout=BACK_MS)
        subjects = await page.locator(".q-row").evaluate_all(
            "rows => rows.map((row) => row.dataset.subject)"
        )
        assert len(subjects) == len(set(subjects)) == before + 1
        await expect(bulk).to_be_enabled()
