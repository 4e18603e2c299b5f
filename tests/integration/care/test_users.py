"""Signing in, staying in, and being put out."""

import datetime as dt

import pytest

from care.errors import InvalidError, NotFoundError, RefusedError, TakenError
from care.registry import (
    add_user,
    disable_user,
    find_session,
    list_users,
    set_password,
    sign_out,
)
from care.sessions import AGE_MAX, IDLE_MAX, NOTED_EVERY, forget_old, open_session
from care.users import check_password
from store.pool import Connection
from tests.integration.care.conftest import NOW, Clinic

PASSWORD = "correct horse battery"
MINUTE = dt.timedelta(minutes=1)


async def sign_in(conn: Connection, *, username: str, password: str, now: dt.datetime) -> str:
    user = await check_password(conn, username=username, password=password)
    return await open_session(conn, user.id, now=now)


@pytest.fixture
async def token(conn: Connection, clinic: Clinic) -> str:
    whose = clinic.organisation.id
    await add_user(conn, whose, username="Joy", password=PASSWORD, role="nurse")
    return await sign_in(conn, username="joy", password=PASSWORD, now=NOW)


async def test_a_token_says_who_is_asking(conn: Connection, clinic: Clinic, token: str) -> None:
    session = await find_session(conn, token, now=NOW)
    assert (session.username, session.role) == ("joy", "nurse")
    assert session.organisation_id == clinic.organisation.id


async def test_neither_password_nor_token_is_kept(conn: Connection, token: str) -> None:
    kept = str(await conn.fetchrow("SELECT * FROM users JOIN sessions ON user_id = users.id"))
    assert PASSWORD not in kept
    assert token not in kept


@pytest.mark.parametrize(
    ("username", "password"), [("joy", "wrong horse battery"), ("nobody", PASSWORD), ("joy", "")]
)
@pytest.mark.usefixtures("token")
async def test_a_refusal_does_not_say_what_was_wrong(
    conn: Connection, username: str, password: str
) -> None:
    with pytest.raises(RefusedError, match=r"^username: or password is wrong$"):
        await sign_in(conn, username=username, password=password, now=NOW)


async def test_use_keeps_a_session_alive_up_to_its_age(conn: Connection, token: str) -> None:
    now = NOW
    while now + 10 * MINUTE < NOW + AGE_MAX:
        now += 10 * MINUTE
        await find_session(conn, token, now=now)
    with pytest.raises(RefusedError):
        await find_session(conn, token, now=NOW + AGE_MAX)


async def test_without_use_it_ends(conn: Connection, token: str) -> None:
    await find_session(conn, token, now=NOW + NOTED_EVERY)
    await find_session(conn, token, now=NOW + NOTED_EVERY + IDLE_MAX - MINUTE)
    with pytest.raises(RefusedError):
        await find_session(conn, token, now=NOW + NOTED_EVERY + 2 * IDLE_MAX)


async def test_signing_out_ends_it(conn: Connection, token: str) -> None:
    await sign_out(conn, token, now=NOW)
    with pytest.raises(RefusedError):
        await find_session(conn, token, now=NOW)


async def test_a_disabled_user_is_out_at_once(conn: Connection, clinic: Clinic, token: str) -> None:
    await disable_user(conn, clinic.organisation.id, "Joy", now=NOW)
    with pytest.raises(RefusedError):
        await find_session(conn, token, now=NOW)
    with pytest.raises(RefusedError):
        await sign_in(conn, username="joy", password=PASSWORD, now=NOW)


async def test_a_new_password_ends_what_the_old_one_opened(
    conn: Connection, clinic: Clinic, token: str
) -> None:
    new = "another horse battery"
    await set_password(conn, clinic.organisation.id, "joy", new, now=NOW)
    with pytest.raises(RefusedError):
        await find_session(conn, token, now=NOW)
    with pytest.raises(RefusedError):
        await sign_in(conn, username="joy", password=PASSWORD, now=NOW)
    assert await sign_in(conn, username="joy", password=new, now=NOW)


async def test_forgetting_keeps_what_is_live(conn: Connection, token: str) -> None:
    await forget_old(conn, now=NOW + MINUTE)
    await find_session(conn, token, now=NOW + MINUTE)
    await forget_old(conn, now=NOW + dt.timedelta(days=2))
    assert await conn.fetchval("SELECT count(*) FROM sessions") == 0


@pytest.mark.usefixtures("token")
async def test_user_names_are_unique_in_either_case(conn: Connection, clinic: Clinic) -> None:
    with pytest.raises(TakenError, match="username"):
        await add_user(
            conn, clinic.organisation.id, username="JOY", password=PASSWORD, role="admin"
        )
    assert [user.username for user in await list_users(conn, clinic.organisation.id)] == ["joy"]


async def test_who_sees_one_patient_has_one(conn: Connection, clinic: Clinic) -> None:
    whose = clinic.organisation.id
    with pytest.raises(InvalidError, match="patient"):
        await add_user(conn, whose, username="ann", password=PASSWORD, role="patient")
    with pytest.raises(InvalidError, match="patient"):
        await add_user(
            conn, whose, username="x", password=PASSWORD, role="nurse", patient_id=clinic.ann.id
        )
    with pytest.raises(NotFoundError, match="patient"):
        await add_user(
            conn, whose, username="x", password=PASSWORD, role="patient", patient_id=whose
        )
    made = await add_user(
        conn, whose, username="ann", password=PASSWORD, role="patient", patient_id=clinic.ann.id
    )
    assert made.patient_id == clinic.ann.id


async def test_an_unknown_role_is_refused(conn: Connection, clinic: Clinic) -> None:
    with pytest.raises(InvalidError, match="role: must be one of admin"):
        await add_user(conn, clinic.organisation.id, username="x", password=PASSWORD, role="wizard")
