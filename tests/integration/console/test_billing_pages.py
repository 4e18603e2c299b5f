"""Months of billing as pages, as a browser without script asks for them."""

import datetime as dt
import re
from pathlib import Path

import pytest

from billing.eligibility.result import Why
from billing.exports.ledger import exports_of
from billing.exports.manifest import FileKind
from billing.months.records import Status
from billing.months.review import review_of
from store.pool import Pool
from tests.browser.lively import furnish
from tests.integration.console.billing_home import Billed, furnished
from tests.integration.console.billing_pages import (
    billed,
    clock,
    closed,
    etag_in,
    faults_in,
    line_in,
    proof,
    reviewed,
)
from tests.integration.console.conftest import Api, Clock, Practice

__all__ = ["billed", "clock"]


async def test_a_biller_begins_with_the_months(api: Api, north: Practice, billed: Billed) -> None:
    biller = await api.browser(north, "biller")
    await biller.get("/", headers={"Accept": "text/html"})
    assert biller.where == "/billing"
    status, page = await biller.get("/billing")
    assert status == 200
    for words in ("September 2026", "October 2026", "November 2026", "Running", "Locked"):
        assert words in page
    assert "no legal advice" in page
    assert billed.last.name == "2026-10"


async def test_a_month_that_has_not_begun_is_not_there_and_leaves_nothing(
    api: Api, north: Practice, billed: Billed
) -> None:
    biller = await api.browser(north, "biller")
    token = await api.signed_in(north, "biller")
    assert (await biller.get("/billing/2026-12"))[0] == 404
    assert (await api.get("/billing/months/2026-12", token))[0] == 404
    assert billed.last.name < "2026-11"
    assert (await biller.get("/billing/2026-11"))[0] == 200
    assert "December 2026" not in (await biller.get("/billing"))[1]


async def test_of_a_month_in_which_nobody_was_looked_after_there_is_nothing_to_close(
    api: Api, north: Practice, billed: Billed, pool: Pool, clock: Clock
) -> None:
    del billed
    biller = await api.browser(north, "biller")
    _, page = await biller.get("/billing/2019-01/close")
    assert "There is nothing to close: nobody was monitored or cared for in January 2019." in page
    assert "<form method" not in page.split("<main")[1].split("</main>")[0]
    assert "/billing/2019-01/close" not in (await biller.get("/billing/2019-01"))[1]
    etag = (await reviewed(pool, north, "2019-01", clock)).etag
    status, page = await biller.send("/billing/2019-01/close", {"etag": etag, "hold_rest": ""})
    assert status == 422
    assert "nobody was monitored or cared for in January 2019" in page
    assert "January 2019" not in (await biller.get("/billing"))[1]


async def test_the_demonstration_holds_every_verdict(
    north: Practice, billed: Billed, clock: Clock, pool: Pool
) -> None:
    review = await reviewed(pool, north, billed.last.name, clock)
    cells = [cell for row in review.rows for cell in row.cells]
    codes = {cell.code for cell in cells if cell.line_id is not None}
    assert {"99445", "99454", "99453", "99470", "99457"} <= codes
    reasons = {cell.reason for cell in cells if cell.line_id is None}
    assert {
        Why.BELOW_MIN_DAYS, Why.BELOW_MIN_TIME, Why.NO_INTERACTIVE_COMMUNICATION, Why.NO_CONSENT,
        Why.NO_ORDER, Why.NOT_ESTABLISHED, Why.UNKNOWN_PAYER, Why.RPM_RTM_CONFLICT,
        Why.CODE_NOT_ACCEPTED, Why.NO_QUALIFYING_READINGS,
    } <= reasons  # fmt: skip
    assert review.state == "open"
    assert set(review.statuses) == {Status.DRAFT, Status.HELD, Status.READY}
    locked = await reviewed(pool, north, billed.earlier.name, clock)
    assert {Status.HELD, Status.DENIED, Status.PAID, Status.ACCEPTED} <= set(locked.statuses)
    assert (review.open_adjustments, locked.open_adjustments) == (0, 1)
    running = await reviewed(pool, north, "2026-11", clock)
    waits = [cell for row in running.rows for cell in row.cells]
    said = {cell.why for cell in waits if cell.reason == Why.WINDOW_OPEN}
    assert "The window is not over yet: 20 days so far, its last day is 29 Nov." in said
    assert all(" so far, its last day is " in each for each in said)


@pytest.mark.parametrize("year", [2026, 2028])
async def test_a_minute_after_a_short_month_it_can_be_closed_and_the_one_before_is_answered(
    api: Api, north: Practice, pool: Pool, year: int
) -> None:
    """In a leap year too, and when the rules that are shipped have not been confirmed for long."""
    del api
    clock = Clock(now=dt.datetime(year, 3, 1, 5, 1, tzinfo=dt.UTC))
    made = await furnished(pool, north, now=clock.now)
    open_, locked = [
        await reviewed(pool, north, month.name, clock) for month in (made.last, made.earlier)
    ]
    assert (open_.head.month, open_.state) == (f"{year}-02", "open")
    assert set(open_.statuses) == {Status.DRAFT, Status.HELD, Status.READY}
    assert (locked.head.month, locked.state) == (f"{year}-01", "locked")
    assert {Status.DENIED, Status.PAID, Status.ACCEPTED} <= set(locked.statuses)
    assert locked.open_adjustments == 1


async def test_people_with_a_past_have_further_units_and_chronic_care(
    pool: Pool, database: str, tmp_path: Path
) -> None:
    await furnish(pool, database, tmp_path, patients=2)
    now = dt.datetime.now(dt.UTC)
    async with pool.acquire() as conn:
        clinic = await conn.fetchval("SELECT organisation_id FROM billing_months LIMIT 1")
        month = await conn.fetchval("SELECT max(month) FROM billing_months WHERE version > 0")
        review = await review_of(conn, clinic, month, now=now)
        taken = await exports_of(conn, clinic, month, now=now)
    lines = [cell for row in review.rows for cell in row.cells if cell.line_id is not None]
    assert max(cell.units for cell in lines if cell.code == "99458") >= 2
    assert "99490" in {cell.code for cell in lines}
    assert {(each.kind, each.state) for each in taken} == {
        (FileKind.CSV, "done"), (FileKind.X12, "done"),
    }  # fmt: skip
    claims = next(each.manifest.claims for each in taken if each.manifest and each.manifest.claims)
    assert claims.claims > 5
    assert claims.left_out


async def test_the_grid_shows_each_code_and_why_and_is_narrowed_by_the_address(
    api: Api, north: Practice, billed: Billed
) -> None:
    biller = await api.browser(north, "biller")
    here = f"/billing/{billed.last.name}"
    _, page = await biller.get(here)
    for words in ("Hollingmoor, Beatrix", "99445", "Not eligible", "The payer does not accept"):
        assert words in page
    _, page = await biller.get(f"{here}?code=99454&status=ready")
    assert "Hollingmoor, Beatrix" not in page
    assert "Halloransen, Winfred" in page
    _, page = await biller.get(f"{here}?verdict=impossible")
    assert "Ashgrove-Pell, Cordula" in page
    assert "Hollingmoor, Beatrix" not in page
    _, page = await biller.get(f"{here}?payer=Blue+Harbour+Health")
    assert "1 patient of" in page
    status, page = await biller.send(f"{here}/search", {"search": "hollingmoor, bea"})
    assert status == 200
    assert "Hollingmoor, Beatrix" in page
    assert "Halloransen" not in page
    assert "?search" not in page


@pytest.mark.parametrize("month", ["2026-13", "soon", "0000-00", "2026-1", "2026-10-01"])
async def test_what_is_no_month_is_not_found(api: Api, north: Practice, month: str) -> None:
    biller = await api.browser(north, "biller")
    for path in ("", "/close", "/exports", "/adjustments", "/pointers"):
        assert (await biller.get(f"/billing/{month}{path}"))[0] == 404


async def test_a_figure_leads_to_the_days_and_minutes_that_it_rests_on(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    biller = await api.browser(north, "biller")
    typed, refused = [
        await pool.fetchval("SELECT id FROM patients WHERE mrn = $1", mrn)
        for mrn in ("600108", "600102")
    ]
    status, page = await biller.get(f"/billing/{billed.last.name}/patients/{typed}")
    assert status == 200
    assert "typed by hand" in page
    assert "0 readings sent by devices" in page
    _, page = await biller.get(f"/billing/{billed.last.name}/patients/{refused}")
    assert "Nobody spoke with the patient" in page
    assert "20</b>" in page.replace("\n", "")
    entry = await pool.fetchval(
        "SELECT id FROM time_entries WHERE patient_id = $1 AND started_at >= $2"
        " ORDER BY started_at LIMIT 1", refused, billed.last.begins_at,
    )  # fmt: skip
    assert f"/time/entries/{entry}" in page
    assert 'class="square counted"' in page


async def test_a_line_is_held_with_a_reason_released_and_approved(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    biller = await api.browser(north, "biller")
    await biller.get(f"/billing/{billed.last.name}")
    line, version = await line_in(pool, billed.last.name, "ready")
    here = f"/billing/lines/{line}"
    status, page = await biller.send(f"{here}/hold", {"version": str(version), "reason": " "})
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    sent = {"version": str(version), "reason": "the order is asked back"}
    assert (await biller.send(f"{here}/hold", sent))[0] == 303
    _, page = await biller.get(here)
    assert "the order is asked back" in page
    status, page = await biller.send(f"{here}/release", {"version": str(version), "reason": "x"})
    assert status == 412
    assert "have changed since you looked" in page
    assert "Nothing is changed." in page
    sent = {"version": str(version + 1), "reason": "it came"}
    assert (await biller.send(f"{here}/release", sent))[0] == 303
    clinician = await api.browser(north, "clinician")
    assert (await clinician.send(f"{here}/hold", {"version": "3", "reason": "x"}))[0] == 403
    assert (await clinician.send(f"{here}/approve", {"version": str(version + 2)}))[0] == 303
    _, page = await biller.get(here)
    assert "it came" in page
    assert page.index("Approved") < page.index("Released") if "Released" in page else True
    # A second person: then either may send it.
    assert "Approve it too" in page
    too = {"version": str(version + 3)}
    assert (await biller.send(f"{here}/approve-too", too))[0] == 303
    _, page = await biller.get(here)
    assert "approved by a second person" in page
    assert "Approve it too" not in page
    call = {"lines": [{"id": str(line), "version": version + 3}]}
    token = await api.signed_in(north, "clinician")
    assert (await api.post("/billing/lines/approve-too", call, token))[0] == 409
    assert (await biller.send(f"{here}/dance", {"version": "1"}))[0] == 404
    assert (await biller.send(f"{here}/approve", {"version": "one"}))[0] == 422


async def test_all_ready_lines_of_a_page_are_approved_at_once_and_the_rest_is_told(
    api: Api, north: Practice, billed: Billed, pool: Pool, clock: Clock
) -> None:
    biller = await api.browser(north, "biller")
    here = f"/billing/{billed.last.name}"
    _, page = await biller.get(f"{here}?status=ready")
    lines = re.findall(r'name="line" value="([^"]+)"', page)
    assert len(lines) > 8
    stale = [lines[0].split(":")[0] + ":99", *lines[1:]]
    # aiohttp sends a field as often as its value stands in a list of pairs.
    form = [("csrf", proof(biller)), *(("line", each) for each in stale)]
    status, _ = await biller.ask("POST", f"{here}/approve", data=form, allow_redirects=False)
    assert status == 303
    _, page = await biller.get(biller.where)
    review = await reviewed(pool, north, billed.last.name, clock)
    assert review.statuses["approved"] == len(lines) - 1


async def test_a_month_is_closed_as_it_was_looked_at_and_its_hash_is_shown(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    biller = await api.browser(north, "biller")
    here = f"/billing/{billed.last.name}/close"
    _, page = await biller.get(f"/billing/{billed.last.name}")
    assert "Approve what is ready (" in page
    _, page = await biller.get(f"/billing/{billed.last.name}?status=undecided")
    assert "Whoever approves a line does not send it" in page
    _, page = await biller.get(here)
    assert "What will be frozen" in page
    etag = etag_in(page)
    status, page = await biller.send(here, {"etag": etag, "hold_rest": ""})
    assert status == 422
    assert "neither approved nor held" in faults_in(page)[0]
    status, page = await biller.send(here, {"etag": etag, "hold_rest": "x "})
    assert (status, faults_in(page)) == (422, ["Must have at least 3 characters."])
    assert "Why they are held</label>" in page
    assert f"/billing/{billed.last.name}?status=undecided" in page
    status, page = await biller.send(here, {"etag": "0" * 64, "hold_rest": "late"})
    assert status == 412
    assert "has changed since you looked" in page
    assert (await closed(biller, billed.last.name))[0] == 303
    sha256 = await pool.fetchval(
        "SELECT s.sha256 FROM billing_seals s JOIN billing_months m ON m.id = s.month_id"
        " WHERE m.month = $1", billed.last.name,
    )  # fmt: skip
    _, page = await biller.get(f"/billing/{billed.last.name}")
    assert sha256 in page
    assert "Version 1, locked" in page
    assert "Approve what is ready" not in page


async def test_the_second_of_two_billers_reads_what_happened(
    api: Api, north: Practice, billed: Billed
) -> None:
    first, second = await api.browser(north, "biller"), await api.browser(north, "admin")
    _, page = await second.get(f"/billing/{billed.last.name}/close")
    etag = etag_in(page)
    assert (await closed(first, billed.last.name))[0] == 303
    sent = {"etag": etag, "hold_rest": "x"}
    status, page = await second.send(f"/billing/{billed.last.name}/close", sent)
    assert status == 409
    assert "The month is not closed." in page
    assert "biller@north" in page
    assert "version 1" in page


async def test_a_running_month_is_not_closed(api: Api, north: Practice, billed: Billed) -> None:
    del billed
    biller = await api.browser(north, "biller")
    _, page = await biller.get("/billing/2026-11/close")
    assert "The month is not over." in page
    status, page = await biller.send("/billing/2026-11/close", {"etag": "x"})
    assert status == 422
    assert "is not over yet" in page


async def test_what_comes_after_the_lock_is_an_adjustment_that_somebody_decides(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    biller = await api.browser(north, "biller")
    here = f"/billing/{billed.earlier.name}/adjustments"
    _, page = await biller.get(here)
    assert "Eaglesfield-Tor, Rosamund" in page
    assert "1 reading of 30 Sep 2026 arrived." in page
    assert page.index("99445") < page.index("99454")
    adjustment = await pool.fetchval("SELECT id FROM billing_adjustments")
    status, page = await biller.send(f"{here}/{adjustment}", {"do": "dismiss", "reason": ""})
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    auditor = await api.browser(north, "auditor")
    assert (await auditor.get(here))[0] == 200
    assert (await auditor.send(f"{here}/{adjustment}", {"do": "approve"}))[0] == 403
    assert (await biller.send(f"{here}/{adjustment}", {"do": "approve", "reason": ""}))[0] == 303
    _, page = await biller.get(f"/billing/{billed.earlier.name}")
    assert "Version 2" in page
    patient = await pool.fetchval("SELECT patient_id FROM billing_adjustments")
    _, page = await biller.get(f"/billing/{billed.earlier.name}/patients/{patient}")
    assert "Stands in place of 99445, exported before" in page
    status, page = await biller.send(f"{here}/{adjustment}", {"do": "approve", "reason": ""})
    assert status == 409
    assert "is approved already" in page.lower()


async def test_what_the_payer_said_is_kept_with_its_words(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    biller = await api.browser(north, "biller")
    line, version = await line_in(pool, billed.earlier.name, "accepted")
    here = f"/billing/lines/{line}"
    sent = {"version": str(version), "to": "denied", "reason": ""}
    status, page = await biller.send(f"{here}/answer", sent)
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    sent = {"version": str(version), "to": "denied", "reason": "CARC 18", "claim_number": "A77"}
    assert (await biller.send(f"{here}/answer", sent))[0] == 303
    _, page = await biller.get(here)
    assert "CARC 18" in page
    assert "A77" in page
    assert (await biller.send(f"{here}/answer", {**sent, "to": "ready"}))[0] == 422
