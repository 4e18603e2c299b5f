"""A month of many patients in a real browser: how far it is, and then the month by itself."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from billing.months.keeping import QUERIES
from store.pool import Pool
from tests.browser.axe import unfit
from tests.browser.site import Site
from tests.integration.billing.clinic import of_practice

PATIENTS = 4
ZONE = "America/New_York"


async def test_it_says_how_far_it_is_and_comes_by_itself(
    site: Site, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.evaluating.AT_ONCE", 2)
    organisation = site.practice.organisation
    month = f"{dt.datetime.now(ZoneInfo(ZONE)):%Y-%m}"  # Where the clinic is.
    async with pool.acquire() as conn:
        clinic = await of_practice(conn, organisation, site.practice.username)
        for number in range(PATIENTS):
            await clinic.patient(f"Able {number}")
        # As if another process worked at it.
        assert await conn.fetchval(QUERIES["working out"], str(organisation), month)
        page = await site.signed_in("biller")
        await page.goto(f"/billing/{month}")
        await expect(page.get_by_text(f": 0 of {PATIENTS} patients")).to_be_visible()
        assert await unfit(page) == []
        await conn.execute("SELECT pg_advisory_unlock_all()")
        await expect(page.get_by_text("Able 3").first).to_be_visible()
