"""People are named, changed, let in again; the last administrator is kept."""

import asyncio
from uuid import UUID

import pytest

from care.errors import InvalidError, NotFoundError, RefusedError, TakenError
from care.oidc_links import unlink, user_of
from care.password_codes import issue_password_code, set_password_by_code
from care.preferences import set_preferences
from care.registry import add_organisation
from care.users import (
    User,
    add_user,
    check_password,
    disable_user,
    enable_user,
    find_user,
    is_last_admin,
    update_user,
    user_named,
)
from store.pool import Connection, Pool
from tests.integration.care.conftest import NOW, Clinic

PASSWORD = "correct horse battery"
ISSUER = "https://id.example.org"


@pytest.fixture
async def joy(conn: Connection, clinic: Clinic) -> User:
    return await add_user(
        conn,
        clinic.organisation.id,
        username="joy",
        password=PASSWORD,
        role="nurse",
        display_name="Joy Okafor",
        credential="RN",
    )


async def test_people_have_a_name_and_a_credential(joy: User) -> None:
    assert (joy.name, joy.credential, joy.username) == ("Joy Okafor", "RN", "joy")


async def test_what_is_not_named_stays(conn: Connection, joy: User) -> None:
    made = await update_user(conn, joy.organisation_id, joy.id, role="clinician")
    assert (made.name, made.credential, made.role) == ("Joy Okafor", "RN", "clinician")
    made = await update_user(conn, joy.organisation_id, joy.id, display_name="", credential="MD")
    assert (made.name, made.credential, made.role) == ("joy", "MD", "clinician")


@pytest.mark.parametrize(("length", "fits"), [(19, True), (20, True), (21, False)])
async def test_a_credential_is_short(
    conn: Connection, joy: User, length: int, *, fits: bool
) -> None:
    change = update_user(conn, joy.organisation_id, joy.id, credential="R" * length)
    if fits:
        assert (await change).credential == "R" * length
    else:
        with pytest.raises(InvalidError, match="credential"):
            await change


@pytest.mark.parametrize("role", ["patient", "caregiver", "wizard"])
async def test_nobody_becomes_a_patient_by_a_change(conn: Connection, joy: User, role: str) -> None:
    with pytest.raises(InvalidError, match="role"):
        await update_user(conn, joy.organisation_id, joy.id, role=role)


async def test_another_organisation_changes_nobody(conn: Connection, joy: User) -> None:
    other = (await add_organisation(conn, name="Elm Street")).id
    for attempt in (
        update_user(conn, other, joy.id, role="admin"),
        issue_password_code(conn, other, joy.id, now=NOW),
        set_preferences(conn, other, joy.id, {"move_on": True}),
        user_named(conn, other, "joy"),
        find_user(conn, other, joy.id),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    with pytest.raises(NotFoundError):
        await enable_user(conn, other, "joy")


async def test_the_last_administrator_is_kept(
    conn: Connection, pool: Pool, clinic: Clinic, joy: User
) -> None:
    whose = clinic.organisation.id
    ann, bob = [
        await add_user(conn, whose, username=name, password=PASSWORD, role="admin")
        for name in ("ann", "bob")
    ]
    assert not await is_last_admin(conn, whose, ann.id)
    assert not await is_last_admin(conn, whose, joy.id)

    async def step_down(user_id: UUID) -> User:
        async with pool.acquire() as own:
            return await update_user(own, whose, user_id, role="nurse")

    answers = await asyncio.gather(step_down(ann.id), step_down(bob.id), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["InvalidError", "User"]
    await disable_user(conn, whose, "joy", now=NOW)


async def test_who_was_disabled_is_let_in_again_with_their_password(
    conn: Connection, joy: User
) -> None:
    await disable_user(conn, joy.organisation_id, "joy", now=NOW)
    with pytest.raises(RefusedError):
        await check_password(conn, username="joy", password=PASSWORD)
    with pytest.raises(NotFoundError):
        await issue_password_code(conn, joy.organisation_id, joy.id, now=NOW)
    await enable_user(conn, joy.organisation_id, "JOY")
    assert (await check_password(conn, username="joy", password=PASSWORD)).id == joy.id


async def test_whoever_is_added_without_a_password_sets_their_own(
    conn: Connection, clinic: Clinic
) -> None:
    whose = clinic.organisation.id
    new = await add_user(conn, whose, username="new", password=None, role="nurse")
    for guess in ("", "None", PASSWORD):
        with pytest.raises(RefusedError):
            await check_password(conn, username="new", password=guess)
    code = await issue_password_code(conn, whose, new.id, now=NOW)
    await set_password_by_code(conn, code, PASSWORD, now=NOW)
    assert (await check_password(conn, username="new", password=PASSWORD)).id == new.id
    with pytest.raises(RefusedError):
        await set_password_by_code(conn, code, PASSWORD, now=NOW)


async def test_a_code_is_void_once_the_account_is_disabled(conn: Connection, joy: User) -> None:
    code = await issue_password_code(conn, joy.organisation_id, joy.id, now=NOW)
    await disable_user(conn, joy.organisation_id, "joy", now=NOW)
    await enable_user(conn, joy.organisation_id, "joy")
    with pytest.raises(RefusedError):
        await set_password_by_code(conn, code, PASSWORD, now=NOW)


async def test_of_two_who_use_one_code_at_once_one_does(
    conn: Connection, pool: Pool, joy: User
) -> None:
    code = await issue_password_code(conn, joy.organisation_id, joy.id, now=NOW)

    async def use(password: str) -> User:
        async with pool.acquire() as own:
            return await set_password_by_code(own, code, password, now=NOW)

    answers = await asyncio.gather(
        use("first long password"), use("second long password"), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in answers) == ["RefusedError", "User"]


async def test_a_name_in_use_is_refused(conn: Connection, joy: User) -> None:
    with pytest.raises(TakenError):
        await add_user(conn, joy.organisation_id, username="JOY", password=PASSWORD, role="nurse")


async def test_who_is_unlinked_is_tied_anew(conn: Connection, joy: User) -> None:
    async def come(subject: str) -> User:
        return await user_of(conn, issuer=ISSUER, subject=subject, username="Joy", now=NOW)

    assert (await come("1")).id == joy.id
    with pytest.raises(RefusedError):
        await come("2")
    await unlink(conn, joy.organisation_id, joy.id)
    assert (await come("2")).id == joy.id
    with pytest.raises(RefusedError):
        await come("1")
