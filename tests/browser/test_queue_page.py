"""The queue in a real browser: looked at, acted on by keys and by buttons, live."""

import datetime as dt
from pathlib import Path
from uuid import UUID

from playwright.async_api import Page, expect

from alerts.life.actions import act
from alerts.life.events import Acknowledge
from care.hand_overs import write_hand_over
from tests.browser.axe import unfit, violations
from tests.browser.site import Site
from tests.browser.waiting import a_lively_queue, patients_of, raise_one


async def nurse_of(site: Site) -> UUID:
    found: UUID = await site.pool.fetchval(
        "SELECT id FROM users WHERE username = $1", site.practice.username("nurse")
    )
    await site.pool.execute("UPDATE users SET display_name = 'Ana Ruiz' WHERE id = $1", found)
    return found


async def test_it_reads_well_at_every_width(site: Site) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site))
    page = await opened(site)
    assert await unfit(page) == []


async def opened(site: Site, role: str = "nurse") -> Page:
    page = await site.signed_in(role)
    await page.goto("/queue")
    await page.wait_for_selector("html.scripted .q-row")
    return page


async def test_it_is_worked_through_by_keys_alone(site: Site, tmp_path: Path) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=6)
    page = await opened(site)
    await page.keyboard.press("j")
    row = page.locator(".q-row").first
    subject = await row.get_attribute("data-subject")
    assert (
        await page.evaluate("document.activeElement.closest('.q-row').dataset.subject") == subject
    )
    await page.keyboard.press("a")
    await expect(row).to_contain_text("Acknowledged by Ana Ruiz")
    # The stream may show it before the answer is here, and only with that it can be undone.
    await expect(page.locator("#toasts")).to_contain_text("acknowledged: ", ignore_case=True)
    assert (
        await page.evaluate("document.activeElement.closest('.q-row').dataset.subject") == subject
    )
    await page.keyboard.press("u")
    await expect(row).to_have_attribute("data-state", "open")
    await expect(page.locator("#toasts")).to_contain_text("Undone.")
    await page.keyboard.press("a")
    await expect(row).to_have_attribute("data-state", "acknowledged")
    await page.keyboard.press("s")
    await page.wait_for_selector("#q-dialog[open]")
    await page.screenshot(path=tmp_path / "snooze.png")
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(row).to_have_attribute("data-state", "snoozed")
    await expect(page.locator("#q-dialog")).to_be_hidden()
    await page.keyboard.press("r")
    await page.wait_for_selector("#q-dialog[open] [name=outcome]")
    await page.select_option("#q-dialog [name=outcome]", "called_patient")
    await page.fill("#q-dialog [name=note]", "ok")
    await page.locator("#q-dialog button.main").click()
    await expect(page.locator("#q-dialog .fault")).to_contain_text("at least 3 characters")
    await page.fill("#q-dialog [name=note]", "Spoke to her, feels well")
    await page.fill("#q-dialog [name=minutes]", "6")
    await page.screenshot(path=tmp_path / "resolve.png")
    await page.keyboard.press("Tab")
    await page.select_option("#q-dialog [name=mode]", "live_phone")
    await page.locator("#q-dialog button.main").click()
    await expect(page.locator("#toasts")).to_contain_text("Resolved")
    await page.keyboard.press("?")
    await page.wait_for_selector("#q-help[open]")
    await page.screenshot(path=tmp_path / "help.png")


async def test_what_nobody_has_taken_on_is_taken_on_and_put_off_by_one_key_and_undone_by_one(
    site: Site, tmp_path: Path
) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=3)
    page = await opened(site)
    row = page.locator(".q-row").first
    await page.keyboard.press("j")
    await page.keyboard.press("s")
    dialog = page.locator("#q-dialog[open]")
    await expect(dialog.locator("h2")).to_have_text("Acknowledge and snooze")
    await page.screenshot(path=tmp_path / "both.png")
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(row).to_have_attribute("data-state", "snoozed")
    await expect(page.locator("#toasts")).to_contain_text("Acknowledged and snoozed")
    await page.keyboard.press("u")
    await expect(row).to_have_attribute("data-state", "open")


async def test_a_row_opens_in_place_and_a_colleague_sees_who_looks(
    site: Site, tmp_path: Path
) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=6)
    page, other = await opened(site), await opened(site, "clinician")
    await page.locator(".q-details").first.click()
    await page.wait_for_selector(".q-more .q-history")
    await page.screenshot(path=tmp_path / "details.png")
    assert await violations(page) == []
    await expect(other.locator(".q-looker").first).to_have_text("Ana Ruiz is looking")
    await page.locator(".q-details").first.click()
    await expect(other.locator(".q-looker").first).to_be_hidden()


async def test_a_filter_is_chosen_kept_under_a_name_and_found_again(site: Site) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=6)
    page = await opened(site)
    await page.locator("details.q-filter summary").click()
    await page.locator("#q-filters").get_by_label("Critical").check()
    await page.get_by_role("button", name="Show", exact=True).click()
    await page.wait_for_url("**/queue?*severity=critical*")
    await page.locator("details.q-filter summary").click()
    await page.get_by_label("Keep this filter as").fill("The gravest")
    await page.get_by_role("button", name="Keep", exact=True).click()
    await expect(page.get_by_role("link", name="The gravest")).to_be_visible()


async def test_patients_are_filtered_by_the_form(site: Site) -> None:
    page = await site.signed_in("nurse")
    await page.goto("/patients")
    await page.get_by_label("Open alerts").select_option("critical")
    await page.get_by_role("button", name="Filter", exact=True).click()
    await page.wait_for_url("**/patients?*open=critical*")


async def test_several_at_once_leave_the_critical_ones_out(site: Site, tmp_path: Path) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=6)
    page = await opened(site)
    await page.keyboard.press("x")
    await page.locator("[data-bulk=all]").click()
    await expect(page.locator("#q-bulk-left-out")).to_contain_text("1 critical left out")
    await page.screenshot(path=tmp_path / "bulk.png")
    await page.locator("[data-bulk=acknowledge]").click()
    await expect(page.locator("#toasts")).to_contain_text("acknowledged")
    await expect(page.locator(".q-row[data-severity=high][data-state=open]")).to_have_count(0)


async def test_a_new_row_comes_in_place_and_what_has_the_focus_stays(site: Site) -> None:
    nurse = await nurse_of(site)
    await a_lively_queue(site.pool, site.practice.organisation, nurse, many=6)
    page = await opened(site)
    for _ in range(3):
        await page.keyboard.press("j")
    before = await page.evaluate("document.activeElement.getBoundingClientRect().top")
    async with site.pool.acquire() as conn:
        ben = (await patients_of(conn, site.practice.organisation))[0]
        await raise_one(conn, site.practice.organisation, ben, 0, now=dt.datetime.now(dt.UTC))
    name = f"[data-subject='patient:{ben}'].q-row"
    await expect(page.locator(name)).to_have_count(1)
    assert (
        abs(await page.evaluate("document.activeElement.getBoundingClientRect().top") - before) < 2
    )
    keys = await page.locator(".q-row").evaluate_all("rows => rows.map(row => row.dataset.key)")
    assert keys == sorted(keys)
    assert "critical open)" in await page.title()


async def test_a_row_that_changes_keeps_its_tick_and_is_the_same_row(site: Site) -> None:
    nurse, whose = await nurse_of(site), site.practice.organisation
    made = await a_lively_queue(site.pool, whose, nurse, many=6)
    page = await opened(site, "clinician")
    name = f".q-row[data-subject='patient:{made[5].patient_id}']"
    await page.locator(f"{name} [data-pick]").check()
    await page.locator(name).evaluate("row => { row.mark = 'the same'; }")
    await page.locator(".q-open").first.focus()
    await page.mouse.move(2, 2)
    async with site.pool.acquire() as conn:
        version = await conn.fetchval("SELECT version FROM alerts WHERE id = $1", made[5].id)
        await act(conn, whose, made[5].id, Acknowledge(actor=nurse), version=version,
                  now=dt.datetime.now(dt.UTC))  # fmt: skip
    await expect(page.locator(name)).to_contain_text("Acknowledged by Ana Ruiz")
    assert await page.locator(f"{name} [data-pick]").is_checked()
    assert await page.locator(name).evaluate("row => row.mark") == "the same"
    await expect(page.locator(f"{name} .q-next")).to_have_text("Resolve")
    assert await page.locator(f"{name} [data-pick]").count() == 1
    keys = await page.locator(".q-row").evaluate_all("rows => rows.map(row => row.dataset.key)")
    assert keys == sorted(keys)


async def test_what_a_colleague_did_is_told_and_the_typed_note_kept(
    site: Site, tmp_path: Path
) -> None:
    nurse = await nurse_of(site)
    made = await a_lively_queue(site.pool, site.practice.organisation, nurse, many=6)
    page = await opened(site, "clinician")
    await page.keyboard.press("j")
    await page.keyboard.press("r")
    await page.wait_for_selector("#q-dialog[open] [name=outcome]")
    async with site.pool.acquire() as conn:
        await act(conn, site.practice.organisation, made[0].id, Acknowledge(actor=nurse), version=1,
                  now=dt.datetime.now(dt.UTC))  # fmt: skip
    await page.select_option("#q-dialog [name=outcome]", "watch")
    await page.fill("#q-dialog [name=note]", "looks like stress")
    await page.locator("#q-dialog button.main").click()
    told = page.locator("#q-dialog [data-fault]")
    await expect(told).to_contain_text("Acknowledged by Ana Ruiz")
    await expect(told).to_contain_text("Nothing was overwritten")
    assert await page.input_value("#q-dialog [name=note]") == "looks like stress"
    await page.screenshot(path=tmp_path / "stale-version.png")
    await page.locator("#q-dialog button.main").click()
    await expect(page.locator("#toasts")).to_contain_text("Resolved")


async def test_without_scripts_it_lists_and_acts_by_forms(site: Site) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=3)
    page = await site.signed_in("nurse", scripts=False)
    await page.goto("/queue")
    await page.locator(".q-details").first.click()
    await page.get_by_role("button", name="Acknowledge").first.click()
    await expect(page.locator("main")).to_contain_text("Acknowledged by Ana Ruiz")
    await page.get_by_role("link", name="Resolve").first.click()
    await page.select_option("[name=outcome]", "watch")
    await page.fill("[name=note]", "ok")
    await page.get_by_role("button", name="Resolve").click()
    await expect(page.locator(".fault")).to_contain_text("at least 3 characters")
    assert await page.input_value("[name=note]") == "ok"


async def test_a_lost_connection_is_said_and_its_return_too(site: Site, tmp_path: Path) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=3)
    page = await site.signed_in("nurse")
    began = dt.datetime.now(dt.UTC)
    await page.clock.install(time=began)
    await page.clock.pause_at(began + dt.timedelta(seconds=1))  # Only what is said passes by it.
    await page.route("**/alerts/stream*", lambda route: route.fulfill(status=503))
    await page.goto("/queue")
    await page.wait_for_selector("html.scripted .q-row")
    await page.keyboard.press("x")
    await page.clock.run_for(29_000)
    await expect(page.locator("#q-stale")).to_be_hidden()
    await page.clock.run_for(3_000)
    await expect(page.locator("#q-stale")).to_contain_text("may be out of date since")
    assert await page.locator("[data-bulk=acknowledge]").is_disabled()
    await page.clock.resume()
    await page.screenshot(path=tmp_path / "lost.png")
    assert await violations(page) == []
    await page.unroute("**/alerts/stream*")
    await page.clock.run_for(31_000)  # The longest time between two tries.
    await expect(page.locator("#q-stale")).to_be_hidden(timeout=90_000)
    await expect(page.locator("[data-bulk=acknowledge]")).to_be_enabled()


async def test_severities_differ_without_colour(site: Site, tmp_path: Path) -> None:
    await a_lively_queue(site.pool, site.practice.organisation, await nurse_of(site), many=6)
    page = await opened(site)
    for forced in (True, False):
        await page.emulate_media(forced_colors="active" if forced else "none")
        if not forced:
            await page.evaluate("document.documentElement.style.filter = 'grayscale(1)'")
        await page.screenshot(path=tmp_path / f"without-colour-{forced}.png")
        shapes = await page.locator(".q-sev .badge use").evaluate_all(
            "uses => uses.map(use => use.getAttribute('href').split('#')[1])"
        )
        words = await page.locator(".q-sev .badge").all_inner_texts()
        assert shapes == [text.strip().lower() for text in words]
        assert len(set(words)) == 4


async def test_keys_are_off_or_others_for_whoever_wants_that(site: Site) -> None:
    nurse = await nurse_of(site)
    await a_lively_queue(site.pool, site.practice.organisation, nurse, many=3)
    choose = "UPDATE users SET preferences = $2 WHERE id = $1"
    await site.pool.execute(choose, nurse, '{"keys": {"acknowledge": "t"}}')
    page = await opened(site)
    await page.keyboard.press("j")
    await page.keyboard.press("a")
    await page.keyboard.press("Control+t")
    first = page.locator(".q-row").first
    await expect(first).to_have_attribute("data-state", "open")
    await page.locator("#q-search").press("t")
    await expect(first).to_have_attribute("data-state", "open")
    await page.locator("#q-search").fill("")
    await page.locator(".q-open").first.focus()
    await page.keyboard.press("t")
    await expect(first).to_have_attribute("data-state", "acknowledged")
    await site.pool.execute(choose, nurse, '{"shortcuts": false}')
    page = await opened(site)
    await page.locator(".q-open").nth(1).focus()
    before = await page.locator(".q-row").nth(1).get_attribute("data-version")
    await page.keyboard.press("a")
    await page.keyboard.press("?")
    assert await page.locator("#q-help[open]").count() == 0
    assert await page.locator(".q-row").nth(1).get_attribute("data-version") == before


async def test_its_other_pages_read_well(site: Site) -> None:
    nurse = await nurse_of(site)
    made = await a_lively_queue(site.pool, site.practice.organisation, nurse, many=4)
    async with site.pool.acquire() as conn:
        await write_hand_over(
            conn, site.practice.organisation, nurse, text="Mrs Zhao weighs again at noon.",
            since=dt.datetime.now(dt.UTC), facts={}, now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
    page = await site.signed_in("clinician")
    about = f"/queue/row/patient/{made[0].patient_id}"
    for path in ("/queue/hand-over", about, "/queue?kind=no-data"):
        await page.goto(path)
        assert await unfit(page) == [], path
