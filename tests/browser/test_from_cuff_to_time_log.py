"""The whole way in real processes: from a cuff over two nurses' queues to the time log."""

import asyncio
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from hearthbeat.embedded import mosquitto
from tests.browser.home import cuff_at_home
from tests.e2e.alerting import watched_cuff
from tests.e2e.machine import get, sign_in, until, up

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket, pytest.mark.timeout(900)]
BROKER: Any = "mosquitto" if mosquitto.find() else "amqtt"
SOON_MS = 60_000
REPEATED = dt.timedelta(seconds=75)
WORSE = dt.timedelta(seconds=110)
"""After the first measurement: so far ahead a hub still believes a device's clock."""


async def signed_in(page: Page, ready: dict[str, Any], role: str) -> None:
    """By the form, as a person does."""
    user = ready["users"][role]
    await page.goto(f"{ready['console']}/sign-in")
    await page.get_by_label("User name").fill(user["username"])
    await page.get_by_label("Password", exact=True).fill(user["password"])
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(re.compile("/queue"))


def waiting(ready: dict[str, Any], token: str, patient: str) -> list[Any]:
    """Alerts that wait for a second measurement."""
    found: list[Any] = get(f"{ready['api']}/alerts?patient={patient}&state=awaiting_repeat", token)[
        "items"
    ]
    return found


async def test_a_cuffs_reading_becomes_a_row_is_dealt_with_and_ends_in_the_time_log(  # noqa: PLR0915
    tmp_path: Path, browser: Browser
) -> None:  # One story, told at one go.
    with up(tmp_path, BROKER, "--homes", "0") as (_, ready):
        token = sign_in(ready, "nurse")
        address, user, patient = watched_cuff(ready, token)
        slot: dict[str, Any] = {} if user is None else {"user": user}
        async with (
            cuff_at_home(ready, tmp_path / "hub", address=address, zone="America/New_York") as cuff,
        ):
            context = await browser.new_context(viewport={"width": 1280, "height": 900})
            page = await context.new_page()
            troubles: list[str] = []
            page.on("pageerror", lambda error: troubles.append(str(error)))
            await signed_in(page, ready, "nurse")

            first = dt.datetime.now(dt.UTC)  # The limits hold from now on; so do clocks, nearly.
            await cuff.measure(systolic=188, diastolic=104, pulse=80, at=first, **slot)
            row = page.locator(f"#row-patient-{patient}")
            await asyncio.to_thread(until, lambda: waiting(ready, token, patient), within_s=60)
            await expect(row).to_have_attribute("data-state", "awaiting_repeat", timeout=SOON_MS)
            await cuff.measure(systolic=191, diastolic=106, pulse=82, at=first + REPEATED, **slot)
            await expect(row).to_have_attribute("data-state", "open", timeout=SOON_MS)
            await expect(row.locator(".badge.critical").first).to_be_visible()
            await expect(row).to_contain_text("191")

            await row.locator("[data-action=claim]").first.click()
            await expect(row).to_contain_text("You are looking")
            colleague = await (await browser.new_context()).new_page()
            await signed_in(colleague, ready, "nurse2")
            theirs = colleague.locator(f"#row-patient-{patient}")
            await expect(theirs).to_contain_text("is looking", timeout=SOON_MS)
            await row.locator("[data-action=acknowledge]").first.click()
            await expect(row).to_contain_text("Acknowledged by")
            await expect(theirs).to_contain_text("Acknowledged by", timeout=SOON_MS)

            await row.locator("[data-action=snooze]").first.click()
            await page.locator("#q-dialog").get_by_role("button", name="Snooze").click()
            await expect(row).to_have_attribute("data-state", "snoozed")
            await cuff.measure(systolic=206, diastolic=118, pulse=90, at=first + WORSE, **slot)
            await expect(theirs).to_have_attribute("data-state", "open", timeout=SOON_MS)
            # Under one's hands nothing is replaced: it says that it has changed.
            await expect(row).to_contain_text("This row has changed", timeout=SOON_MS)
            await row.get_by_role("button", name="Show").click()
            await expect(row).to_have_attribute("data-state", "open")
            await row.locator("[data-action=acknowledge]").first.click()
            await expect(row).to_have_attribute("data-state", "acknowledged")

            await row.locator(".q-open").click()
            await page.wait_for_url(re.compile(f"/patients/{patient}"))
            timer = page.locator("#care-timer")
            await expect(timer).to_contain_text(re.compile(r"\d:\d\d"), timeout=SOON_MS)

            await page.goto(f"{ready['console']}/queue")
            await row.locator("[data-action=resolve]").first.click()
            dialog = page.locator("#q-dialog")
            await expect(dialog.get_by_text("MRN")).to_be_visible()
            await dialog.get_by_label("Outcome").select_option(index=1)
            await dialog.get_by_label("Note", exact=False).last.fill(
                "Called: feels well, took it late."
            )
            await dialog.get_by_label("Minutes spent").fill("6")
            await dialog.get_by_label("Live contact").select_option("live_phone")
            await dialog.get_by_role("button", name="Resolve").click()
            await expect(dialog).to_be_hidden()

            entries = get(f"{ready['api']}/time-entries?patient={patient}", token)["items"]
            assert entries, "no minutes in the time log"
            assert any(each["mode"] == "live_phone" for each in entries), json.dumps(entries)
            await page.goto(f"{ready['console']}/time")
            await expect(page.locator("main")).to_contain_text("6 min")
            assert troubles == []
            await asyncio.sleep(0)
