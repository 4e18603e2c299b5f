"""The chart in a real browser: read by hand and by key, at every width, on paper."""

import pytest_asyncio
from playwright.async_api import expect

from store.pool import Pool
from tests.browser.axe import unfit
from tests.browser.site import Site
from tests.integration.console.chart_home import measured, planned, put
from tests.integration.console.conftest import Clock, Practice
from tests.integration.console.test_alerts import raised

PAGES = ("?range=30d", "/timeline?write=yes", "/readings", "/rows?kind=blood_pressure")
"""With what is doubtful, and opened; the chart's pages as they are else: test_every_page."""


@pytest_asyncio.fixture(loop_scope="session")
async def patient(site: Site, pool: Pool, north: Practice) -> str:
    """With a plan, readings of three weeks, one that is doubtful, and an alert."""
    clock = Clock()
    await planned(pool, north, clock())
    await measured(pool, north, clock())
    await put(pool, north, clock(), flags=["body_movement"], systolic=150.0, diastolic=99.0)
    await raised(pool, north, clock, kind="blood_pressure", onset_at=clock(), last_at=clock())
    del site
    return f"/patients/{north.patient}"


async def test_nothing_is_in_the_way_of_anybody(site: Site, patient: str) -> None:
    page = await site.signed_in("nurse")
    for path in PAGES:
        await page.goto(patient + path)
        assert await unfit(page) == [], path
    await page.goto("/patients")
    await page.get_by_role("searchbox").first.fill("Able")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/patients/search*")
    assert await unfit(page) == []


async def test_readings_are_read_one_by_one_with_the_arrow_keys(site: Site, patient: str) -> None:
    page = await site.signed_in("nurse")
    await page.goto(f"{patient}?range=30d")
    chart = page.get_by_role("group", name="Blood pressure, 30 days")
    await chart.focus()
    said = page.locator("[data-said]").first
    await page.keyboard.press("End")
    await expect(said).to_contain_text("150/99 mmHg")
    await expect(said).to_contain_text("doubtful")
    await page.keyboard.press("ArrowLeft")
    await expect(said).to_contain_text("138/84 mmHg, pulse 70")
    await page.keyboard.press("Escape")
    await expect(page.locator(".tip").first).to_be_hidden()


async def test_a_pointer_shows_the_nearest_reading_and_the_table_has_the_same_rows(
    site: Site, patient: str
) -> None:
    page = await site.signed_in("nurse")
    await page.goto(f"{patient}?range=30d")
    plot = page.locator(".plot").first
    box = await plot.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 40)
    await expect(page.locator(".tip").first).to_contain_text("150/99 mmHg")
    await page.get_by_text("Show as a table").first.click()
    await expect(page.locator("tr[data-x]")).to_have_count(43)


async def test_brackets_go_through_the_queue_and_never_while_typing(
    site: Site, patient: str, pool: Pool
) -> None:
    page = await site.signed_in("nurse")
    alert = await pool.fetchval("SELECT id FROM alerts")
    await page.goto(f"{patient}?alert={alert}")
    await page.get_by_text("Write a note").click()
    note = page.get_by_label("Note", exact=True).last
    await note.fill("")
    await note.press("]")
    await expect(note).to_have_value("]")


async def test_without_scripts_a_note_is_written_and_the_table_is_a_page(
    site: Site, patient: str
) -> None:
    page = await site.signed_in("nurse", scripts=False)
    await page.goto(patient)
    await page.get_by_role("link", name="Add a note or call").click()
    await page.get_by_label("What was said or done").fill("Feels well, goes on as before.")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.get_by_text("Feels well, goes on as before.")).to_be_visible()
    await page.goto(patient)
    await page.get_by_text("Show as a table").first.click()
    await page.get_by_role("link", name="The readings of this chart as a table").click()
    await expect(page.locator("tr[data-x]")).to_have_count(43)


async def test_on_paper_bands_are_hatched_and_buttons_are_gone(site: Site, patient: str) -> None:
    page = await site.signed_in("nurse")
    await page.goto(f"{patient}?range=30d")
    await page.emulate_media(media="print")
    await expect(page.locator(".hatch").first).to_be_visible()
    await expect(page.locator(".band").first).to_be_hidden()
    await expect(page.get_by_text("Printed ")).to_be_visible()
    assert await page.locator("button:visible").count() == 0
