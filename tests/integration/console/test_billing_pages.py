"""The pages of billing, as a browser without script asks for them."""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from uuid import UUID

import pytest

from billing.eligibility.result import Why
from billing.exports.ledger import exports_of
from billing.exports.manifest import FileKind
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.views import Review
from store.pool import Pool
from tests.browser.lively import furnish
from tests.integration.console.billing_home import Billed, furnished
from tests.integration.console.conftest import Api, Browser, Clock, Practice


@pytest.fixture
def clock() -> Clock:
    return Clock(now=dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC))


@pytest.fixture
async def billed(api: Api, pool: Pool, north: Practice, clock: Clock) -> Billed:
    del api
    return await furnished(pool, north, now=clock.now)


async def reviewed(pool: Pool, practice: Practice, month: str, clock: Clock) -> Review:
    async with pool.acquire() as conn:
        return await review_of(conn, practice.organisation, month, now=clock.now)


def faults_in(page: str) -> list[str]:
    return re.findall(r'class="fault"[^>]*>([^<]*)<', page)


def etag_in(page: str) -> str:
    found = re.search(r'name="etag" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def line_in(pool: Pool, month: str, status: str) -> tuple[UUID, int]:
    row = await pool.fetchrow(
        "SELECT l.id, l.version FROM billing_lines l JOIN billing_months m ON m.id = l.month_id"
        " WHERE m.month = $1 AND l.status = $2 AND l.present ORDER BY l.id LIMIT 1",
        month, status,
    )  # fmt: skip
    assert row is not None, f"no line is {status} in {month}"
    return row["id"], row["version"]


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


async def test_the_demonstration_holds_every_verdict(
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    del api
    done = await furnished(pool, north, now=clock.now, locked=2)
    review = await reviewed(pool, north, done.last.name, clock)
    cells = [cell for row in review.rows for cell in row.cells]
    codes = {cell.code for cell in cells if cell.line_id is not None}
    assert {"99445", "99454", "99453", "99470", "99457"} <= codes
    reasons = {cell.reason for cell in cells if cell.line_id is None}
    assert {
        Why.BELOW_MIN_DAYS, Why.BELOW_MIN_TIME, Why.NO_INTERACTIVE_COMMUNICATION, Why.NO_CONSENT,
        Why.NO_ORDER, Why.NOT_ESTABLISHED, Why.UNKNOWN_PAYER, Why.RPM_RTM_CONFLICT,
        Why.CODE_NOT_ACCEPTED, Why.NO_QUALIFYING_READINGS,
    } <= reasons  # fmt: skip
    assert {Status.HELD, Status.DENIED, Status.PAID, Status.ACCEPTED} <= set(review.statuses)
    assert review.open_adjustments == 1
    running = await reviewed(pool, north, "2026-11", clock)
    assert Why.WINDOW_OPEN in {cell.reason for row in running.rows for cell in row.cells}


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
    assert (await biller.send(f"{here}/dance", {"version": "1"}))[0] == 404
    assert (await biller.send(f"{here}/approve", {"version": "one"}))[0] == 422


async def test_all_ready_lines_of_a_page_are_approved_at_once_and_the_rest_is_told(
    api: Api, north: Practice, billed: Billed, pool: Pool, clock: Clock
) -> None:
    biller = await api.browser(north, "biller")
    here = f"/billing/{billed.last.name}"
    _, page = await biller.get(f"{here}?status=ready")
    lines = re.findall(r'name="line" value="([^"]+)"', page)
    assert len(lines) > 10
    stale = [lines[0].split(":")[0] + ":99", *lines[1:]]
    # aiohttp sends a field as often as its value stands in a list of pairs.
    form = [("csrf", _proof(biller)), *(("line", each) for each in stale)]
    status, _ = await biller.ask("POST", f"{here}/approve", data=form, allow_redirects=False)
    assert status == 303
    _, page = await biller.get(biller.where)
    review = await reviewed(pool, north, billed.last.name, clock)
    assert review.statuses["approved"] == len(lines) - 1


def _proof(browser: Browser) -> str:
    from console.web.csrf import csrf_token  # noqa: PLC0415 - only here

    return csrf_token(browser.token)


async def closed(biller: Browser, month: str) -> tuple[int, str]:
    _, page = await biller.get(f"/billing/{month}/close")
    sent = {"etag": etag_in(page), "hold_rest": "Not looked at in time."}
    return await biller.send(f"/billing/{month}/close", sent)


async def test_a_month_is_closed_as_it_was_looked_at_and_its_hash_is_shown(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    biller = await api.browser(north, "biller")
    here = f"/billing/{billed.last.name}/close"
    _, page = await biller.get(here)
    assert "What will be frozen" in page
    etag = etag_in(page)
    status, page = await biller.send(here, {"etag": etag, "hold_rest": ""})
    assert status == 422
    assert "neither approved nor held" in faults_in(page)[0]
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
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    done = await furnished(pool, north, now=clock.now, locked=2)
    biller = await api.browser(north, "biller")
    here = f"/billing/{done.last.name}/adjustments"
    _, page = await biller.get(here)
    assert "Eaglesfield-Tor, Rosamund" in page
    assert "1 reading of 31 Oct 2026 arrived." in page
    assert page.index("99445") < page.index("99454")
    adjustment = await pool.fetchval("SELECT id FROM billing_adjustments")
    status, page = await biller.send(f"{here}/{adjustment}", {"do": "dismiss", "reason": ""})
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    auditor = await api.browser(north, "auditor")
    assert (await auditor.get(here))[0] == 200
    assert (await auditor.send(f"{here}/{adjustment}", {"do": "approve"}))[0] == 403
    assert (await biller.send(f"{here}/{adjustment}", {"do": "approve", "reason": ""}))[0] == 303
    _, page = await biller.get(f"/billing/{done.last.name}")
    assert "Version 2" in page
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


async def test_a_payer_is_added_and_changed_and_each_fault_stands_at_its_field(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    del billed
    admin = await api.browser(north, "admin")
    _, page = await admin.get("/billing/payers/new")
    policy = _policy_of(page)
    sent = policy | {
        "key": "Not A Key", "name": "Green Shield", "authority": "medicare", "filing_code": "CI",
        "claim_form": "837P", "corrects_by": "replacement",
    }  # fmt: skip
    status, page = await admin.send("/billing/payers/new", sent)
    assert status == 422
    assert faults_in(page) == ["Is small letters, digits and _, beginning with a letter."]
    assert 'value="Green Shield"' in page
    for change, words in (
        ({"name": ""}, "Must not be empty."),
        ({"authority": "nowhere"}, "There are no rules of"),
        ({"filing_code": "CIX"}, "Is two letters or digits"),
        ({"late_arrival_grace_days": "many"}, "Is a whole number up to 99."),
        ({"supply_dos": "tomorrow"}, "Choose one of the list."),
    ):
        status, page = await admin.send("/billing/payers/new", sent | {"key": "green"} | change)
        assert status == 422, change
        assert any(words.lower() in each.lower() for each in faults_in(page)), (change, page)
    assert (await admin.send("/billing/payers/new", sent | {"key": "green"}))[0] == 303
    where = admin.where
    status, page = await admin.send("/billing/payers/new", sent | {"key": "green"})
    assert status == 409
    change = sent | {"name": "Green Shield of New York", "max_99458_units": "1"}
    assert (await admin.send(where, change))[0] == 303
    _, page = await admin.get(where)
    assert "Green Shield of New York" in page
    kept = await pool.fetchval("SELECT policy FROM payers WHERE key = 'green'")
    assert kept == '{"max_99458_units": 1}'


def _policy_of(page: str) -> dict[str, str]:
    """What the form of a payer is filled with."""
    chosen = re.findall(
        r'<select[^>]* name="(\w+)".*?<option value="([^"]*)" selected', page, re.DOTALL
    )
    ticked = re.findall(r'type="checkbox" name="(\w+)" value="yes"[^>]* checked', page)
    numbers = re.findall(r'name="(\w+)" type="text" value="(\d*)"', page)
    return dict(chosen) | dict(numbers) | dict.fromkeys(ticked, "yes")


async def test_rules_of_a_payer_are_added_and_withdrawn_and_never_overlap(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    del billed
    admin = await api.browser(north, "admin")
    payer = await pool.fetchval("SELECT id FROM payers WHERE key = 'blue_harbour'")
    here = f"/billing/payers/{payer}"
    sent = {"code": "99457", "effective_from": "2026-01-01", "accepted": "no", "source": "letter"}
    for change, words in (
        ({"code": "994"}, "Is five characters"),
        ({"effective_from": "soon"}, "Is a date"),
        ({"effective_from": ""}, "Is needed"),
        ({"effective_to": "2025-12-31"}, "Lies before the first day"),
        ({"min_days": "31"}, "Is from 1 to 30"),
        ({"max_units": "x"}, "Is a whole number"),
        ({"diagnoses": "heart"}, "does not begin an ICD-10 code"),
        ({"modifiers": "GPX"}, "Is two letters or digits each"),
        ({"code": "99445", "effective_from": "2026-03-01"}, "end or withdraw that one first"),
    ):
        status, page = await admin.send(f"{here}/rules", sent | change)
        assert status == 422, change
        assert any(words.lower() in each.lower() for each in faults_in(page)), (change, page)
    assert (await admin.send(f"{here}/rules", sent))[0] == 303
    _, page = await admin.get(here)
    assert page.count("Not accepted") == 2
    rule = await pool.fetchval("SELECT id FROM payer_rules WHERE code = '99457'")
    withdraw = {"do": "withdraw", "rule": str(rule)}
    assert (await admin.send(f"{here}/rules", withdraw))[0] == 303
    assert (await admin.get(here))[1].count("Not accepted") == 1
    assert (await admin.send(f"{here}/rules", withdraw))[0] == 422
    biller = await api.browser(north, "biller")
    status, page = await biller.get(here)
    assert (status, "disabled" in page) == (200, True)
    assert (await biller.send(f"{here}/rules", sent))[0] == 403


async def test_a_fee_file_is_taken_in_whole_or_not_at_all(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    del billed
    admin = await api.browser(north, "admin")
    before = await pool.fetchval("SELECT count(*) FROM fees")
    sent = {"name": "Our fees", "effective_from": "2026-01-01", "payer": ""}
    bad = "code;amount\n99454;forty\n9;1.00\n99457;50.001\n99457;50.00\n99457;51.00\n"
    status, page = await admin.send("/billing/fees", sent | {"file": bad})
    assert status == 422
    for words in ("is no amount", "Is five characters", "more than two decimals", "twice"):
        assert words.lower() in page.lower(), words
    assert "99457;50.00" in page
    assert await pool.fetchval("SELECT count(*) FROM fees") == before
    status, page = await admin.send("/billing/fees", sent | {"file": "99454,46\n"})
    assert status == 422
    assert "names the columns" in page
    status, page = await admin.send("/billing/fees", sent | {"file": ""})
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    good = "\ufeffCode\tAmount\tCharge\n99454\t$1,046.00\t\n99457\t50\t120.50\n"
    assert (await admin.send("/billing/fees", sent | {"file": good}))[0] == 303
    _, page = await admin.get(admin.where)
    for words in ("$1,046.00", "$120.50"):
        assert words in page


async def test_the_practice_is_named_with_numbers_that_pass_their_checks(
    api: Api, north: Practice, billed: Billed
) -> None:
    del billed
    admin = await api.browser(north, "admin")
    sent = {
        "legal_name": "North Associates", "npi": "1999990009", "tax_id": "12-3456789",
        "taxonomy": "207RC0000X", "place_of_service": "11", "line_1": "1 Elm", "city": "Troy",
        "state": "ny", "zip_code": "12180-0001", "phone": "+1 202 555 0100", "second_person": "yes",
    }  # fmt: skip
    for change, words in (
        ({"npi": "1999990008"}, "check digit"),
        ({"tax_id": "12"}, "Is nine digits"),
        ({"taxonomy": "doctor"}, "Is ten characters"),
        ({"place_of_service": "office"}, "Is two digits"),
        ({"state": "New York"}, "Is two letters"),
        ({"zip_code": "1"}, "Is five or nine digits"),
        ({"city": ""}, "Must not be empty"),
        ({"phone": "call us"}, "Is no telephone number"),
    ):
        status, page = await admin.send("/billing/practice", sent | change)
        assert status == 422, change
        assert any(words.lower() in each.lower() for each in faults_in(page)), (change, page)
        assert "North Associates" in page
    assert (await admin.send("/billing/practice", sent))[0] == 303
    _, page = await admin.get("/billing/practice")
    assert 'value="121800001"' in page
    assert (await (await api.browser(north, "biller")).send("/billing/practice", sent))[0] == 403


async def test_practitioners_come_and_go(api: Api, north: Practice, billed: Billed) -> None:
    del billed
    admin = await api.browser(north, "admin")
    new = "/billing/practitioners/new"
    sent = {"family_name": "Ash", "given_name": "Bo", "npi": "1999990025", "credential": "NP"}
    status, page = await admin.send(new, sent | {"family_name": ""})
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    status, page = await admin.send(new, sent | {"npi": "1999990017"})
    assert status == 409
    assert "Belongs to somebody" in faults_in(page)[0]
    assert (await admin.send(new, sent))[0] == 303
    _, page = await admin.get("/billing/practice")
    (where,) = re.findall(r'href="(/billing/practitioners/[^"]+)">Change <[^>]+>Ash<', page)
    assert (await admin.send(where, sent | {"given_name": "Bea", "do": "save"}))[0] == 303
    assert (await admin.send(where, {"do": "retire"}))[0] == 303
    assert (await admin.send(where, {"do": "retire"}))[0] == 422


FORMS = (
    ("coverage", {"payer": "", "starts_on": "2026-01-01"}, "choose who pays"),
    ("coverage", {"payer": "*", "starts_on": ""}, "is needed"),
    ("coverage", {"payer": "*", "starts_on": "2026-09-01", "ends_on": "2026-08-01"}, "before the"),
    ("coverage", {"payer": "*", "starts_on": "2026-01-01", "member_id": "a b!"}, "letters and"),
    ("coverage", {"payer": "*", "starts_on": "2026-01-01", "rank": "1"}, "pays then already"),
    ("coverage-end", {"row": "", "ends_on": "2026-01-01"}, "names no coverage"),
    ("authorisation", {"coverage": "", "number": "A1"}, "choose whose"),
    ("address", {"line_1": "", "city": "Troy", "state": "NY", "zip_code": "12180"}, "must not be"),
    ("address", {"line_1": "1 Elm", "city": "Troy", "state": "N", "zip_code": "12180"}, "two let"),
    ("enrolment", {"service": "rpm", "starts_on": "2026-11-01"}, "end that first"),
    ("enrolment", {"service": "rtm", "starts_on": "2026-11-01"}, "must be one of"),
    ("enrolment", {"service": "ccm", "starts_on": "2026-11-01", "established_on": "2026-01-01"},
     "who was it"),
    ("enrolment", {"service": "CCM!", "starts_on": "2026-11-01"}, "short name"),
    ("statement", {"what": "magic", "on_day": "2026-11-01", "stated_by": "x"}, "must be one of"),
    ("statement", {"what": "care_plan", "on_day": "2026-11-01", "stated_by": ""}, "must not be"),
    ("other", {"code": "", "service": ""}, "is needed, or the service"),
    ("other", {"code": "98980", "first_on": "2026-11-01", "last_on": "2026-10-01"}, "before the"),
)  # fmt: skip


async def test_what_is_said_of_a_patient_is_refused_at_its_field_and_kept_as_typed(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    del billed
    biller = await api.browser(north, "biller")
    patient = await pool.fetchval("SELECT id FROM patients WHERE mrn = '600109'")
    payer = str(await pool.fetchval("SELECT id FROM payers WHERE key = 'riverbend'"))
    for name, form, words in FORMS:
        sent = {key: payer if value == "*" else value for key, value in form.items()}
        status, page = await biller.send(f"/billing/patients/{patient}/{name}", sent)
        assert status == 422, (name, form)
        assert words in page.lower(), (name, form)
    assert (await biller.send(f"/billing/patients/{patient}/dance", {}))[0] == 404


async def test_who_pays_and_what_somebody_is_enrolled_in_is_entered_and_ended(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    del billed
    biller = await api.browser(north, "biller")
    here = f"/billing/patients/{north.patient}"
    payer = str(await pool.fetchval("SELECT id FROM payers WHERE key = 'riverbend'"))
    doctor = str(await pool.fetchval("SELECT id FROM practitioners LIMIT 1"))
    good = (
        ("coverage", {"payer": payer, "starts_on": "2026-01-01", "member_id": "AB12 345"}),
        ("address", {"line_1": "1 Elm", "city": "Troy", "state": "ny", "zip_code": "12180"}),
        ("enrolment", {"service": "rpm", "starts_on": "2026-11-01", "practitioner_id": doctor,
                       "established_on": "2026-10-01", "established_by": "Dr. Ash"}),
        ("statement", {"what": "care_plan", "on_day": "2026-11-01", "stated_by": "Dr. Ash"}),
        ("other", {"code": "98980", "service": "rtm", "first_on": "2026-11-01", "note": "told"}),
    )  # fmt: skip
    for name, sent in good:
        assert (await biller.send(f"{here}/{name}", sent))[0] == 303, name
    _, page = await biller.get(here)
    for words in ("AB12345", "1 Elm", "Dr. Ash", "A care plan", "98980", "told"):
        assert words in page, words
    rows = {
        table: str(await pool.fetchval(f"SELECT id FROM {table} WHERE patient_id = $1",  # noqa: S608
                                       north.patient))
        for table in ("coverages", "service_enrolments", "attestations", "other_services")
    }  # fmt: skip
    later = (
        ("authorisation", {"coverage": rows["coverages"], "number": "PA-7", "codes": "99454, 99457",
                           "first_on": "2026-11-01"}),
        ("coverage-end", {"row": rows["coverages"], "ends_on": "2026-12-31"}),
        ("enrolment-change", {"row": rows["service_enrolments"], "starts_on": "2026-11-02",
                              "taught_on": "2026-11-02", "taught_by": "Bea"}),
        ("enrolment-end", {"row": rows["service_enrolments"], "ends_on": "2026-11-15",
                           "end_reason": "moved away"}),
        ("statement-withdraw", {"row": rows["attestations"]}),
        ("other-withdraw", {"row": rows["other_services"]}),
    )  # fmt: skip
    for name, sent in later:
        assert (await biller.send(f"{here}/{name}", sent))[0] == 303, name
    _, page = await biller.get(here)
    for words in ("PA-7", "31 Dec 2026", "moved away", "Bea"):
        assert words in page, words
    assert "98980" not in page
    nurse = await api.browser(north, "nurse")
    assert (await nurse.send(f"{here}/address", {}))[0] == 403
    sent = {"what": "care_plan", "on_day": "2026-11-01", "stated_by": "Bea"}
    assert (await nurse.send(f"{here}/statement", sent))[0] == 303
    auditor = await api.browser(north, "auditor")
    status, page = await auditor.get(here)
    assert (status, '<form method="post" action="/billing' in page) == (200, False)
    assert (await auditor.send(f"{here}/address", {}))[0] == 403


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
    form = [("csrf", _proof(biller)), *(("line", each) for each in lines)]
    await biller.ask("POST", f"{here}/approve", data=form, allow_redirects=False)
    assert (await closed(biller, billed.last.name))[0] == 303
    sent = {"kind": "837p", "purpose": "Claims"}
    status, page = await biller.send(f"{here}/exports", sent)
    assert status == 403
    assert "somebody else has to send them" in page
    assert (await admin.send(f"{here}/exports", sent))[0] == 303
    _, page = await admin.get(f"{here}/exports")
    assert "control number" in page
    assert (await reviewed(pool, north, billed.last.name, clock)).statuses["exported"] > 10


async def test_evidence_and_superbill_are_one_click_away(
    api: Api, north: Practice, billed: Billed, pool: Pool
) -> None:
    auditor = await api.browser(north, "auditor")
    line, _ = await line_in(pool, billed.earlier.name, "paid")
    _, page = await auditor.get(f"/billing/lines/{line}")
    assert f"/billing/lines/{line}/evidence" in page
    status, page = await auditor.get(f"/billing/lines/{line}/evidence")
    assert (status, "Evidence" in page) == (200, True)
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
    assert await pool.fetchval("SELECT count(*) FROM billing_adjustments") == 1
