"""Payers, fees, the practice and who pays for whom, as pages."""

import re

from store.pool import Pool
from tests.integration.console.billing_home import Billed
from tests.integration.console.billing_pages import (
    billed,
    clock,
    faults_in,
)
from tests.integration.console.conftest import Api, Practice

__all__ = ["billed", "clock"]


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
        ({"filing_code": "CIX"}, "Must be two letters or digits"),
        ({"late_arrival_grace_days": "many"}, "Must be a whole number up to 99."),
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
        ({"code": "994"}, "Must be five characters"),
        ({"effective_from": "soon"}, "Must be a date"),
        ({"effective_from": ""}, "Is needed"),
        ({"effective_to": "2025-12-31"}, "Lies before the first day"),
        ({"min_days": "31"}, "Is from 1 to 30"),
        ({"max_units": "x"}, "Must be a whole number"),
        ({"diagnoses": "heart"}, "does not begin an ICD-10 code"),
        ({"modifiers": "GPX"}, "Must be two letters or digits each"),
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
    for words in ("is no amount", "Must be five characters", "more than two decimals", "twice"):
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
        ({"tax_id": "12"}, "Must be nine digits"),
        ({"taxonomy": "doctor"}, "Must be ten characters"),
        ({"place_of_service": "office"}, "Must be two digits"),
        ({"state": "New York"}, "Must be two letters"),
        ({"zip_code": "1"}, "Must be five or nine digits"),
        ({"city": ""}, "Must not be empty"),
        ({"phone": "call us"}, "Is no telephone number"),
    ):
        status, page = await admin.send("/billing/practice", sent | change)
        assert status == 422, change
        assert any(words.lower() in each.lower() for each in faults_in(page)), (change, page)
        assert "North Associates" in page
    assert (await admin.send("/billing/practice", sent))[0] == 303
    _, page = await admin.get("/billing/practice")
    assert 'value="12180-0001"' in page
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
