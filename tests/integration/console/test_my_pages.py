"""The patient's pages, as a browser without scripts gets them."""

import datetime as dt
import re

import pytest

from console.my.words import catalogue
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.my_home import Home

# Sunday, 22 November 2026, 1:30 PM in New York.
NOON = dt.datetime(2026, 11, 22, 18, 30, tzinfo=dt.UTC)
PAGES = ("/my", "/my/readings", "/my/how", "/my/help", "/my/people")


@pytest.fixture
def home(pool: Pool, north: Practice, clock: Clock) -> Home:
    clock.now = NOON
    return Home(pool=pool, practice=north, now=NOON)


def plain(html: str) -> str:
    """What somebody reads, in a line."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    bare = bare.replace("<wbr>", "")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare)).replace(" ,", ",")


async def reach(pool: Pool, practice: Practice) -> None:
    await pool.execute(
        "UPDATE organisations SET phone = '+1 555 0100', emergency_number = '911' WHERE id = $1",
        practice.organisation,
    )


async def test_the_first_page_answers_with_the_number_the_word_when_and_what_to_do(
    api: Api, home: Home
) -> None:
    await home.plan("hypertension-us")
    at = NOON - dt.timedelta(hours=5)
    await home.measured("blood_pressure", at, systolic=118.0, diastolic=76.0, pulse=70.0)
    browser = await api.browser(home.practice, "patient")
    status, html = await browser.get("/my")
    assert status == 200
    text = plain(html)
    for part in (
        "Hello, Ada", "118/76", "118 over 76", "mmHg", "In your range", "Today, Sunday, 8:30 AM",
        "Nothing more to do", "Your clinic has it. It came in: Today, Sunday, 8:31 AM",
        "Your nurse can see it", "Morning, 4:00 AM to noon", "1 of 2 done", "Evening",
        "Your next one: Today from 5:00 PM", "No one watches your readings day and night",
    ):  # fmt: skip
        assert part in text, part
    assert "Pulse 70" in text


async def test_out_of_range_comes_with_the_telephone_and_the_emergency_number(
    api: Api, home: Home, pool: Pool
) -> None:
    await reach(pool, home.practice)
    await home.plan("hypertension-us")
    at = NOON - dt.timedelta(hours=5)
    await home.measured("blood_pressure", at, systolic=184.0, diastolic=96.0)
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    block = html[html.index('class="card kind out"') : html.index("Plan for today")]
    assert 'href="tel:+15550100"' in block
    assert 'href="tel:911"' in block
    assert "If you feel unwell, call 911." in plain(block)
    assert "Very high" in plain(block)
    assert "#up" in block  # The sign beside the word.


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (dt.timedelta(days=1), "Call your clinic now."),
        (dt.timedelta(days=1, seconds=1), "This one is more than a day old."),
    ],
)
async def test_an_old_number_asks_for_a_new_one_and_not_for_hurry(
    api: Api, home: Home, age: dt.timedelta, said: str
) -> None:
    await home.plan("hypertension-us")
    await home.measured("blood_pressure", NOON - age, systolic=184.0, diastolic=96.0)
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    assert said in plain(html)


async def test_without_numbers_of_the_clinic_it_still_says_whom_to_call(
    api: Api, home: Home
) -> None:
    await home.plan("hypertension-us")
    at = NOON - dt.timedelta(hours=5)
    await home.measured("blood_pressure", at, systolic=184.0, diastolic=96.0)
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    assert "call your local emergency number" in plain(html)
    assert "Use the phone number that your clinic gave you" in plain(html)


async def test_it_says_whether_a_nurse_has_looked(api: Api, home: Home) -> None:
    await home.plan("hypertension-us")
    at = NOON - dt.timedelta(hours=5)
    reading = await home.measured("blood_pressure", at, systolic=184.0, diastolic=96.0)
    made = await home.alert(reading, at, rule="bp-very-high")
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    assert "No one has looked at it yet" in plain(html)
    nurse = await api.signed_in(home.practice, "nurse")
    status, taken = await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, nurse)
    assert status == 200
    _, html = await browser.get("/my")
    assert "Your care team has seen it: Today, Sunday, 1:30 PM" in plain(html)
    body = {"version": taken["version"], "outcome": "called_patient", "note": "spoke to her"}
    status, _ = await api.post(f"/alerts/{made.id}/resolve", {**body, "minutes": 5}, nurse)
    assert status == 200
    _, html = await browser.get("/my")
    assert "Your care team has looked into it" in plain(html)
    assert "spoke to her" not in html
    assert str(made.id) not in html


async def test_a_reading_in_doubt_is_told_of_without_its_number(api: Api, home: Home) -> None:
    at = NOON - dt.timedelta(hours=2)
    await home.measured(
        "blood_pressure", at, attribution="ambiguous", reason="ambiguous_user", systolic=177.0,
        diastolic=93.0,
    )  # fmt: skip
    await home.measured(
        "blood_pressure", at - dt.timedelta(hours=1), attribution="quarantined",
        reason="implausible:systolic", systolic=301.0, diastolic=93.0,
    )  # fmt: skip
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    assert "We are checking whether this is yours" in plain(html)
    assert "cannot be right" in plain(html)
    assert "177" not in plain(html)
    assert "301" not in plain(html)


async def test_what_is_not_in_the_plan_is_shown_and_said_to_be_outside_of_it(
    api: Api, home: Home
) -> None:
    await home.plan("hypertension-us")
    await home.measured("temperature", NOON - dt.timedelta(hours=2), temperature=36.8)
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    assert "98.2" in plain(html)
    assert "This is not part of your plan" in plain(html)


async def test_units_are_the_patients_and_never_mixed(api: Api, home: Home) -> None:
    await home.measured("weight", NOON - dt.timedelta(hours=2), weight=81.4)
    await home.measured("glucose", NOON - dt.timedelta(hours=3), glucose=99.0)
    browser = await api.browser(home.practice, "patient")
    for path in ("/my", "/my/readings?kind=weight"):
        _, html = await browser.get(path)
        assert "179.5" in plain(html)
        assert "lb" in plain(html)
        assert " kg" not in plain(html)
    await home.say(weight_unit="kg", glucose_unit="mmol/L")
    _, html = await browser.get("/my")
    assert "81.4" in plain(html)
    assert "5.5" in plain(html)
    assert " lb" not in plain(html)
    assert "mg/dL" not in plain(html)


async def test_times_are_of_the_patients_zone(api: Api, home: Home) -> None:
    await home.say(time_zone="America/Los_Angeles")
    await home.measured("blood_pressure", NOON, systolic=118.0, diastolic=76.0)
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    assert "Today, Sunday, 10:30 AM" in plain(html)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_speaks_both_languages(api: Api, home: Home, path: str) -> None:
    await home.plan("post-discharge-30")
    await home.measured("blood_pressure", NOON, systolic=184.0, diastolic=96.0, pulse=70.0)
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get(path)
    assert '<html lang="en">' in html
    back = {"language": "es", "back": path}
    status, _ = await browser.send("/my/language", back)
    assert (status, browser.where) == (303, path)
    status, html = await browser.get(path)
    assert status == 200
    assert '<html lang="es">' in html
    assert "Nadie vigila sus medidas" in plain(html)
    # No English text of ours is left: of those that are sentences.
    english = [text for text in catalogue("en").texts.values() if "{" not in text and " " in text]
    assert [text for text in english if text in plain(html)] == []


async def test_the_patients_own_language_is_the_first_one(api: Api, home: Home) -> None:
    await home.say(language="es-MX")
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my")
    assert "Hola, Ada" in plain(html)


@pytest.mark.parametrize(
    ("language", "back", "where"),
    [("de", "/my/how", "/my/how"), ("es", "https://evil.example", "/my"), ("es", "//evil", "/my"),
     ("es", "", "/my")],
)  # fmt: skip
async def test_the_switch_knows_our_languages_and_our_pages_only(
    api: Api, home: Home, pool: Pool, language: str, back: str, where: str
) -> None:
    browser = await api.browser(home.practice, "patient")
    status, _ = await browser.send("/my/language", {"language": language, "back": back})
    assert (status, browser.where) == (303, where)
    kept = await pool.fetchval(
        "SELECT preferences ->> 'language' FROM users WHERE username = $1",
        home.practice.username("patient"),
    )
    assert kept == (language if language == "es" else None)


async def test_past_readings_are_pages_of_months_with_a_captioned_table(
    api: Api, home: Home
) -> None:
    await home.plan("hypertension-us")
    for days in (0, 1, 30, 60):
        at = NOON - dt.timedelta(days=days)
        await home.measured("blood_pressure", at, systolic=120.0 + days, diastolic=70.0)
    browser = await api.browser(home.practice, "patient")
    status, html = await browser.get("/my/readings")
    assert status == 200
    text = plain(html)
    assert "Blood pressure in November 2026." in text
    assert "<caption>" in html
    assert 'scope="rowgroup"' in html
    assert "Sunday, November 22" in text
    assert "120/70" in text
    assert "150/70" not in text
    assert 'role="img"' in html
    assert "2 readings. The lowest was 120 over 70" in text
    assert "Go to October 2026" in text
    _, html = await browser.get("/my/readings?kind=blood_pressure&month=2026-10")
    assert "150/70" in plain(html)
    assert "Go to November 2026" in plain(html)
    _, html = await browser.get("/my/readings?kind=blood_pressure&month=2026-09")
    assert "180/70" in plain(html)
    assert "Go to August" not in plain(html)


@pytest.mark.parametrize(
    "query",
    ["kind=nonsense", "month=2026-99", "month=1900-01", "month=2099-12", "kind=weight&month=x",
     "kind=%27%3B--&month=%00", "kind=../../etc", "patient=1"],
)  # fmt: skip
async def test_an_address_that_somebody_made_up_shows_what_there_is(
    api: Api, home: Home, query: str
) -> None:
    await home.measured("blood_pressure", NOON, systolic=118.0, diastolic=76.0)
    browser = await api.browser(home.practice, "patient")
    status, html = await browser.get(f"/my/readings?{query}")
    assert status == 200
    assert "118/76" in plain(html)


@pytest.mark.parametrize("path", PAGES)
async def test_before_anything_is_measured_every_page_is_there(
    api: Api, home: Home, path: str
) -> None:
    browser = await api.browser(home.practice, "patient")
    status, html = await browser.get(path)
    assert status == 200
    assert html.count("<h1>") == 1


async def test_how_to_measure_is_told_of_what_the_plan_asks_for(api: Api, home: Home) -> None:
    await home.plan("copd")
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my/how")
    assert "Put your finger all the way into the clip" in plain(html)
    assert "If the device shows an error" in plain(html)
    assert "cuff" not in plain(html)
    assert html.count('role="img"') >= 1


async def test_whom_to_call_names_the_team_and_the_hours(api: Api, home: Home, pool: Pool) -> None:
    await reach(pool, home.practice)
    await home.plan("hypertension-us")
    nurse = await api.user_id(home.practice, "nurse")
    await pool.execute(
        "UPDATE users SET display_name = 'Ana Díaz', credential = 'RN' WHERE id = $1::uuid", nurse
    )
    await pool.execute(
        "INSERT INTO care_team (organisation_id, patient_id, user_id, role, starts_at)"
        " VALUES ($1, $2, $3::uuid, 'nurse', $4)",
        home.practice.organisation, home.patient, nurse, NOON - dt.timedelta(days=9),
    )  # fmt: skip
    browser = await api.browser(home.practice, "patient")
    _, html = await browser.get("/my/help")
    text = plain(html)
    for part in ("Ana Díaz, RN", "Monday - Friday, 8:00 AM to 6:00 PM", "+1 555 0100",
                 "Call 911 now if", "You cannot write to your nurse here"):  # fmt: skip
        assert part in text, part


async def test_names_are_text_wherever_they_stand(api: Api, home: Home) -> None:
    attack = "<img src=x onerror=alert(1)>{{7*7}}"
    await home.say(given_name=attack)
    browser = await api.browser(home.practice, "patient")
    for role in ("patient", "caregiver"):
        browser = await api.browser(home.practice, role)
        for path in PAGES[: 5 if role == "patient" else 4]:
            _, html = await browser.get(path)
            assert "<img src=x" not in html
            assert "49" not in plain(html)
    _, html = await browser.get("/my")
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
