"""Claim details after the lock, on pages and over the API: corrected, found, decided about."""

import datetime as dt
import re
from typing import Any
from urllib.parse import unquote

import pytest
from msgspec.structs import replace

from billing.months.records import Status
from billing.months.statuses import move
from billing.parties.coverage import set_address
from store.pool import Pool
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, of_practice
from tests.integration.billing.correcting import patient_of, to_another_payer
from tests.integration.billing.exporting import HOME, furnished, locked
from tests.integration.console.conftest import Api, Clock, Practice

MONTH = f"/billing/months/{OCTOBER}"
HERE = f"/billing/{OCTOBER}/adjustments"
LATER = NOW + dt.timedelta(days=2)


@pytest.fixture
def clock() -> Clock:
    return Clock(now=LATER)


@pytest.fixture
async def clinic(pool: Pool, north: Practice) -> Any:
    async with pool.acquire() as conn:
        made = await of_practice(conn, north.organisation, north.username)
        await furnished(made, patients=2)
        await locked(made)
        yield made


async def test_a_biller_corrects_a_member_number_and_somebody_else_approves(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    biller, admin = await api.browser(north, "biller"), await api.browser(north, "admin")
    patient = await clinic.conn.fetchval("SELECT id FROM patients WHERE family_name = 'Able 0'")
    cover = await clinic.conn.fetchval("SELECT id FROM coverages WHERE patient_id = $1", patient)
    line = await clinic.conn.fetchval(
        "SELECT id FROM billing_lines WHERE patient_id = $1 LIMIT 1", patient
    )
    _, page = await biller.get(f"/billing/lines/{line}")
    assert "What its claim says" in page
    for words in ("1EG4TE5MK73", "NY 12207-0001", "Female"):
        assert words in page
    form = {"row": str(cover), "payer": str(clinic.payer), "member_id": "9AA9AA9AA99"}
    there = f"/billing/patients/{patient}/coverage-correct"
    status, page = await biller.send(there, {**form, "reason": ""})
    assert status == 422
    assert 'value="9AA9AA9AA99"' in page
    assert (await biller.send(there, {**form, "reason": "one letter was wrong"}))[0] == 303
    _, page = await biller.get(HERE)
    for words in (
        "Other details of the claim", "Member number", "1EG4TE5MK73", "9AA9AA9AA99", "by ",
        "Coverage corrected", "Until then every claim says what was locked",
    ):  # fmt: skip
        assert words in page
    _, page = await biller.get(f"/billing/lines/{line}")
    assert "waits for a decision" in page
    assert "9AA9AA9AA99" not in page
    adjustment = await clinic.conn.fetchval("SELECT id FROM billing_adjustments")
    status, page = await biller.send(f"{HERE}/{adjustment}", {"do": "approve", "reason": ""})
    assert status == 403
    assert "change of your own" in page
    assert (await admin.send(f"{HERE}/{adjustment}", {"do": "approve", "reason": ""}))[0] == 303
    _, page = await biller.get(f"/billing/lines/{line}")
    assert "9AA9AA9AA99" in page
    assert "version 2 of the month" in page
    assert "Other details: member number" in page
    _, page = await biller.get(f"/billing/{OCTOBER}")
    assert "Version 2, locked again" in page
    assert "Locked first" in page


async def test_a_number_that_is_none_of_medicares_is_saved_and_doubted(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    biller = await api.browser(north, "biller")
    row = await clinic.conn.fetchrow("SELECT id, patient_id FROM coverages LIMIT 1")
    assert row is not None
    here = f"/billing/patients/{row['patient_id']}"
    form = {"row": str(row["id"]), "payer": str(clinic.payer), "reason": "as on the card"}
    for number, doubted in (("9AA9-AA9-AA99", False), ("123456789A", True)):
        sent = await biller.send(f"{here}/coverage-correct", {**form, "member_id": number})
        assert sent[0] == 303
        told = unquote(biller.headers["Set-Cookie"])
        assert ("has not the form of a Medicare number" in told) is doubted
        _, page = await biller.get(here)
        assert number.replace("-", "") in page


async def test_what_one_change_does_to_many_is_decided_about_once(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    del clinic
    biller, admin = await api.browser(north, "biller"), await api.signed_in(north, "admin")
    _, told = await api.get("/billing/practice", admin)
    told["npi"] = "1245319599"
    changed = await api.ask("PUT", "/billing/practice", token=admin, json={"profile": told})
    assert changed[0] == 200
    _, page = await biller.get(HERE)
    assert "2 patients" in page
    assert "Approve for all 2" in page
    assert page.count('id="t-') == 0
    _, page = await biller.get(f"{HERE}?each=yes")
    assert page.count('id="t-') == 2
    _, found = await api.get(f"{MONTH}/adjustments", admin)
    items = found["items"]
    assert {each["direction"] for each in items} == {"details"}
    assert items[0]["details"][0]["label"] == "Billing NPI"
    body = {"adjustments": [each["id"] for each in items]}
    status, refused = await api.post("/billing/adjustments/approve", body, admin)
    assert (status, "change of your own" in str(refused)) == (403, True)
    status, refused = await api.post("/billing/adjustments/dismiss", body, admin)
    assert status == 422
    form = {"alike": items[0]["alike"], "of": "3", "do": "approve", "reason": ""}
    status, page = await biller.send(HERE, form)
    assert status == 409
    assert "look again" in page
    status, page = await biller.send(HERE, {**form, "of": "2", "do": "dismiss"})
    assert status == 422
    assert (await biller.send(HERE, {**form, "of": "2"}))[0] == 303
    _, page = await biller.get(HERE)
    assert page.count("Version 2 of the month") == 2
    _, month = await api.get(MONTH, admin)
    assert month["head"]["version"] == 2
    assert month["head"]["first_locked_at"] < month["head"]["locked_at"]


async def test_coverage_and_order_are_corrected_over_the_api_and_on_the_page(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    biller = await api.signed_in(north, "biller")
    patient = await clinic.conn.fetchval("SELECT id FROM patients WHERE family_name = 'Able 0'")
    _, told = await api.get(f"/patients/{patient}/coverages", biller)
    (cover,) = told["items"]
    where = f"/patients/{patient}/coverages/{cover['id']}/correct"
    body = {"payer": cover["payer"], "member_id": "9AA9AA9AA99"}
    status, refused = await api.post(where, body, biller)
    assert (status, "reason" in str(refused)) == (422, True)
    status, told = await api.post(where, {**body, "reason": "a letter"}, biller)
    assert (status, told["items"][0]["member_id"]) == (200, "9AA9AA9AA99")
    admin, nurse = await api.signed_in(north, "admin"), await api.browser(north, "nurse")
    order = await clinic.conn.fetchval("SELECT id FROM orders WHERE patient_id = $1", patient)
    where = f"/patients/{patient}/orders/{order}/correct"
    body = {"ordered_by": "Maria Lopez", "npi": "1003000126", "diagnoses": ["I11.0"]}
    assert (await api.post(where, body, admin))[0] == 422
    status, told = await api.post(where, {**body, "reason": "another code"}, admin)
    assert (status, told["npi"], told["diagnoses"]) == (200, "1003000126", ["I11.0"])
    assert (await api.post(where, {**body, "reason": "x"}, biller))[0] == 403
    there = f"/patients/{patient}/care/orders/{order}/correct"
    form = {"ordered_by": "Maria Lopez", "npi": "1003000126", "diagnoses": "I11.0, E11.65"}
    assert (await nurse.send(there, {**form, "reason": ""}))[0] == 422
    assert (await nurse.send(there, {**form, "reason": "two of them"}))[0] == 303
    _, found = await api.get(f"{MONTH}/adjustments", biller)
    waiting = [each for each in found["items"] if each["decision"] is None]
    said = {
        tuple(sorted({cause["by_name"] for cause in waits["causes"]})): (
            {each["name"]: each["now"] for each in waits["details"]},
            {cause["kind"] for cause in waits["causes"]},
        )
        for waits in waiting
    }
    ordered = {"ordering": "Maria Lopez, NPI 1003000126", "diagnoses": "I11.0, E11.65"}
    assert said == {
        ("biller@north",): ({"member_id": "9AA9AA9AA99"}, {"coverage corrected"}),
        ("admin@north", "nurse@north"): (ordered, {"order corrected"}),
    }
    assert len(waiting) == len(said)


async def test_the_way_to_another_payer_stands_on_the_page_until_the_first_has_denied_it(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    patient, who = await patient_of(clinic), clinic.people["biller"]
    rows = await clinic.conn.fetch(
        "SELECT id, code FROM billing_lines WHERE patient_id = $1 ORDER BY code", patient
    )
    lines = [row["id"] for row in rows]
    for to, claim in ((Status.EXPORTED, None), (Status.PAID, "C-17")):
        await move(
            clinic.conn, clinic.id, lines, to, actor=who, now=NOW, claim_number=claim
        )  # fmt: skip
    await to_another_payer(clinic)
    admin, token = await api.browser(north, "admin"), await api.signed_in(north, "admin")
    _, page = await admin.get(HERE)
    for words in (
        "Medicare still has a claim for these lines, so they go to Blue later.",
        "Have Medicare take the claim back", "their claim C-17: say at the line that it is denied",
        f"/billing/lines/{lines[0]}", "Leave as locked",
    ):  # fmt: skip
        assert words in page
    assert 'value="approve"' not in page
    assert "go again as a replacement" not in page
    _, told = await api.get(f"{MONTH}/adjustments", token)
    (waits,) = told["items"]
    assert [each["code"] for each in waits["first_payer_has"]] == [row["code"] for row in rows]
    await move(
        clinic.conn, clinic.id, lines, Status.DENIED, actor=who, now=LATER, reason="taken back"
    )  # fmt: skip
    _, page = await admin.get(HERE)
    assert "Approved, lines go to Blue as a new claim" in page
    sent = await admin.send(f"{HERE}/{waits['id']}", {"do": "approve", "reason": ""})
    assert sent[0] == 303


async def test_adjustments_come_in_pages_and_say_what_differs_as_people_read_it(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    patient = await patient_of(clinic)
    await clinic.conn.execute("UPDATE patients SET birth_date = '1950-02-04', sex = 'male'"
                              " WHERE id = $1", patient)  # fmt: skip
    await set_address(
        clinic.conn, clinic.id, patient, replace(HOME, zip_code="122071234"),
        actor=clinic.people["biller"], now=NOW,
    )  # fmt: skip
    biller, token = await api.browser(north, "biller"), await api.signed_in(north, "biller")
    _, page = await biller.get(HERE)
    for words in ("NY 12207-0001", "NY 12207-1234", "3 Feb 1950", "4 Feb 1950", "Female", "Male"):
        assert words in page
    assert "122071234" not in page
    assert "Older ones" not in page
    # As many as a change of many patients leaves, each different; some decided about.
    await clinic.conn.execute(
        "INSERT INTO billing_adjustments (organisation_id, month_id, patient_id, month_version,"
        " direction, removed, added, before_sha256, after_sha256, after_body, causes, found_at,"
        " details) SELECT organisation_id, month_id, patient_id, month_version, 'up', removed,"
        " added, before_sha256, n::text, after_body, causes,"
        " found_at - n / 2 * INTERVAL '1 s', '[]'"
        " FROM billing_adjustments, generate_series(1, 59) n"
    )
    await clinic.conn.execute(
        "INSERT INTO billing_adjustment_decisions (adjustment_id, organisation_id, decision,"
        " reason, decided_at) SELECT id, organisation_id, 'dismissed', 'x', found_at"
        " FROM billing_adjustments WHERE length(after_sha256) = 1"
    )
    shown, here = [], HERE
    while here:
        _, page = await biller.get(here)
        shown.append(re.findall(r'id="a-([^"]+)"', page))
        older = re.search(r'href="([^"]+)">Older ones', page)
        here = "" if older is None else older[1].replace("&amp;", "&")
    assert [len(each) for each in shown] == [25, 25, 10]
    each = [name for those in shown for name in those]
    # Each once, those that wait first; over the API the same.
    assert len(set(each)) == 60
    listed: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        _, told = await api.get(f"{MONTH}/adjustments", token, limit="17", **cursor)
        listed += [one["id"] for one in told["items"]]
        if told["next"] is None:
            break
        cursor = {"cursor": told["next"]}
    assert listed == each
    decided = await clinic.conn.fetch("SELECT adjustment_id FROM billing_adjustment_decisions")
    assert set(each[-9:]) == {str(row["adjustment_id"]) for row in decided}
    for wrong in ({"cursor": "x"}, {"limit": "0"}):
        assert (await api.get(f"{MONTH}/adjustments", token, **wrong))[0] == 400
    # What is refused is told where it was asked, and what is decided leads back there.
    _, page = await biller.get(HERE)
    second = re.search(r"cursor=([^\"&]+)", page)
    assert second is not None
    form = {"do": "dismiss", "reason": "", "cursor": second[1]}
    status, page = await biller.send(f"{HERE}/{shown[1][0]}", form)
    assert (status, shown[1][0] in page) == (422, True)
    status, _ = await biller.send(f"{HERE}/{shown[1][0]}", {**form, "reason": "as it was"})
    assert (status, biller.where) == (303, f"{HERE}?cursor={second[1]}")
