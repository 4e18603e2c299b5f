"""A button that is pressed four times makes one invitation, and shows one code."""

import asyncio
import re

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Practice
from tests.integration.console.test_clinic_enrolment import enrolled

FORM = {"name": "Eve", "relation": "daughter"}
COUNT = "SELECT count(*) FROM invitations"


def key_in(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def code_in(page: str) -> str:
    found = re.search(r"/invitation/([A-Z0-9-]{19})", page)
    assert found is not None, page
    return found[1]


@pytest.fixture
async def nurse(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "nurse")


async def test_four_quick_clicks_of_a_patient_make_one(
    api: Api, north: Practice, pool: Pool
) -> None:
    patient = await api.browser(north, "patient")
    _, page = await patient.get("/my/people")
    form = {**FORM, "form_key": key_in(page)}
    pages = await asyncio.gather(*(patient.send("/my/people", form) for _ in range(4)))
    assert {status for status, _ in pages} == {200}
    assert len({code_in(page) for _, page in pages}) == 1
    assert await pool.fetchval(COUNT) == 1


async def test_four_quick_clicks_of_a_nurse_make_one(nurse: Browser, pool: Pool) -> None:
    ready = f"{await enrolled(nurse)}/enrol/ready"
    _, page = await nurse.get(ready)
    form = {**FORM, "form_key": key_in(page)}
    pages = [await nurse.send(f"{ready}/invitation", form) for _ in range(4)]
    assert len({code_in(page) for _, page in pages}) == 1
    assert await pool.fetchval(COUNT) == 1


async def test_another_person_or_another_page_is_another_invitation(
    api: Api, north: Practice, pool: Pool
) -> None:
    patient = await api.browser(north, "patient")
    _, page = await patient.get("/my/people")
    form = {**FORM, "form_key": key_in(page)}
    _, first = await patient.send("/my/people", form)
    _, second = await patient.send("/my/people", form | {"name": "Ida"})
    _, page = await patient.get("/my/people")
    _, third = await patient.send("/my/people", FORM | {"form_key": key_in(page)})
    assert len({code_in(each) for each in (first, second, third)}) == 3
    assert await pool.fetchval(COUNT) == 3


async def test_what_was_taken_back_is_not_shown_again(
    api: Api, north: Practice, pool: Pool
) -> None:
    patient = await api.browser(north, "patient")
    _, page = await patient.get("/my/people")
    form = {**FORM, "form_key": key_in(page)}
    _, first = await patient.send("/my/people", form)
    number = await pool.fetchval("SELECT id FROM invitations")
    await patient.send("/my/people/take-back", {"invitation": str(number)})
    _, second = await patient.send("/my/people", form)
    assert code_in(first) != code_in(second)


async def test_the_number_of_a_form_is_worth_nothing_to_another_session(
    api: Api, north: Practice
) -> None:
    patient, again = await api.browser(north, "patient"), await api.browser(north, "patient")
    _, page = await patient.get("/my/people")
    form = {**FORM, "form_key": key_in(page)}
    _, first = await patient.send("/my/people", form)
    _, second = await again.send("/my/people", form)
    assert code_in(first) != code_in(second)


async def test_a_program_that_sends_again_is_told_the_same_code(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    path, key = f"/patients/{north.patient}/invitations", {"Idempotency-Key": "a"}
    codes = [(await api.post(path, FORM, token, headers=key))[1]["code"] for _ in range(3)]
    assert len(set(codes)) == 1
    assert await pool.fetchval(COUNT) == 1
    bad = {"Idempotency-Key": "x" * 1000}
    assert (await api.post(path, FORM, token, headers=bad))[0] == 400


async def test_one_key_for_two_patients_makes_an_invitation_of_each(
    api: Api, north: Practice, pool: Pool
) -> None:
    token, key = await api.signed_in(north, "nurse"), {"Idempotency-Key": "a"}
    made = [
        await api.post(f"/patients/{patient}/invitations", FORM, token, headers=key)
        for patient in (north.patient, north.other_patient)
    ]
    assert [status for status, _ in made] == [201, 201]
    assert len({answer["code"] for _, answer in made}) == 2
    whose = await pool.fetch("SELECT patient_id FROM invitations ORDER BY created_at, id")
    assert {row[0] for row in whose} == {north.patient, north.other_patient}
