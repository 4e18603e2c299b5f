"""The pages of one patient: what they show, to whom, and that nothing typed becomes markup."""

import datetime as dt
from typing import Any

import pytest

from care.consents import add_consent
from care.teams import add_member
from store.pool import Pool
from tests.integration.console.chart_home import measured, planned, put
from tests.integration.console.conftest import Api, Clock, Practice

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"
PAGES = ("", "/timeline", "/readings", "/about", "/rows?kind=blood_pressure")


async def test_the_overview_draws_what_the_patient_has(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await planned(pool, north, clock())
    await measured(pool, north, clock())
    browser = await api.browser(north, "nurse")
    status, page = await browser.get(f"/patients/{north.patient}?range=30d")
    assert status == 200
    assert page.count("<h1") == 1
    for part in (
        "Systolic",
        "Diastolic",
        "Pulse",
        "high from 160 (session mean)",
        "42 of ",
        "expected",
        'class="week"',
        'class="sessions"',
        "url(#hatch-medium)",
    ):
        assert part in page, part
    assert "Weight" not in page
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize("days", ["14d", "30d", "90d", "1y", "all"])
async def test_how_far_back_is_said_in_the_address(
    api: Api, north: Practice, pool: Pool, clock: Clock, days: str
) -> None:
    await measured(pool, north, clock(), days=3)
    browser = await api.browser(north, "nurse")
    status, page = await browser.get(f"/patients/{north.patient}?range={days}")
    assert status == 200
    assert f'href="/patients/{north.patient}?range={days}" aria-current="true"' in page


async def test_a_range_that_there_is_not_is_refused(api: Api, north: Practice) -> None:
    browser = await api.browser(north, "nurse")
    assert (await browser.get(f"/patients/{north.patient}?range=2w"))[0] == 400


async def test_below_the_minimum_there_is_no_number(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await put(pool, north, clock() - dt.timedelta(hours=1), systolic=171.0, diastolic=99.0)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}")
    assert page.count("Not enough data") >= 4
    assert "171/99" in page  # The latest value is a value, and no statistic.
    assert "12 readings on 3 days needed" in page


async def test_a_changed_plan_changes_the_bands_where_it_did(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await planned(pool, north, clock(), days=25)
    other = [{"rule": "bp-above-goal", "set": {"bounds": [
        {"metric": "systolic", "op": ">=", "value": 135, "clear": 133}]}}]  # fmt: skip
    await planned(pool, north, clock(), days=10, rules=other)
    await measured(pool, north, clock())
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}?range=30d")
    assert "medium from 130 (7-day mean)" in page
    assert "medium from 135 (7-day mean)" in page
    assert ">plan 2<" in page


async def test_doubtful_flagged_typed_and_held_readings_are_told_apart(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    now = clock()
    hours = [now - dt.timedelta(hours=each) for each in range(1, 6)]
    values: dict[str, Any] = {"systolic": 140.0, "diastolic": 90.0}
    await put(pool, north, hours[0], **values)
    await put(pool, north, hours[1], flags=["body_movement"], **values)
    await put(pool, north, hours[2], flags=["irregular_pulse"], **values)
    await put(pool, north, hours[3], profile="typed", **values)
    await put(pool, north, hours[4], held="unknown_user", **values)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}")
    for look in ("counted", "doubtful", "flagged", "typed"):
        assert f'<path class="{look}"' in page, look
    assert "1 reading from this patient" in page


async def test_days_without_a_reading_are_shaded_with_words(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    values: dict[str, Any] = {"systolic": 140.0, "diastolic": 90.0}
    await put(pool, north, clock() - dt.timedelta(days=9), **values)
    await put(pool, north, clock() - dt.timedelta(minutes=5), **values)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}?range=14d")
    assert "no readings, 8 days" in page


async def test_glucose_has_a_table_around_meals_and_hi_is_no_number(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    for back in range(6):
        await put(pool, north, clock() - dt.timedelta(days=back, hours=1), kind="glucose",
                  context='{"meal": "fasting"}', glucose=110.0 + back)  # fmt: skip
    await put(pool, north, clock() - dt.timedelta(minutes=9), kind="glucose",
              special='{"glucose": "hi"}')  # fmt: skip
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}?range=14d")
    assert "Fasting" in page
    assert "Not for fingersticks" in page
    assert ">HI</text>" in page
    assert "Readings in range" in page


async def test_the_table_has_the_rows_of_the_chart_also_as_a_part_of_it(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await measured(pool, north, clock(), days=5)
    browser = await api.browser(north, "nurse")
    where = f"/patients/{north.patient}/rows?kind=blood_pressure&range=14d"
    _, whole = await browser.get(where)
    _, part = await browser.get(where, headers={"X-Fragment": "1"})
    assert whole.count("<tr data-x=") == part.count("<tr data-x=") == 12
    assert "<html" not in part
    assert "138/84 mmHg, pulse 70" in part


async def test_many_readings_are_thinned_and_it_is_said(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    async with pool.acquire() as conn:
        await conn.execute(
            """
            INSERT INTO readings (id, organisation_id, gateway_id, device, patient_id, kind,
                measured_at, utc_offset_s, local_day, time_quality, received_at, attribution,
                systolic, diastolic)
            SELECT gen_random_uuid(), $1, 'hub', 'A', $2, 'blood_pressure', $3::timestamptz - n *
                INTERVAL '4 hours', 0, ($3::timestamptz - n * INTERVAL '4 hours')::date, 'device',
                $3, 'assigned', CASE WHEN n = 777 THEN 213 ELSE 120 + n % 30 END, 80
            FROM generate_series(1, 1500) AS n
            """,
            north.organisation, north.patient, clock(),
        )  # fmt: skip
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}?range=1y")
    assert "1,500 readings: of each" in page
    assert len(page) < 100_000
    _, rows = await browser.get(f"/patients/{north.patient}/rows?kind=blood_pressure&range=1y")
    assert "213/80" in rows


@pytest.mark.parametrize("page", PAGES)
async def test_another_organisations_patient_is_not_there(
    api: Api, north: Practice, south: Practice, page: str
) -> None:
    browser = await api.browser(north, "nurse")
    assert (await browser.get(f"/patients/{south.patient}{page}"))[0] == 404
    assert (await browser.get(f"/patients/{north.patient}{page}"))[0] == 200


@pytest.mark.parametrize("role", ["patient", "caregiver"])
async def test_pages_of_the_chart_are_for_staff(api: Api, north: Practice, role: str) -> None:
    browser = await api.browser(north, role)
    for page in PAGES:
        assert (await browser.get(f"/patients/{north.patient}{page}"))[0] == 403


@pytest.mark.parametrize("path", ["/patients/x", "/patients/%00", "/patients/../etc/passwd"])
async def test_what_is_no_id_is_nothing(api: Api, north: Practice, path: str) -> None:
    browser = await api.browser(north, "nurse")
    assert (await browser.get(path))[0] in {400, 404}


@pytest.mark.parametrize("page", PAGES)
async def test_what_people_are_called_and_told_of_is_never_markup(
    api: Api, north: Practice, pool: Pool, page: str
) -> None:
    await pool.execute(
        "UPDATE patients SET given_name = $2, family_name = $2, mrn = $2, phone = $2,"
        " allergies = $2, language = $2 WHERE id = $1",
        north.patient,
        HOSTILE,
    )
    await pool.execute("UPDATE devices SET label = $2 WHERE id = $1", north.device, HOSTILE)
    browser = await api.browser(north, "nurse")
    status, shown = await browser.get(f"/patients/{north.patient}{page}")
    assert status == 200
    assert "<script>alert" not in shown
    assert "<SCRIPT>ALERT" not in shown
    assert "&lt;script&gt;alert(1)" in shown


async def test_the_banner_is_on_every_page_with_what_is_not_known(
    api: Api, north: Practice
) -> None:
    browser = await api.browser(north, "nurse")
    for page in PAGES:
        _, shown = await browser.get(f"/patients/{north.patient}{page}")
        assert "ABLE, Ada" in shown
        assert shown.count("Not known") >= 2
        assert "Nobody has asked yet" in shown
        assert 'id="care-timer"' in shown
        assert shown.count("<h1") == 1


async def test_about_says_the_plan_in_words_and_the_devices(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await planned(pool, north, clock())
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}/about")
    assert "2 readings 04:00 to 12:00 and 2 readings 17:00 to midnight" in page
    assert "A reading with systolic at or above 180 mmHg or diastolic at or above 120 mmHg" in page
    assert "A0:B1:C2:D3:E4:F5" in page


async def test_about_names_the_team_as_people_and_consents_in_words(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    login = north.username("nurse")
    nurse = await pool.fetchval(
        "UPDATE users SET display_name = 'Ana Ruiz' WHERE username = $1 RETURNING id", login
    )
    whose = (north.organisation, north.patient)
    async with pool.acquire() as conn:
        await add_member(conn, *whose, user_id=nurse, starts_at=clock(), now=clock(), actor=nurse)
        await add_consent(
            conn, *whose, kind="ccm", method="verbal", given_at=clock(), now=clock(), actor=nurse
        )  # fmt: skip
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}/about")
    assert '<span class="strong">Ana Ruiz</span>, nurse' in page
    assert "Chronic care management, with its cost share</span>: spoken, in person" in page
    _, page = await browser.get(f"/patients/{north.patient}/care")
    assert '<span class="strong">Ana Ruiz</span>, nurse' in page
