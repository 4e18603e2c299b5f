"""The limits editor in a real browser: tried on the past, drawn, and saved; at every width."""

import datetime as dt

from playwright.async_api import expect

from care.plans import set_plan
from store.commit_batch import commit
from tests.browser.axe import unfit
from tests.browser.site import Site
from tests.rows import reading, row

DAY = dt.timedelta(days=1)


async def planned(site: Site) -> None:
    """Sixty days with a bad week in them, and the programme's own limits."""
    now, practice = dt.datetime.now(dt.UTC), site.practice
    async with site.pool.acquire() as conn:
        await set_plan(
            conn, practice.organisation, practice.patient, programme="hypertension-us",
            overrides={}, effective_from=now, reason="first visit", actor=None, now=now,
        )  # fmt: skip
        rows = []
        for number in range(60):
            for minutes in (0, 2, 600, 602):
                at = now - (60 - number) * DAY + dt.timedelta(minutes=minutes)
                high = 48 if 30 <= number < 36 and minutes == 0 else 0
                values = {"systolic": 124.0 + high + (number * 7 + minutes) % 11,
                          "diastolic": 76.0 + high / 4 + number % 5, "pulse": 70.0}  # fmt: skip
                rows.append(
                    row(
                        reading(measured_at=at, values=values),
                        organisation_id=practice.organisation,
                        gateway_id=practice.gateway,
                        patient_id=practice.patient,
                        local_day=at.date(),
                    )
                )
        await commit(conn, rows, received_at=now)


async def test_limits_are_tried_drawn_and_saved(site: Site) -> None:
    await planned(site)
    page = await site.signed_in("nurse")
    await page.goto(f"/patients/{site.practice.patient}/limits")
    field = page.locator("#value-0-bp-low-on-treatment")
    await field.fill("126")
    await page.locator("#clear-0-bp-low-on-treatment").fill("128")
    await page.get_by_role("button", name="Try on the past 90 days").click()
    await expect(page.get_by_role("heading", name="Blood pressure: as tried")).to_be_visible()
    await expect(field).to_have_value("126")
    assert await unfit(page) == []
    await page.get_by_label("Reason", exact=True).first.fill("as agreed with the family")
    await page.get_by_role("button", name="Save the limits").click()
    await expect(page.locator(".banner.good")).to_contain_text("Version 2 is saved.")
    assert await site.pool.fetchval("SELECT count(*) FROM plan_versions") == 2
