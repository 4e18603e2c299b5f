"""Enrolling a patient, step by step, on pages as a browser without scripts has them."""

import asyncio
import datetime as dt
import re

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice

WHO = {
    "mrn": "N-100",
    "given_name": "Nora",
    "family_name": "New",
    "birth_date": "1950-03-05",
    "sex": "female",
    "phone": "+1 555 010 9999",
    "language": "en",
    "time_zone": "America/Chicago",
    "weight_unit": "lb",
    "glucose_unit": "mg/dL",
    "temperature_unit": "F",
    "allergies_asked": "yes",
    "allergies": "Latex",
}
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@pytest.fixture
async def nurse(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "nurse")


async def enrolled(nurse: Browser, **changes: str) -> str:
    """The path of a new patient."""
    status, text = await nurse.send("/patients/new", WHO | changes)
    assert status == 303, text
    assert nurse.where.endswith("/enrol/programme"), nurse.where
    return nurse.where.removesuffix("/enrol/programme")


async def with_programme(nurse: Browser, **changes: str) -> str:
    patient = await enrolled(nurse)
    status, text = await nurse.get(f"{patient}/enrol/programme?programme=hypertension-us")
    assert status == 200, text
    status, text = await nurse.send(f"{patient}/enrol/programme", fields(text) | changes)
    assert status == 303, text
    return patient


def fields(page: str) -> dict[str, str]:
    """What the forms of a page would send, as they stand."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        box = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and (not box or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    found.pop("csrf", None)
    return found


def consent(now: dt.datetime, **changes: str) -> dict[str, str]:
    at = now - dt.timedelta(days=1)
    return {
        "monitoring": "yes",
        "given_by": "patient",
        "method": "verbal",
        "given_on": f"{at:%Y-%m-%d}",
        "given_time": "10:30",
    } | changes


async def test_a_patient_is_enrolled_from_the_first_page_to_the_last(
    nurse: Browser, pool: Pool, north: Practice, clock: Clock
) -> None:
    status, text = await nurse.get("/patients/new")
    assert status == 200
    assert "Six short steps" in text
    patient = await with_programme(nurse)
    assert nurse.where == f"{patient}/enrol/order"
    status, text = await nurse.get(nurse.where)
    assert status == 200, text
    team = str(await pool.fetchval("SELECT id FROM users WHERE username = 'nurse@north'"))
    order = {"ordered_by": "Maria Ortiz, MD", "npi": "1234567893", "diagnoses": "I10, e11.65",
             "kinds": "blood_pressure", "team": team}  # fmt: skip
    status, text = await nurse.send(f"{patient}/enrol/order", order)
    assert (status, nurse.where) == (303, f"{patient}/enrol/consent"), text
    status, text = await nurse.get(nurse.where)
    assert "Nothing is monitored before consent" in text
    assert "not an emergency service" in text
    status, text = await nurse.send(f"{patient}/enrol/consent", consent(clock.now))
    assert (status, nurse.where) == (303, f"{patient}/enrol/kit"), text
    status, text = await nurse.send(
        f"{patient}/enrol/kit/hub", {"gateway": "new", "hub_label": "Kit 14"}
    )
    assert status == 303, text
    status, text = await nurse.send(f"{patient}/enrol/kit/code")
    assert status == 200
    code = re.search(r"gateway join --server (\S+) --code ([A-Z0-9-]{39})", text)
    assert code, text
    assert "the one-time code above is not shown again" in text
    assert '<svg role="img" viewBox=' in text
    assert "style=" not in text
    status, text = await nurse.get(f"{patient}/enrol/kit/state")
    assert "Waiting for the hub" in text
    status, text = await nurse.send(
        f"{patient}/enrol/kit/device",
        {"address": "a1:b2:c3:d4:e5:f6", "label": "Cuff 14", "passkey": "012345"},
    )
    assert status == 303, text
    status, text = await nurse.get(f"{patient}/enrol/ready")
    assert "Waiting for a first reading" in text
    status, text = await nurse.send(f"{patient}/enrol/ready")
    assert (status, nurse.where) == (303, patient), text
    row = await pool.fetchrow(
        "SELECT p.*, e.programme, v.programme AS plan, n.finished_at IS NOT NULL AS finished,"
        " d.passkey, d.gateway_id = n.gateway_id AS its_hub"
        " FROM patients p JOIN episodes e ON e.patient_id = p.id"
        " JOIN plan_versions v ON v.patient_id = p.id"
        " JOIN patient_enrolments n ON n.patient_id = p.id"
        " JOIN device_assignments a ON a.patient_id = p.id JOIN devices d ON d.id = a.device_id"
        " WHERE p.mrn = 'N-100'"
    )
    assert row is not None
    assert row["organisation_id"] == north.organisation
    assert (row["programme"], row["plan"]) == ("hypertension-us", "hypertension-us")
    assert (row["finished"], row["passkey"], row["its_hub"]) == (True, "012345", True)
    assert (row["phone"], row["allergies"]) == ("+1 555 010 9999", "Latex")


async def test_nothing_begins_before_consent(nurse: Browser, pool: Pool, clock: Clock) -> None:
    patient = await with_programme(nurse)
    for form in ({}, consent(clock.now) | {"monitoring": ""}):
        form.pop("monitoring", None)
        status, text = await nurse.send(f"{patient}/enrol/consent", form)
        assert status == 422
        assert "Without this consent nothing can be recorded" in text
    status, text = await nurse.send(f"{patient}/enrol/ready")
    assert status == 422
    assert "Monitoring has not begun" in text
    assert await pool.fetchval("SELECT count(*) FROM episodes") == 0
    assert await pool.fetchval("SELECT count(*) FROM plan_versions") == 0


async def test_consent_first_and_the_programme_after_begins_all_the_same(
    nurse: Browser, pool: Pool, clock: Clock
) -> None:
    patient = await enrolled(nurse)
    status, _ = await nurse.send(f"{patient}/enrol/consent", consent(clock.now))
    assert (status, nurse.where) == (303, f"{patient}/enrol/programme")
    assert await pool.fetchval("SELECT count(*) FROM episodes") == 0
    _, text = await nurse.get(f"{patient}/enrol/programme?programme=heart-failure")
    status, text = await nurse.send(f"{patient}/enrol/programme", fields(text))
    assert status == 303, text
    assert await pool.fetchval("SELECT programme FROM episodes") == "heart-failure"


async def test_everything_sent_twice_is_done_once(nurse: Browser, pool: Pool, clock: Clock) -> None:
    patient = await with_programme(nurse)
    status, _ = await nurse.send("/patients/new", WHO)
    assert (status, nurse.where) == (303, f"{patient}/enrol")
    order = {"ordered_by": "Maria Ortiz, MD", "kinds": "blood_pressure"}
    given = consent(clock.now, billing="yes")
    hand_out = {"address": "a1:b2:c3:d4:e5:f6"}
    for path, form in (("order", order), ("consent", given), ("kit/device", hand_out)):
        for _ in range(2):
            status, text = await nurse.send(f"{patient}/enrol/{path}", form)
            assert status == 303, text
    for _ in range(2):
        status, _ = await nurse.send(f"{patient}/enrol/ready")
        assert status == 303
    for table, count in (("orders", 1), ("consents", 2), ("episodes", 1), ("plan_versions", 1)):
        found = await pool.fetchval(
            f"SELECT count(*) FROM {table} JOIN patients p ON p.id = patient_id"  # noqa: S608
            " WHERE mrn = 'N-100'"
        )
        assert (table, found) == (table, count)


async def test_two_at_once_make_one_patient_of_a_number(
    api: Api, north: Practice, pool: Pool, nurse: Browser
) -> None:
    other = await api.browser(north, "clinician")
    answers = await asyncio.gather(
        nurse.send("/patients/new", WHO), other.send("/patients/new", WHO | {"given_name": "Nina"})
    )
    assert sorted(status for status, _ in answers) == [303, 422]
    refused = next(text for status, text in answers if status == 422)
    assert "another patient" in refused or "already" in refused
    assert await pool.fetchval("SELECT count(*) FROM patients WHERE mrn = 'N-100'") == 1


async def test_the_same_name_and_birthday_is_asked_about(nurse: Browser, pool: Pool) -> None:
    await enrolled(nurse)
    twin = WHO | {"mrn": "N-101", "given_name": "nora ", "family_name": "NEW"}
    status, text = await nurse.send("/patients/new", twin)
    assert status == 422
    assert "Is this the same person?" in text
    assert "MRN N-100" in text
    assert 'value="N-101"' in text
    status, text = await nurse.send("/patients/new", twin | {"another": "yes"})
    assert status == 303, text
    assert await pool.fetchval("SELECT count(*) FROM patients WHERE mrn LIKE 'N-10_'") == 2


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("mrn", "", "Must not be empty"),
        ("given_name", "x" * 201, "at most 200"),
        ("birth_date", "1889-12-31", "too far back"),
        ("birth_date", "2999-01-01", "ies in the future"),
        ("birth_date", "05/03/1950", "Is no day"),
        ("phone", "call me", "no telephone number"),
        ("phone", "12345", "7 to 15"),
        ("time_zone", "Mars/Olympus", "no IANA time zone"),
        ("sex", "'; DROP TABLE patients", "one of female"),
        ("weight_unit", "stone", "one of kg, lb"),
        ("allergies", "", "Say which"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_the_rest_stays(
    nurse: Browser, pool: Pool, field: str, typed: str, words: str
) -> None:
    status, text = await nurse.send("/patients/new", WHO | {field: typed})
    assert status == 422
    assert words.casefold() in text.casefold()
    assert "Nothing was saved" in text
    if field != "family_name":
        assert 'value="New"' in text
    assert await pool.fetchval("SELECT count(*) FROM patients WHERE given_name = 'Nora'") == 0


async def test_markup_in_a_name_is_shown_as_text_on_every_page(
    nurse: Browser, clock: Clock
) -> None:
    patient = await enrolled(nurse, given_name=XSS, family_name=XSS, allergies=XSS)
    await nurse.send(f"{patient}/enrol/kit/hub", {"gateway": "new", "hub_label": XSS})
    await nurse.send(f"{patient}/enrol/kit/device", {"address": "A1:B2:C3:D4:E5:F6", "label": XSS})
    await nurse.send(
        f"{patient}/enrol/consent",
        consent(clock.now, given_by="representative", representative=XSS, note=XSS),
    )
    pages = ["enrol/who", "enrol/programme", "enrol/order", "enrol/consent", "enrol/kit",
             "enrol/ready", "enrol/sheet", "edit", "care"]  # fmt: skip
    for path in pages:
        status, text = await nurse.get(f"{patient}/{path}")
        assert (path, status) == (path, 200), text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    status, text = await nurse.get("/patients/new")
    assert "<script>alert" not in text


async def test_who_may_enrol(api: Api, north: Practice, south: Practice, nurse: Browser) -> None:
    patient = await enrolled(nurse)
    for role in ("admin", "clinician"):
        status, _ = await (await api.browser(north, role)).get("/patients/new")
        assert (role, status) == (role, 200)
    for role in ("biller", "auditor", "patient", "caregiver"):
        browser = await api.browser(north, role)
        for path in ("/patients/new", f"{patient}/enrol/consent", f"{patient}/edit"):
            assert (role, path, (await browser.get(path))[0]) == (role, path, 403)
        status, _ = await browser.send("/patients/new", WHO)
        assert status == 403
    stranger = await api.browser(south, "nurse")
    for path in ("enrol", "enrol/programme", "enrol/kit", "enrol/sheet", "edit", "care"):
        assert (await stranger.get(f"{patient}/{path}"))[0] == 404
    status, _ = await stranger.send(f"{patient}/enrol/kit/code")
    assert status == 404


async def test_leaving_loses_nothing_and_going_back_shows_what_was_chosen(nurse: Browser) -> None:
    patient = await with_programme(nurse)
    _, text = await nurse.get("/patients/new")
    assert "Not finished yet" in text
    assert f"{patient}/enrol" in text
    _, text = await nurse.get("/patients")
    assert text.count("Enrolment not finished") == 1
    _, text = await nurse.get(f"{patient}/about")
    assert f'href="{patient}/care"' in text
    status, text = await nurse.get(f"{patient}/enrol")
    assert (status, nurse.where) == (200, f"{patient}/enrol/order")
    _, text = await nurse.get(f"{patient}/enrol/programme")
    assert "Choose another programme" in text
    status, text = await nurse.send(f"{patient}/enrol/who", WHO | {"given_name": "Norah"})
    assert status == 303, text
    _, text = await nurse.get(f"{patient}/enrol/order")
    assert "NEW, Norah" in text


async def test_personal_limits_need_a_reason_and_are_kept(nurse: Browser, pool: Pool) -> None:
    patient = await enrolled(nurse)
    _, text = await nurse.get(f"{patient}/enrol/programme?programme=hypertension-us")
    form = fields(text)
    name = next(key for key in form if key.startswith("limit."))
    form[name] = str(float(form[name]) - 5)
    status, text = await nurse.send(f"{patient}/enrol/programme", form)
    assert status == 422
    assert f'value="{form[name]}"' in text
    status, text = await nurse.send(
        f"{patient}/enrol/programme", form | {"reason": "frail, lower limits"}
    )
    assert status == 303, text
    kept = await pool.fetchval("SELECT overrides::text FROM patient_enrolments")
    assert f"{float(form[name]):g}" in kept
    status, text = await nurse.send(f"{patient}/enrol/programme", form | {name: "nonsense"})
    assert status == 422
    assert "Is no number" in text
    status, text = await nurse.send(f"{patient}/enrol/programme", form | {name: "nan"})
    assert status == 422


async def test_a_first_day_begins_where_the_patient_lives(
    nurse: Browser, pool: Pool, clock: Clock
) -> None:
    clock.now = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    # Sessions are older than that clock; what is looked at is the day, in Chicago.
    patient = await with_programme(nurse, starts_on="2026-03-08")
    status, text = await nurse.send(f"{patient}/enrol/consent", consent(clock.now))
    assert status == 303, text
    starts = await pool.fetchval("SELECT starts_at FROM episodes")
    assert starts == dt.datetime(2026, 3, 8, 6, tzinfo=dt.UTC)
    status, text = await nurse.get(f"{patient}/enrol/consent")
    assert "Monitoring begins" in text
