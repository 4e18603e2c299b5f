"""Invitations that the clinic makes, what bounds them, and the same over the API."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from care import invitations
from care.errors import InvalidError, RefusedError, TakenError
from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice
from tests.integration.console.my_home import Home
from tests.integration.console.test_my_invitations import NOW, stranger


@pytest.fixture
def home(pool: Pool, north: Practice, clock: Clock) -> Home:
    clock.now = NOW
    return Home(pool=pool, practice=north, now=NOW)


@pytest.fixture
async def patient(api: Api, home: Home) -> Browser:
    return await api.browser(home.practice, "patient")


async def invite(pool: Pool, home: Home, **changes: Any) -> invitations.Invited:
    fields: dict[str, Any] = {
        "name": "Eve", "relation": "friend", "by_patient": False, "actor": None, "now": NOW,
    }  # fmt: skip
    async with pool.acquire() as conn:
        return await invitations.invite(
            conn, home.practice.organisation, home.patient, **{**fields, **changes}
        )


async def test_staff_may_invite_and_the_page_says_that_the_clinic_asks(
    patient: Browser, home: Home, pool: Pool
) -> None:
    made = await invite(pool, home)
    _, page = await stranger(patient).get(f"/invitation/{made.code}")
    assert "You are asked to help look after Ada" in page


async def test_ten_may_wait_and_not_eleven(patient: Browser, home: Home, pool: Pool) -> None:
    for _ in range(invitations.MOST_WAITING):
        await invite(pool, home)
    with pytest.raises(TakenError):
        await invite(pool, home)
    status, page = await patient.send("/my/people", {"name": "Eve", "relation": "friend"})
    assert status == 422
    assert "You have asked ten people" in page
    await invite(pool, home, now=NOW + dt.timedelta(days=7))


async def test_a_code_is_found_by_nobody_who_does_not_have_it(home: Home, pool: Pool) -> None:
    made = await invite(pool, home)
    async with pool.acquire() as conn:
        found = await invitations.find_invitation(conn, made.code, now=NOW)
        assert found.patient_id == home.patient
        for wrong in ("", made.code[:-1], made.code + "A", str(made.id), "\x00", "🙂"):
            with pytest.raises(RefusedError):
                await invitations.find_invitation(conn, wrong, now=NOW)
        with pytest.raises(InvalidError):
            await invite(pool, home, relation="boss")


async def test_the_other_organisation_has_no_part_in_it(
    patient: Browser, home: Home, south: Practice, api: Api, pool: Pool
) -> None:
    await invite(pool, home)
    token = await api.signed_in(south, "nurse")
    status, _ = await api.get(f"/patients/{home.patient}/invitations", token)
    assert status == 404
    theirs = await api.browser(south, "patient")
    number: UUID = await pool.fetchval("SELECT id FROM invitations")
    await theirs.send("/my/people/take-back", {"invitation": str(number)})
    assert await pool.fetchval("SELECT revoked_at FROM invitations") is None
    _, page = await theirs.get("/my/people")
    assert "Asked, and not here yet" not in page
    del patient


async def test_the_api_does_what_the_page_does(patient: Browser, api: Api, home: Home) -> None:
    where = f"/patients/{home.patient}/invitations"
    for role in ("patient", "nurse"):
        token = await api.signed_in(home.practice, role)
        status, made = await api.post(where, {"name": "Eve", "relation": "friend"}, token)
        assert status == 201
        status, found = await api.get(where, token)
        assert [each["id"] for each in found["waiting"]] == [made["id"]]
        assert made["code"] not in str(found)
        status, _ = await api.post(f"{where}/{made['id']}/withdraw", {}, token)
        assert status == 204
        status, _ = await stranger(patient).get(f"/invitation/{made['code']}")
        assert status == 404


async def test_over_the_api_too_everybody_has_their_own(
    api: Api, home: Home, patient: Browser
) -> None:
    del patient
    token = await api.signed_in(home.practice, "patient")
    where = f"/patients/{home.practice.other_patient}"
    body = {"name": "Eve", "relation": "friend"}
    status, _ = await api.get(f"{where}/invitations", token)
    assert status == 404
    status, _ = await api.post(f"{where}/invitations", body, token)
    assert status == 404
    status, _ = await api.post(f"{where}/caregivers/{home.patient}/stop", {}, token)
    assert status == 404
    caregiver = await api.signed_in(home.practice, "caregiver")
    status, _ = await api.post(f"/patients/{home.patient}/invitations", body, caregiver)
    assert status == 403
