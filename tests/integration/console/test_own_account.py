"""A patient's own account: staff invite, the patient chooses the rest, and there is one."""

import asyncio
import html
import re

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Practice
from tests.integration.console.test_clinic_enrolment import enrolled
from tests.integration.console.test_invitation_once import code_in, key_in

MINE = {
    "username": "nora", "password": "three words in a row", "again": "three words in a row",
    "agree": "yes",
}  # fmt: skip


@pytest.fixture
async def nurse(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "nurse")


def stranger(of: Browser) -> Browser:
    return Browser(of._client, of._directory, "")


async def test_from_the_last_step_a_patient_comes_to_pages_of_their_own(
    nurse: Browser, api: Api, pool: Pool
) -> None:
    patient = await enrolled(nurse, language="es")
    _, ready = await nurse.get(f"{patient}/enrol/ready")
    assert f'action="{patient}/care/account"' in ready
    status, sheet = await nurse.send(f"{patient}/care/account", {"from": "ready"})
    assert status == 200, sheet
    assert "Su propia página" in sheet
    assert f'href="{patient}/enrol/ready">Back' in sheet
    code = code_in(sheet)
    _, ready = await nurse.get(f"{patient}/enrol/ready")
    assert "Invited; the link is good until" in ready
    assert code not in ready
    assert "is invited until" not in ready, "the patient is no caregiver"
    nora = stranger(nurse)
    status, page = await nora.get(f"/invitation/{code}")
    assert status == 200
    assert "Su propia página, Nora" in page
    assert 'name="name"' not in page
    assert "New" not in html.unescape(page), "the first name and no more"
    status, page = await nora.send(f"/invitation/{code}", MINE | {"again": "other words"})
    assert status == 422
    status, page = await nora.send(f"/invitation/{code}", MINE)
    assert (status, nora.where.partition("?")[0]) == (303, "/sign-in"), page
    row = await pool.fetchrow("SELECT * FROM users WHERE username = 'nora'")
    assert row is not None
    assert (row["role"], row["display_name"]) == ("patient", "Nora New")
    assert str(row["patient_id"]) == patient.rpartition("/")[2]
    status, body = await api.post("/login", {"username": "nora", "password": MINE["password"]})
    assert status == 200
    status, _ = await Browser(nurse._client, nurse._directory, body["token"]).get("/my")
    assert status == 200
    status, _ = await nora.send(f"/invitation/{code}", MINE | {"username": "mallory"})
    assert status == 404
    said = await pool.fetchrow(
        "SELECT actor_role, actor_name FROM audit WHERE route = 'POST /invitation/{code}'"
    )
    assert said is not None
    assert tuple(said) == ("patient", "Nora New")
    changes = await pool.fetch("SELECT what FROM care_changes WHERE what LIKE 'patient %'")
    assert {"patient invited", "patient joined"} <= {each["what"] for each in changes}
    _, care = await nurse.get(f"{patient}/care")
    assert 'Signs in as <span class="strong">nora</span>' in care
    status, _ = await nurse.send(f"{patient}/care/account")
    assert (status, nurse.where) == (303, f"{patient}/care#account")
    assert await pool.fetchval("SELECT count(*) FROM invitations") == 1


async def test_a_second_invitation_ends_the_first_and_one_can_be_taken_back(
    nurse: Browser,
) -> None:
    patient = await enrolled(nurse)
    _, care = await nurse.get(f"{patient}/care")
    form = {"form_key": key_in(care)}
    first, again = [
        code_in((await nurse.send(f"{patient}/care/account", form))[1]) for _ in range(2)
    ]
    assert first == again, "a button pressed twice makes one"
    second = code_in((await nurse.send(f"{patient}/care/account"))[1])
    assert (await stranger(nurse).get(f"/invitation/{first}"))[0] == 404
    assert (await stranger(nurse).get(f"/invitation/{second}"))[0] == 200
    status, _ = await nurse.send(f"{patient}/care/account/take-back")
    assert status == 303
    assert (await stranger(nurse).get(f"/invitation/{second}"))[0] == 404
    status, page = await nurse.send(f"{patient}/care/account/take-back")
    assert status == 422
    assert "no invitation that waits" in page
    # Of several that are made at once one is good.
    sheets = await asyncio.gather(*(nurse.send(f"{patient}/care/account") for _ in range(3)))
    good = [await stranger(nurse).get(f"/invitation/{code_in(page)}") for _, page in sheets]
    assert sorted(status for status, _ in good) == [200, 404, 404]


async def test_an_account_made_by_a_command_meanwhile_stays_the_only_one(
    nurse: Browser, pool: Pool, north: Practice
) -> None:
    patient = await enrolled(nurse)
    code = code_in((await nurse.send(f"{patient}/care/account"))[1])
    await pool.execute(
        "INSERT INTO users (organisation_id, username, password_hash, role, patient_id)"
        " VALUES ($1, 'by-command', 'x', 'patient', $2::text::uuid)",
        north.organisation, patient.rpartition("/")[2],
    )  # fmt: skip
    status, _ = await stranger(nurse).send(f"/invitation/{code}", MINE)
    assert status == 404
    assert await pool.fetchval("SELECT count(*) FROM users WHERE username = 'nora'") == 0


async def test_the_api_invites_as_the_page_does_and_nobody_else_may(
    nurse: Browser, api: Api, north: Practice, south: Practice
) -> None:
    where = f"/patients/{(await enrolled(nurse)).rpartition('/')[2]}"
    token = await api.signed_in(north, "nurse")
    status, made = await api.post(f"{where}/account/invitation", {}, token)
    assert status == 201
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", made["code"])
    status, found = await api.get(f"{where}/account", token)
    assert status == 200
    assert (found["account"], found["waiting"]["id"]) == (None, made["id"])
    assert made["code"] not in str(found)
    _, along = await api.get(f"{where}/invitations", token)
    assert along == {"caregivers": [], "waiting": []}
    for practice, role, expected in (
        (north, "biller", 403), (north, "caregiver", 403), (north, "patient", 403),
        (south, "nurse", 404),
    ):  # fmt: skip
        other = await api.signed_in(practice, role)
        assert (await api.post(f"{where}/account/invitation", {}, other))[0] == expected
        assert (await api.get(f"{where}/account", other))[0] == expected
    status, _ = await api.post(f"{where}/invitations/{made['id']}/withdraw", {}, token)
    assert status == 204
    has_one = f"/patients/{north.patient}/account/invitation"
    await api.signed_in(north, "patient")
    assert (await api.post(has_one, {}, token))[0] == 409
