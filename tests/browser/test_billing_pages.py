"""Billing in a real browser: a month is closed, a late reading comes, two billers meet, and what
was exported is opened by an independent reader.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Page, expect
from python_calamine import CalamineWorkbook

from care import snapshot as directory
from hearthbeat.demo import billing_entered
from hearthbeat.demo.billing_entered import Person
from hearthbeat.demo.billing_people import PEOPLE
from hearthbeat.demo.past_stored import stored
from tests.browser.axe import unfit
from tests.browser.site import Site
from tests.integration.console.billing_home import ZONE, Billed, furnished


@pytest_asyncio.fixture(loop_scope="session")
async def billed(site: Site) -> Billed:
    return await furnished(site.pool, site.practice, now=dt.datetime.now(dt.UTC))


async def approved(page: Page, month: str) -> None:
    """Everything that is ready."""
    await page.goto(f"/billing/{month}?status=ready")
    await page.get_by_role("button", name="Approve the ready lines on this page").click()
    await expect(page.get_by_text("lines are approved.")).to_be_visible()


async def closed(page: Page, month: str) -> None:
    await page.goto(f"/billing/{month}/close")
    reason = page.get_by_label("Why they are held")
    if await reason.count():
        await reason.fill("Not complete at the end of the month.")
    await page.get_by_role("button", name=re.compile("^Close ")).click()


async def hears_late(site: Site, billed: Billed, *, now: dt.datetime) -> None:
    """The hub sends what the cuff has kept of the last day of a device period."""
    number, person = next((at, each) for at, each in enumerate(PEOPLE) if each.late)
    course = billing_entered.course_until(now, ZONE)
    async with site.pool.acquire() as conn:
        patient = await conn.fetchval("SELECT id FROM patients WHERE mrn = $1", person.mrn)
        who = Person(billed=person, patient=patient, device=f"A2:B1:00:00:01:{number:02X}")
        day = course.ends_in(billed.last)
        at = min(course.midnight(day + dt.timedelta(days=4)), now)
        came = billing_entered.late_reading(who, course, day, at=at)
        await stored(conn, await directory.read(conn), billing_entered.HUB, [came], now=now)


async def test_a_biller_closes_a_month_and_a_late_reading_becomes_an_adjustment(
    site: Site, billed: Billed
) -> None:
    page = await site.signed_in("biller")
    await page.goto("/")
    await expect(page).to_have_url(re.compile("/billing$"))
    await approved(page, billed.last.name)
    await closed(page, billed.last.name)
    await expect(page.get_by_text("is closed: version 1.")).to_be_visible()
    sealed = await page.locator(".billing-seal code").inner_text()
    assert re.fullmatch("[0-9a-f]{64}", sealed)
    await hears_late(site, billed, now=dt.datetime.now(dt.UTC))
    await page.goto(f"/billing/{billed.last.name}")
    await expect(page.locator(".billing-seal code")).to_have_text(sealed)
    await page.get_by_role("link", name="Adjustments (1)").click()
    card = page.get_by_role("region", name=re.compile("Eaglesfield-Tor"))
    await expect(card).to_contain_text("99445")
    await expect(card).to_contain_text("99454")
    await expect(card).to_contain_text("1 reading of")
    assert await unfit(page) == []
    await card.get_by_role("button", name="Leave as locked").click()
    await expect(page.locator(".fault")).to_have_text("Must not be empty.")
    await card.get_by_role("button", name="Approve").click()
    await expect(page.get_by_text("The adjustment is approved.")).to_be_visible()
    await page.goto(f"/billing/{billed.last.name}")
    await expect(page.get_by_text("Version 2, locked")).to_be_visible()
    assert await page.locator(".billing-seal code").inner_text() != sealed
    await expect(page.get_by_text("Locked first")).to_be_visible()
    await member_number_corrected(page, billed)


async def member_number_corrected(page: Page, billed: Billed) -> None:
    """One letter of it was wrong: what the claim says is locked too, and waits for another."""
    await page.get_by_role("link", name=re.compile("Eaglesfield-Tor")).first.click()
    await page.get_by_role("link", name=re.compile("History and actions")).first.click()
    await page.get_by_role("link", name="Who pays, and who bills, for this patient").click()
    await page.locator("summary", has_text="Correct").first.click()
    await page.get_by_label("Member number").first.fill("9AA9AA9AA99")
    await page.get_by_label("Why").first.fill("One letter was wrong")
    await page.get_by_role("button", name="Correct it").first.click()
    await expect(page.get_by_text("The coverage is corrected.")).to_be_visible()
    await page.goto(f"/billing/{billed.last.name}/adjustments")
    card = page.get_by_role("region", name=re.compile("Eaglesfield-Tor")).first
    await expect(card).to_contain_text("Other details of the claim")
    await expect(card).to_contain_text("9AA9AA9AA99")
    assert await unfit(page) == []
    await expect(card).to_contain_text("You have changed this yourself (member number")
    await expect(card.get_by_role("button", name="Leave as locked")).to_be_visible()
    await expect(card.get_by_role("button", name="Approve")).to_have_count(0)


async def test_of_two_billers_the_second_reads_what_the_first_has_done(
    site: Site, billed: Billed
) -> None:
    first, second = await site.signed_in("biller"), await site.signed_in("admin")
    await second.goto(f"/billing/{billed.last.name}/close")
    await second.get_by_label("Why they are held").fill("End of the month.")
    await closed(first, billed.last.name)
    await expect(first.get_by_text("is closed: version 1.")).to_be_visible()
    await second.get_by_role("button", name=re.compile("^Close ")).click()
    told = second.get_by_role("alert")
    await expect(told).to_contain_text("The month is not closed.")
    await expect(told).to_contain_text("biller@north")
    await expect(second.get_by_text("The month is closed: version 1")).to_be_visible()


async def test_a_line_that_somebody_has_held_meanwhile_is_not_approved_unseen(
    site: Site, billed: Billed
) -> None:
    biller, admin = await site.signed_in("biller"), await site.signed_in("admin")
    await biller.goto(f"/billing/{billed.last.name}?status=ready")
    row = biller.locator(".cell.billable a").first
    await row.click()
    await biller.get_by_role("link", name=re.compile("History and actions")).first.click()
    await expect(biller.get_by_role("button", name="Approve")).to_be_visible()
    await admin.goto(biller.url)
    await admin.get_by_label("Why").fill("Diagnosis is asked back")
    await admin.get_by_role("button", name="Hold").click()
    await expect(admin.get_by_text("The line is held.")).to_be_visible()
    await biller.get_by_role("button", name="Approve").click()
    told = biller.get_by_role("alert")
    await expect(told).to_contain_text("Nothing is changed.")
    await expect(told).to_contain_text("have changed since you looked")
    await expect(biller.get_by_text("Diagnosis is asked back").first).to_be_visible()


async def exported(page: Page, month: str, kind: str, tmp_path: Path) -> Path:
    await page.goto(f"/billing/{month}/exports")
    await page.get_by_label("As", exact=True).select_option(kind)
    await page.get_by_label("What for").fill(f"For the books, {kind}")
    await page.get_by_role("button", name="Take it").click()
    await expect(page.get_by_text("The export is made")).to_be_visible()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Download").first.click()
    download = await waiting.value
    into = tmp_path / download.suggested_filename
    await download.save_as(into)
    return into


async def test_exports_are_downloaded_and_hold_the_same_totals(
    site: Site, billed: Billed, tmp_path: Path
) -> None:
    page = await site.signed_in("biller")
    await approved(page, billed.last.name)
    await closed(page, billed.last.name)
    packed = zipfile.ZipFile(await exported(page, billed.last.name, "csv", tmp_path))
    name = next(each for each in packed.namelist() if "claim_lines" in each)
    text = packed.read(name).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    as_csv = sum((Decimal(each["charge"]) for each in lines if each["charge"]), Decimal(0))
    file = await exported(page, billed.last.name, "xlsx", tmp_path)
    rows = _sheet(file)
    head = rows[0].index("charge")
    as_xlsx = sum((Decimal(str(row[head])) for row in rows[1:] if row[head] != ""), Decimal(0))
    assert len(lines) == len(rows) - 1 > 8
    assert as_csv == as_xlsx.quantize(Decimal("0.01")) > 700
    await expect(page.get_by_text(f"${as_csv:,.2f}").first).to_be_visible()


def _sheet(file: Path) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(file)
    sheet = next(each for each in book.sheet_names if "line" in each.lower())
    return list(book.get_sheet_by_name(sheet).to_python())


async def test_without_script_a_month_is_closed_and_exported(site: Site, billed: Billed) -> None:
    page = await site.signed_in("biller", scripts=False)
    await closed(page, billed.last.name)
    await expect(page.get_by_text("is closed: version 1.")).to_be_visible()
    await page.get_by_role("link", name="Exports").click()
    await page.get_by_label("What for").fill("Books")
    await page.get_by_role("button", name="Take it").click()
    await expect(page.get_by_text("The export is made")).to_be_visible()


async def test_what_is_ready_held_closed_and_printed_can_be_read_by_everybody(
    site: Site, billed: Billed
) -> None:
    """What no link of the demonstration leads to; all other pages: test_every_page."""
    page = await site.signed_in("admin")
    month = billed.last.name
    await page.goto(f"/billing/{month}?status=ready")
    assert await unfit(page) == []
    await page.locator(".cell.billable a").first.click()
    await page.wait_for_url("**/patients/*")
    patient = page.url.partition("#")[0]
    assert await unfit(page) == []
    await page.get_by_role("link", name=re.compile("History and actions")).first.click()
    await page.get_by_label("Why").fill("Diagnosis is asked back")
    await page.get_by_role("button", name="Hold").click()
    await expect(page.get_by_text("The line is held.")).to_be_visible()
    assert await unfit(page) == []
    for path in (
        f"/billing/{month}/close", f"{patient}/superbill", "/billing/work-list?show=all",
    ):  # fmt: skip
        answer = await page.goto(path)
        assert answer is not None
        assert answer.ok, path
        assert await unfit(page) == [], path
