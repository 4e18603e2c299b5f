"""What leaves the house and what is pointed out, as pages."""

import io
import re
import zipfile

import msgspec

from billing.exports.manifest import Manifest
from store.pool import Pool
from tests.integration.console.billing_home import Billed
from tests.integration.console.billing_pages import (
    billed,
    clock,
    closed,
    faults_in,
    line_in,
    proof,
    reviewed,
)
from tests.integration.console.conftest import Api, Clock, Practice

__all__ = ["billed", "clock"]


async def test_an_export_says_what_for_and_is_handed_out_as_it_was_made(
    api: Api, north: Practice, billed: Billed
) -> None:
    biller = await api.browser(north, "biller")
    here = f"/billing/{billed.last.name}/exports"
    _, page = await biller.get(here)
    assert "Nothing of this month has left the house." in page
    status, page = await biller.send(here, {"kind": "csv", "purpose": ""})
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    status, page = await biller.send(here, {"kind": "pdf", "purpose": "x"})
    assert (status, faults_in(page)) == (422, ["Choose one of the list."])
    assert (await biller.send(here, {"kind": "csv", "purpose": "Our own look"}))[0] == 303
    _, page = await biller.get(here)
    assert "Our own look" in page
    assert "Draft" in page
    (file,) = re.findall(r'href="(/api/v1/billing/months/[^"]+/file)"', page)
    token = await api.signed_in(north, "biller")
    async with api._client.get(file, headers={"Authorization": f"Bearer {token}"}) as answer:
        assert answer.status == 200
        names = zipfile.ZipFile(io.BytesIO(await answer.read())).namelist()
    assert any("claim_lines" in each for each in names)
    _, part = await biller.get(here, headers={"X-Fragment": "1"})
    assert "<html" not in part
    auditor = await api.browser(north, "auditor")
    assert (await auditor.send(here, {"kind": "csv", "purpose": "x"}))[0] == 403


async def test_whoever_approved_lines_does_not_send_them(
    api: Api, north: Practice, billed: Billed, pool: Pool, clock: Clock
) -> None:
    biller, admin = await api.browser(north, "biller"), await api.browser(north, "admin")
    here = f"/billing/{billed.last.name}"
    _, page = await biller.get(f"{here}?status=ready")
    lines = re.findall(r'name="line" value="([^"]+)"', page)
    form = [("csrf", proof(biller)), *(("line", each) for each in lines)]
    await biller.ask("POST", f"{here}/approve", data=form, allow_redirects=False)
    assert (await closed(biller, billed.last.name))[0] == 303
    sent = {"kind": "837p", "purpose": "Claims"}
    _, page = await biller.get(f"{here}/exports")
    assert "an 837P that you take leaves them out" in page
    status, page = await biller.send(f"{here}/exports", sent)
    assert status == 403
    assert "somebody else has to send them" in page
    # Whose lines they were is said of whoever asked, and to others by name.
    _, page = await biller.get(f"{here}/exports")
    assert re.search(r"<p>You have approved \d+ lines of it yourself, and nothing else", page)
    _, page = await admin.get(f"{here}/exports")
    assert "ou have approved" not in page
    assert re.search(r"<p>[^<]+ has approved \d+ lines of it, and nothing else can go", page)
    assert (await admin.send(f"{here}/exports", sent))[0] == 303
    _, page = await admin.get(f"{here}/exports")
    # What is in the file, and not what the month has.
    manifest = await pool.fetchval(
        "SELECT manifest FROM billing_exports WHERE state = 'done' AND month = $1",
        billed.last.name,
    )
    made = msgspec.json.decode(manifest, type=Manifest)
    assert made.claims is not None
    inside, month = made.claims.totals, made.totals
    assert 0 < inside.lines < month.lines
    assert f"{made.claims.claims} claims, {inside.lines} lines, {inside.units} units, $" in page
    assert "control number" in page
    assert f"Not in it: {made.claims.left_out_totals.lines} line" in page
    assert f"Of version 1 of the month, which has {month.lines} lines" in page
    assert not re.search(r"\d+ rows, ", page)
    assert (await reviewed(pool, north, billed.last.name, clock)).statuses["exported"] > 6


async def test_an_837p_without_a_claim_says_so_and_uses_no_number(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    await pool.execute("UPDATE practice_profiles SET submitter_id = NULL")
    biller, here = await api.browser(north, "biller"), f"/billing/{billed.last.name}/exports"
    assert (await biller.send(here, {"kind": "837p", "purpose": "Claims"}))[0] == 303
    _, page = await biller.get(here)
    assert "No claims." in page
    assert "no control number was used" in page
    assert "Of the month while it was open" in page
    assert re.search(r"0 claims, \d+ rows? of problems", page)
    numbers = "SELECT count(control_number) FROM billing_exports WHERE month = $1"
    assert await pool.fetchval(numbers, billed.last.name) == 0


async def test_a_clinician_sees_a_month_and_its_adjustments_and_takes_no_part_in_running_it(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    clinician = await api.browser(north, "clinician")
    here = f"/billing/{billed.earlier.name}"
    _, page = await clinician.get(here)
    assert f"{here}/exports" not in page
    assert (await clinician.get(f"{here}/exports"))[0] == 403
    status, page = await clinician.get(f"{here}/adjustments")
    assert status == 200
    assert "Eaglesfield-Tor" in page
    assert 'value="approve"' not in page
    adjustment = await pool.fetchval("SELECT id FROM billing_adjustments")
    sent = {"do": "approve", "reason": "x"}
    assert (await clinician.send(f"{here}/adjustments/{adjustment}", sent))[0] == 403


async def test_evidence_and_superbill_are_one_click_away(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    auditor = await api.browser(north, "auditor")
    line, _ = await line_in(pool, billed.earlier.name, "paid")
    _, page = await auditor.get(f"/billing/lines/{line}")
    assert f"/billing/lines/{line}/evidence" in page
    status, page = await auditor.get(f"/billing/lines/{line}/evidence")
    assert (status, "Evidence" in page) == (200, True)
    for words in (
        "A&amp;D Medical UA-651BLE",
        "21 CFR 870.1130",
        "hypertension-us",
        "en 1",
        "(01)020",
    ):
        assert words in page
    patient = await pool.fetchval("SELECT patient_id FROM billing_lines WHERE id = $1", line)
    path = f"/billing/{billed.earlier.name}/patients/{patient}/superbill"
    assert (await auditor.get(path))[0] == 200


async def test_the_work_list_tells_whom_to_call_and_by_when(
    api: Api, north: Practice, billed: Billed
) -> None:
    del billed
    nurse = await api.browser(north, "nurse")
    _, page = await nurse.get("/billing/work-list")
    assert "Ashgrove-Pell, Cordula" in page
    assert 'href="tel:+1' in page
    assert "/billing/2026-11" not in page
    _, page = await nurse.get("/billing/work-list?show=blocked")
    for words in ("No consent is recorded", "Nobody has said which rules"):
        assert words in page
    assert (await nurse.get("/billing"))[0] == 403
    assert (await nurse.get("/billing/work-list?show=%3Cscript%3E"))[0] == 200


async def test_what_would_be_asked_about_is_shown_and_not_hidden(
    api: Api, north: Practice, billed: Billed
) -> None:
    nurse = await api.browser(north, "nurse")
    _, page = await nurse.get("/time")
    assert "/billing/2026-11/pointers" in page
    _, page = await nurse.get(f"/billing/{billed.last.name}/pointers")
    assert "Entries without a credential" in page
    assert "None of this says that anything is wrong." in page
    auditor = await api.browser(north, "auditor")
    _, page = await auditor.get("/audit/measures?months=6")
    for number in range(1, 6):
        assert f">{number}. " in page
    assert "Looked at above 80 % of patients" in page
    assert (await (await api.browser(north, "biller")).get("/audit/measures"))[0] == 403


async def test_another_practice_sees_nothing_of_it(
    api: Api, north: Practice, south: Practice, billed: Billed, pool: Pool
) -> None:
    del north
    line, version = await line_in(pool, billed.earlier.name, "paid")
    patient = await pool.fetchval("SELECT id FROM patients WHERE mrn = '600109'")
    payer = await pool.fetchval("SELECT id FROM payers LIMIT 1")
    schedule = await pool.fetchval("SELECT id FROM fee_schedules LIMIT 1")
    doctor = await pool.fetchval("SELECT id FROM practitioners LIMIT 1")
    admin = await api.browser(south, "admin")
    for path in (
        f"/billing/lines/{line}", f"/billing/lines/{line}/evidence", f"/billing/patients/{patient}",
        f"/billing/{billed.earlier.name}/patients/{patient}",
        f"/billing/{billed.earlier.name}/patients/{patient}/superbill",
        f"/billing/payers/{payer}", f"/billing/fees/{schedule}",
        f"/billing/practitioners/{doctor}",
    ):  # fmt: skip
        assert (await admin.get(path))[0] == 404, path
    assert (await admin.send(f"/billing/lines/{line}/hold",
                             {"version": str(version), "reason": "x"}))[0] == 404  # fmt: skip
    for path in (f"/billing/{billed.earlier.name}", "/billing/work-list", "/billing/payers",
                 "/audit/measures"):  # fmt: skip
        status, page = await admin.get(path)
        assert status == 200
        assert "Hollingmoor" not in page
        assert "Blue Harbour" not in page


async def test_time_in_a_locked_month_is_written_as_a_late_entry_with_a_reason(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    nurse = await api.browser(north, "nurse")
    sent = {
        "patient": "600109", "day": billed.earlier.last.isoformat(), "start": "09:00",
        "minutes": "11", "activity": "review", "mode": "none", "with_whom": "", "note": "found",
    }  # fmt: skip
    status, page = await nurse.send("/time/new", sent)
    assert status == 422
    assert "locked for billing" in faults_in(page)[0]
    assert "Say below that it is late, and why." in faults_in(page)[0]
    assert 'name="late_for_locked_month"' in page
    late = sent | {"late_for_locked_month": "yes"}
    status, page = await nurse.send("/time/new", late)
    assert status == 422
    assert "say why this is written down now" in faults_in(page)[0]
    assert 'value="yes" id="field-late" checked' in page
    assert (await nurse.send("/time/new", late | {"reason": "found on paper"}))[0] == 303
    biller = await api.browser(north, "biller")
    _, page = await biller.get(f"/billing/{billed.earlier.name}/adjustments")
    assert "Time was written down" in page
    assert "found on paper" in page
    # The other one was there before: a reading that came too late.
    assert await pool.fetchval("SELECT count(*) FROM billing_adjustments") == 2
