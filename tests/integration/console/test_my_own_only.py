"""The patient's pages show their own and nobody else's, and say who has looked."""

import datetime as dt

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.my_home import Home
from tests.integration.console.test_my_pages import NOON, PAGES, plain


@pytest.fixture
def home(pool: Pool, north: Practice, clock: Clock) -> Home:
    clock.now = NOON
    return Home(pool=pool, practice=north, now=NOON)


@pytest.mark.parametrize("role", ["patient", "caregiver"])
async def test_nobody_sees_another_patient_by_any_address(api: Api, home: Home, role: str) -> None:
    other = home.practice.other_patient
    await home.measured("blood_pressure", NOON, patient=other, systolic=111.0, diastolic=66.0)
    browser = await api.browser(home.practice, role)
    for path in (
        f"/my?patient={other}", f"/my/readings?patient={other}&id={other}",
        f"/my/readings?kind=blood_pressure&patient_id={other}", f"/my/how?patient={other}",
    ):  # fmt: skip
        _, html = await browser.get(path)
        assert "111" not in plain(html)
        assert "Ben" not in plain(html)
    token = await api.signed_in(home.practice, role)
    for path in ("", "/readings"):
        status, _ = await api.get(f"/patients/{other}{path}", token)
        assert status == 404
    status, _ = await browser.get(f"/patients/{other}")
    assert status in {403, 404}


@pytest.mark.parametrize("role", ["nurse", "admin", "biller", "auditor", "clinician"])
async def test_these_pages_are_for_patients_and_theirs(api: Api, home: Home, role: str) -> None:
    browser = await api.browser(home.practice, role)
    for path in PAGES:
        status, _ = await browser.get(path)
        assert status == 403


async def test_a_look_is_written_down_and_the_patient_reads_who(
    api: Api, home: Home, pool: Pool
) -> None:
    caregiver = await api.browser(home.practice, "caregiver")
    await caregiver.get("/my")
    nurse = await api.signed_in(home.practice, "nurse")
    await api.get(f"/patients/{home.patient}", nurse)
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM audit WHERE patients @> ARRAY[$1::uuid]", home.patient
        )
        == 2
    )
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my/people")
    looks = plain(html[html.index("Who looked at my record") :])
    assert home.practice.username("caregiver") in looks
    assert "Someone you let in" in looks
    assert home.practice.username("nurse") in looks
    assert "Nurse" in looks
    assert home.practice.username("patient") not in looks


async def test_the_pulse_changes_with_a_reading_and_keeps_no_session_alive(
    api: Api, home: Home, clock: Clock
) -> None:
    browser = await api.browser(home.practice, "patient")
    status, before = await browser.get("/my/pulse")
    assert status == 200
    await home.measured("blood_pressure", NOON, systolic=118.25, diastolic=76.0)
    _, after = await browser.get("/my/pulse")
    assert before != after
    assert "118.25" not in after
    for _ in range(8):
        clock.now += dt.timedelta(minutes=4)
        await browser.get("/my/pulse")
    status, _ = await browser.get("/my/pulse", allow_redirects=False)
    assert status in {303, 401}


async def test_the_pulse_is_for_patients_and_theirs(api: Api, home: Home) -> None:
    browser = await api.browser(home.practice, "nurse")
    status, _ = await browser.get("/my/pulse")
    assert status == 403


async def test_the_middle_of_the_page_can_be_fetched_by_itself(api: Api, home: Home) -> None:
    await home.measured("blood_pressure", NOON, systolic=118.0, diastolic=76.0)
    browser = await api.browser(home.practice, "patient")
    status, html = await browser.get("/my", headers={"X-Fragment": "1"})
    assert status == 200
    assert "118/76" in plain(html)
    assert "<html" not in html


async def test_a_caregiver_is_told_whose_readings_these_are_and_cannot_invite(
    api: Api, home: Home
) -> None:
    browser = await api.browser(home.practice, "caregiver")
    for path in PAGES[:4]:
        status, html = await browser.get(path)
        assert status == 200
        assert "You are looking at the readings of Ada." in plain(html)
        assert "No one watches these readings" in plain(html)
        assert "/my/people" not in html
    status, _ = await browser.get("/my/people")
    assert status == 403
    status, _ = await browser.send("/my/people", {"name": "Eve", "relation": "friend"})
    assert status == 403
