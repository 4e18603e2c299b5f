"""How a gateway is let in once, and shut out for good."""

import asyncio
import datetime as dt

import pytest

from care import secrets
from care.errors import NotFoundError, RefusedError, TakenError
from care.gateways import CODE_LIFETIME, Credentials, revoke_gateway
from care.registry import (
    add_gateway,
    add_organisation,
    broker_accounts,
    enrol,
    issue_code,
    list_gateways,
    with_own_words,
)
from store.pool import Connection, Pool
from tests.integration.care.conftest import NOW, Clinic

INSTANT = dt.timedelta(microseconds=1)


async def test_a_code_is_exchanged_for_credentials(conn: Connection, clinic: Clinic) -> None:
    code = await issue_code(conn, clinic.organisation.id, "gw-1", now=NOW)
    credentials = await enrol(conn, code.lower().replace("-", " "), now=NOW)
    assert credentials.gateway_id == "gw-1"
    assert credentials.source_key == f"gw-1.{credentials.secret}"
    accounts = await broker_accounts(conn)
    assert secrets.matches(credentials.secret, accounts["gw-1"])
    (gateway,) = await list_gateways(conn, clinic.organisation.id)
    assert gateway.enrolled_at == NOW


async def test_neither_code_nor_secret_is_kept(conn: Connection, clinic: Clinic) -> None:
    code = await issue_code(conn, clinic.organisation.id, "gw-1", now=NOW)
    waiting = str(await conn.fetchrow("SELECT * FROM gateways"))
    credentials = await enrol(conn, code, now=NOW)
    enrolled = str(await conn.fetchrow("SELECT * FROM gateways"))
    assert code not in waiting
    assert credentials.secret not in enrolled


async def test_a_code_is_good_once(pool: Pool, clinic: Clinic) -> None:
    async def attempt(code: str) -> Credentials | None:
        async with pool.acquire() as conn:
            try:
                return await enrol(conn, code, now=NOW)
            except RefusedError:
                return None

    async with pool.acquire() as conn:
        code = await issue_code(conn, clinic.organisation.id, "gw-1", now=NOW)
    together = await asyncio.gather(*(attempt(code) for _ in range(3)))
    assert sum(each is not None for each in together) == 1
    assert await attempt(code) is None


@pytest.mark.parametrize(
    ("after", "good"),
    [(CODE_LIFETIME - INSTANT, True), (CODE_LIFETIME, False), (CODE_LIFETIME + INSTANT, False)],
)
async def test_a_code_is_good_for_a_day(
    conn: Connection, clinic: Clinic, after: dt.timedelta, *, good: bool
) -> None:
    code = await issue_code(conn, clinic.organisation.id, "gw-1", now=NOW)
    if good:
        await enrol(conn, code, now=NOW + after)
    else:
        with pytest.raises(RefusedError):
            await enrol(conn, code, now=NOW + after)


async def test_a_new_code_voids_the_last(conn: Connection, clinic: Clinic) -> None:
    first = await issue_code(conn, clinic.organisation.id, "gw-1", now=NOW)
    await issue_code(conn, clinic.organisation.id, "gw-1", now=NOW)
    with pytest.raises(RefusedError):
        await enrol(conn, first, now=NOW)


async def test_a_revoked_gateway_has_no_way_back(conn: Connection, clinic: Clinic) -> None:
    whose = clinic.organisation.id
    await enrol(conn, await issue_code(conn, whose, "gw-1", now=NOW), now=NOW)
    waiting = await issue_code(conn, whose, "gw-1", now=NOW)
    await revoke_gateway(conn, whose, "gw-1", now=NOW)
    assert await broker_accounts(conn) == {}
    with pytest.raises(RefusedError):
        await enrol(conn, waiting, now=NOW)
    with pytest.raises(NotFoundError):
        await issue_code(conn, whose, "gw-1", now=NOW)


async def test_an_id_is_one_gateways_in_all_clinics(conn: Connection, clinic: Clinic) -> None:
    other = await add_organisation(conn, name="Elm Street")
    with pytest.raises(TakenError, match="in use"):
        await add_gateway(conn, other.id, gateway_id="gw-1")
    with pytest.raises(NotFoundError):
        await issue_code(conn, other.id, "gw-1", now=NOW)
    with pytest.raises(NotFoundError):
        await revoke_gateway(conn, other.id, "gw-1", now=NOW)
    assert len(await list_gateways(conn, clinic.organisation.id)) == 1


async def test_sources_that_speak_http_have_no_account_at_the_broker(
    conn: Connection, clinic: Clinic
) -> None:
    whose = clinic.organisation.id
    await add_gateway(conn, whose, gateway_id="vendor", transport="http")
    await enrol(conn, await issue_code(conn, whose, "vendor", now=NOW), now=NOW)
    assert await broker_accounts(conn) == {}


async def test_a_home_is_in_its_clinics_zone_unless_somebody_says_otherwise(
    conn: Connection, clinic: Clinic
) -> None:
    whose = clinic.organisation
    silent = await add_gateway(conn, whose.id, gateway_id="gw-silent")
    told = await add_gateway(conn, whose.id, gateway_id="gw-told", time_zone="Pacific/Apia")
    assert (silent.time_zone, told.time_zone) == (whose.time_zone, "Pacific/Apia")


async def _said(
    conn: Connection, clinic: Clinic, ago: dt.timedelta, state: str, *of: object
) -> None:
    await conn.execute(
        "INSERT INTO gateway_health"
        " (gateway_id, organisation_id, at, received_at, state, trouble, undecodable)"
        " VALUES ('gw-1', $1, $2, $2, $3, $4, $5)",
        clinic.organisation.id,
        NOW - ago,
        state,
        *of,
    )


async def test_a_gateway_is_shown_with_what_it_said_last_of_itself(
    conn: Connection, clinic: Clinic
) -> None:
    async def words() -> tuple[str | None, int]:
        known = await list_gateways(conn, clinic.organisation.id)
        (found,) = await with_own_words(conn, known, now=NOW)
        return found.trouble, found.undecodable

    assert await words() == (None, 0)
    await _said(conn, clinic, dt.timedelta(days=60), "online", "the disk is full", 9)
    assert await words() == (None, 0)
    await _said(conn, clinic, dt.timedelta(days=60) - INSTANT, "online", "the disk is full", 9)
    assert await words() == ("the disk is full", 9)
    await _said(conn, clinic, dt.timedelta(hours=2), "online", "no Bluetooth adapter", 2)
    await _said(conn, clinic, dt.timedelta(hours=1), "offline", None, None)
    assert await words() == ("no Bluetooth adapter", 2)
    await _said(conn, clinic, dt.timedelta(0), "online", None, None)
    assert await words() == (None, 0)
