"""Enrolling: when and by whom consent was given, and whose a device or a hub is."""

import asyncio
import datetime as dt
import re
from typing import Any

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice
from tests.integration.console.test_clinic_enrolment import (
    WHO,
    consent,
    enrolled,
    with_programme,
)


@pytest.fixture
async def nurse(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "nurse")


@pytest.mark.parametrize(
    ("day", "clock_time", "words"),
    [
        ("2026-03-08", "02:30", "put forward"),
        ("2026-03-08", "01:59", None),
        ("2026-03-08", "03:00", None),
        ("2026-03-10", "10:00", "ies in the future"),
        ("2026-03-08", "25:00", "no time of day"),
        ("yesterday", "10:00", "Is no day"),
    ],
)
async def test_when_consent_was_given_is_a_time_that_there_was(
    nurse: Browser, clock: Clock, day: str, clock_time: str, words: str | None
) -> None:
    clock.now = dt.datetime(2026, 3, 9, 12, tzinfo=dt.UTC)
    patient = await with_programme(nurse)
    form = consent(clock.now, given_on=day, given_time=clock_time)
    status, text = await nurse.send(f"{patient}/enrol/consent", form)
    if words is None:
        assert status == 303, text
    else:
        assert status == 422
        assert words in text
        assert f'value="{clock_time}"' in text


async def test_a_representative_is_named(nurse: Browser, pool: Pool, clock: Clock) -> None:
    patient = await with_programme(nurse)
    form: dict[str, Any] = consent(clock.now, given_by="representative", method="phone")
    status, text = await nurse.send(f"{patient}/enrol/consent", form)
    assert status == 422
    status, text = await nurse.send(
        f"{patient}/enrol/consent", form | {"representative": "Eva New, daughter"}
    )
    assert status == 303, text
    row = await pool.fetchrow("SELECT * FROM consents")
    assert row is not None
    assert (row["representative"], row["method"]) == ("Eva New, daughter", "phone")
    assert (
        await pool.fetchval("SELECT version FROM consent_texts WHERE id = $1", row["text_id"]) == 1
    )


async def test_a_device_that_somebody_has_says_with_whom_it_is(nurse: Browser) -> None:
    patient = await enrolled(nurse)
    status, text = await nurse.send(
        f"{patient}/enrol/kit/device", {"address": "A0:B1:C2:D3:E4:F5", "slot": "1"}
    )
    assert status == 422
    assert "Ada Able (number 0)" in text
    for typed, words in (("300", "0 to 254"), ("x", "0 to 254")):
        status, text = await nurse.send(
            f"{patient}/enrol/kit/device", {"address": "A1:B2:C3:D4:E5:F6", "slot": typed}
        )
        assert (status, words in text) == (422, True)


async def test_only_an_administrator_replaces_a_hub_that_has_joined(
    api: Api, north: Practice, nurse: Browser
) -> None:
    patient = await enrolled(nurse)
    status, text = await nurse.send(f"{patient}/enrol/kit/code")
    assert (status, "Choose a hub first" in text) == (422, True)
    await nurse.send(f"{patient}/enrol/kit/hub", {"gateway": "new"})
    _, text = await nurse.send(f"{patient}/enrol/kit/code")
    code = re.search(r"--code ([A-Z0-9-]{39})", text)
    assert code
    status, _ = await api.post("/enrolments", {"code": code[1]})
    assert status == 201
    _, text = await nurse.get(f"{patient}/enrol/kit/state")
    assert "Has joined" in text
    status, text = await nurse.send(f"{patient}/enrol/kit/code")
    assert (status, "administrator" in text) == (422, True)
    admin = await api.browser(north, "admin")
    status, _ = await admin.send(f"{patient}/enrol/kit/code")
    assert status == 200
    status, text = await nurse.send(f"{patient}/enrol/kit/hub", {"gateway": "hub-of-nobody"})
    assert status == 422


async def test_a_form_of_another_site_makes_nothing(nurse: Browser, pool: Pool) -> None:
    status, _ = await nurse.send("/patients/new", WHO | {"csrf": "forged"})
    assert status == 403
    status, _ = await nurse.send("/patients/new", WHO, headers={"Sec-Fetch-Site": "cross-site"})
    assert status == 403
    assert await pool.fetchval("SELECT count(*) FROM patients WHERE mrn = 'N-100'") == 0


async def test_a_new_hub_that_is_asked_for_four_times_at_once_is_one(
    nurse: Browser, api: Api, north: Practice, pool: Pool
) -> None:
    patient = await enrolled(nurse)
    before = await pool.fetchval("SELECT count(*) FROM gateways")
    others = [await api.browser(north, "nurse") for _ in range(4)]
    form = {"gateway": "new", "hub_label": "Kit 14"}
    answers = await asyncio.gather(
        *(each.send(f"{patient}/enrol/kit/hub", form) for each in others)
    )
    assert [status for status, _ in answers] == [303] * 4
    assert await pool.fetchval("SELECT count(*) FROM gateways") == before + 1
    await nurse.send(f"{patient}/enrol/kit/hub", form | {"hub_label": "Kit 15"})
    assert await pool.fetchval("SELECT count(*) FROM gateways") == before + 2
