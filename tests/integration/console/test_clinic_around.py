"""What is kept of a patient, and what is done around them: changed with a reason, on record."""

import datetime as dt
import html
import re

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice
from tests.integration.console.test_clinic_enrolment import WHO, consent, enrolled, with_programme

GIVEN = {"given_by": "patient", "method": "written"}


@pytest.fixture
async def nurse(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "nurse")


async def test_a_record_is_changed_with_a_reason_and_the_history_says_so(
    nurse: Browser, pool: Pool
) -> None:
    patient = await enrolled(nurse)
    changed = WHO | {"family_name": "Newer", "phone": "", "allergies_asked": "none",
                     "allergies": "", "birth_date": ""}  # fmt: skip
    status, text = await nurse.send(f"{patient}/edit", changed)
    assert (status, "Say why" in text) == (422, True)
    assert 'value="Newer"' in text
    status, text = await nurse.send(f"{patient}/edit", changed | {"reason": "married"})
    assert status == 303, text
    _, text = await nurse.get(f"{patient}/edit")
    assert "Why: married" in text
    assert "Family name: New → Newer" in text
    assert "Telephone: +1 555 010 9999 → not known" in text
    row = await pool.fetchrow("SELECT * FROM patients WHERE mrn = 'N-100'")
    assert row is not None
    assert (row["phone"], row["birth_date"], row["allergies"]) == (None, None, "None known")
    await nurse.send(f"{patient}/edit", changed | {"reason": "again"})
    changes = await pool.fetchval(
        "SELECT count(*) FROM care_changes WHERE what = 'patient changed'"
    )
    assert changes == 1


async def test_a_form_that_was_opened_before_a_colleagues_change_undoes_nothing_of_it(
    nurse: Browser, pool: Pool
) -> None:
    def base_in(page: str) -> str:
        found = re.search(r'name="base" value="([^"]+)"', page)
        assert found
        return html.unescape(found[1])

    async def kept() -> tuple[str, ...]:
        row = await pool.fetchrow("SELECT phone, sex, allergies FROM patients WHERE mrn = 'N-100'")
        assert row is not None
        return tuple(row)

    patient = await enrolled(nurse)
    edit = f"{patient}/edit"
    opened = WHO | {"base": base_in((await nurse.get(edit))[1]), "reason": "he said so"}
    allergic = {"allergies_asked": "yes", "allergies": "Penicillin"}
    called = {"phone": "+1 555 010 7777"}
    assert (await nurse.send(edit, opened | allergic | called))[0] == 303
    # Of what this one did not touch it undoes nothing, even where a fault sends the page again.
    status, text = await nurse.send(edit, opened | {"sex": "other", "reason": ""})
    assert (status, 'value="+1 555 010 7777"' in text, "On record now" in text) == (
        422,
        True,
        False,
    )
    assert (await nurse.send(edit, opened | {"sex": "other"}))[0] == 303
    assert await kept() == ("+1 555 010 7777", "other", "Penicillin")
    # The first step of enrolling sends the same fields.
    assert (await nurse.send(f"{patient}/enrol/who", opened))[0] == 303
    assert await kept() == ("+1 555 010 7777", "other", "Penicillin")
    # What both changed is asked about, and nothing else.
    another = opened | {"phone": "+1 555 010 8888", "sex": "other"}
    for where in (edit, f"{patient}/enrol/who"):
        status, text = await nurse.send(where, another)
        assert (status, "A colleague has changed this record" in text) == (412, True)
        assert "You have: +1 555 010 8888. On record now: +1 555 010 7777." in text
        assert text.count("On record now") == 2  # On top, and at its field.
        assert 'value="Penicillin"' in text
    # Having seen it, they can say so.
    again = another | allergic | {"base": base_in(text)}
    assert (await nurse.send(edit, again))[0] == 303
    assert await kept() == ("+1 555 010 8888", "other", "Penicillin")


async def test_another_patients_number_is_refused(nurse: Browser) -> None:
    patient = await enrolled(nurse)
    status, text = await nurse.send(f"{patient}/edit", WHO | {"mrn": "0", "reason": "typo"})
    assert (status, "there is a patient with number" in text.casefold()) == (422, True)


async def test_members_join_and_leave(nurse: Browser, pool: Pool) -> None:
    patient = await enrolled(nurse)
    person = str(await pool.fetchval("SELECT id FROM users WHERE username = 'clinician@north'"))
    for _ in range(2):
        status, text = await nurse.send(f"{patient}/care/team", {"team": person})
        assert status == 303, text
    _, text = await nurse.get(f"{patient}/care")
    found = re.search(r"/care/team/([0-9a-f-]{36})/end", text)
    assert found
    assert await pool.fetchval("SELECT count(*) FROM care_team") == 1
    path = f"{patient}/care/team/{found[1]}/end"
    clock_moves = await nurse.send(path, {"reason": "on leave"})
    assert clock_moves[0] in (303, 422)
    stranger = str(await pool.fetchval("SELECT id FROM users WHERE username = 'biller@north'"))
    for who in (stranger, "nobody", ""):
        status, _ = await nurse.send(f"{patient}/care/team", {"team": who})
        assert status == 422


async def test_a_consent_is_withdrawn_and_monitoring_ends_with_it(
    nurse: Browser, pool: Pool, clock: Clock
) -> None:
    patient = await with_programme(nurse)
    await nurse.send(f"{patient}/enrol/consent", consent(clock.now))
    clock.now += dt.timedelta(minutes=5)
    _, text = await nurse.get(f"{patient}/care")
    found = re.search(r"/care/consents/([0-9a-f-]{36})/withdraw", text)
    assert found
    path = f"{patient}/care/consents/{found[1]}/withdraw"
    status, text = await nurse.send(path, {"reason": "moves abroad", "end": "yes"})
    assert status == 303, text
    assert await pool.fetchval("SELECT end_reason FROM episodes") == "patient_request"
    assert await pool.fetchval("SELECT effective_to FROM plan_versions") is not None
    status, text = await nurse.send(path, {"end": "yes"})
    assert (status, "withdrawn already" in text) == (422, True)
    _, text = await nurse.get(f"{patient}/care")
    assert "Withdrawn" in text


async def test_orders_episodes_and_devices_begin_and_end(
    nurse: Browser, pool: Pool, clock: Clock
) -> None:
    patient = await with_programme(nurse)
    await nurse.send(f"{patient}/enrol/consent", consent(clock.now))
    order = {"ordered_by": "Maria Ortiz, MD", "kinds": "weight", "npi": "1234567890"}
    status, text = await nurse.send(f"{patient}/care/orders", order)
    assert (status, "check digit" in text) == (422, True)
    assert 'value="Maria Ortiz, MD"' in text
    status, text = await nurse.send(f"{patient}/care/orders", order | {"npi": "1234567893"})
    assert status == 303, text
    status, text = await nurse.send(
        f"{patient}/care/orders", order | {"npi": "", "diagnoses": "heart trouble"}
    )
    assert (status, "ICD-10" in text) == (422, True)
    cuff = {"address": "A1:B2:C3:D4:E5:F6", "slot": "1", "udi": "(01)09506000134352(21)7"}
    status, text = await nurse.send(f"{patient}/care/devices", cuff | {"udi": "0950600013435"})
    assert (status, "last digit does not fit" in text) == (422, True)
    assert 'value="0950600013435"' in text
    status, text = await nurse.send(f"{patient}/care/devices", cuff)
    assert status == 303, text
    assert await pool.fetchval("SELECT udi FROM device_udis") == cuff["udi"]
    status, text = await nurse.send(f"{patient}/care/devices", cuff | {"udi": "9506000134352"})
    assert (status, "Compare label and address" in text) == (422, True)
    clock.now += dt.timedelta(minutes=5)
    _, text = await nurse.get(f"{patient}/care")
    for what, form in (
        ("orders", {"reason": "done"}),
        ("episodes", {"reason": "goals_met", "note": "well"}),
    ):
        found = re.search(rf"/care/{what}/([0-9a-f-]{{36}})/end", text)
        assert found, what
        status, answer = await nurse.send(f"{patient}/care/{what}/{found[1]}/end", form)
        assert status == 303, answer
    found = re.search(r"/care/devices/([0-9a-f-]{36})/back", text)
    assert found
    back = f"{patient}/care/devices/{found[1]}/back"
    status, answer = await nurse.send(back, {"slot": "2"})
    assert (status, "not with this patient" in answer) == (422, True)
    status, answer = await nurse.send(back, {"slot": "1", "reason": "broken"})
    assert status == 303, answer
    for table in ("orders", "episodes", "device_assignments"):
        open_ones = await pool.fetchval(
            f"SELECT count(*) FROM {table} JOIN patients p ON p.id = patient_id"  # noqa: S608
            " WHERE mrn = 'N-100' AND ends_at IS NULL"
        )
        assert (table, open_ones) == (table, 0)


async def test_consents_are_recorded_by_kind(nurse: Browser, pool: Pool, clock: Clock) -> None:
    patient = await enrolled(nurse)
    at = {"given_on": f"{clock.now - dt.timedelta(days=2):%Y-%m-%d}", "given_time": "09:00"}
    status, text = await nurse.send(f"{patient}/care/consents", GIVEN | at)
    assert (status, "tick at least one" in text.casefold()) == (422, True)
    for _ in range(2):
        status, text = await nurse.send(
            f"{patient}/care/consents", GIVEN | at | {"kinds": "messages"}
        )
        assert status == 303, text
    status, text = await nurse.send(
        f"{patient}/care/consents", GIVEN | at | {"kinds": "everything"}
    )
    assert status == 422
    assert await pool.fetchval("SELECT count(*) FROM consents") == 1


async def test_readers_look_and_change_nothing(api: Api, north: Practice, nurse: Browser) -> None:
    patient = await enrolled(nurse)
    for role in ("biller", "auditor"):
        browser = await api.browser(north, role)
        status, text = await browser.get(f"{patient}/care")
        assert (role, status) == (role, 200)
        assert "<form" not in text.replace('<form method="post" action="/sign-out"', "")
        for path in ("team", "consents", "orders", "devices"):
            status, _ = await browser.send(f"{patient}/care/{path}", {})
            assert (role, path, status) == (role, path, 403)
    for role in ("patient", "caregiver"):
        browser = await api.browser(north, role)
        assert (await browser.get(f"{patient}/care"))[0] == 403


async def test_of_a_reason_that_is_refused_the_audit_log_keeps_a_line(
    nurse: Browser, north: Practice, pool: Pool
) -> None:
    """Nothing is ever taken out of it."""
    form = WHO | {"mrn": "0", "reason": "\u202etyped\nhere " + "x" * 60_000}
    status, _ = await nurse.send(f"/patients/{north.patient}/edit", form)
    assert status == 422
    kept = await pool.fetchval("SELECT reason FROM audit WHERE route LIKE 'POST %/edit'")
    assert kept == f" typed here {'x' * 488}"
