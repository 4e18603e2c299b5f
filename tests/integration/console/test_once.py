"""A write under an Idempotency-Key is done once and answered as often as it is asked."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from console.once import KEPT_FOR
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice

ANN = {"mrn": "X-1", "given_name": "Ann", "family_name": "Archer"}


async def add(api: Api, token: str, key: str, **change: Any) -> tuple[int, Any]:
    return await api.post("/patients", ANN | change, token, headers={"Idempotency-Key": key})


async def count(pool: Pool) -> int:
    found: int = await pool.fetchval("SELECT count(*) FROM patients WHERE mrn LIKE 'X-%'")
    return found


async def test_the_same_request_again_is_answered_again(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    first = await add(api, token, "key-1")
    assert first[0] == 201
    assert "Idempotency-Replayed" not in api.headers
    assert await add(api, token, "key-1") == first
    assert api.headers["Idempotency-Replayed"] == "true"
    assert await count(pool) == 1


async def test_without_a_key_nothing_is_remembered(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    assert (await api.post("/patients", ANN, token))[0] == 201
    assert (await api.post("/patients", ANN, token))[0] == 409


async def test_a_key_stands_for_one_request(api: Api, north: Practice, pool: Pool) -> None:
    token = await api.signed_in(north, "nurse")
    await add(api, token, "key-1")
    status, told = await add(api, token, "key-1", mrn="X-2")
    assert (status, told["pointer"]) == (422, "/Idempotency-Key")
    assert await count(pool) == 1


async def test_a_key_is_its_users_own(api: Api, north: Practice, pool: Pool) -> None:
    await add(api, await api.signed_in(north, "nurse"), "key-1")
    status, _ = await add(api, await api.signed_in(north, "admin"), "key-1", mrn="X-2")
    assert status == 201
    assert await count(pool) == 2


async def test_a_refusal_is_not_remembered(api: Api, north: Practice, pool: Pool) -> None:
    token = await api.signed_in(north, "nurse")
    assert (await add(api, token, "key-1", mrn=" "))[0] == 422
    assert await pool.fetchval("SELECT count(*) FROM idempotency_keys") == 0
    assert (await add(api, token, "key-1"))[0] == 201


async def test_of_many_at_once_one_is_done(api: Api, north: Practice, pool: Pool) -> None:
    token = await api.signed_in(north, "nurse")
    answers = await asyncio.gather(*(add(api, token, "key-1") for _ in range(6)))
    assert {status for status, _ in answers} <= {201, 409}
    assert len({str(body) for status, body in answers if status == 201}) == 1
    assert await count(pool) == 1


@pytest.mark.parametrize("key", ["", "k" * 201, "key\u00e9"])
async def test_a_key_is_short_and_plain(api: Api, north: Practice, key: str) -> None:
    status, told = await add(api, await api.signed_in(north, "nurse"), key)
    assert (status, told["pointer"]) == (400, "/Idempotency-Key")


async def test_keys_are_forgotten_after_a_day(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await add(api, await api.signed_in(north, "nurse"), "key-1")
    clock.now += KEPT_FOR + dt.timedelta(seconds=1)
    await add(api, await api.signed_in(north, "nurse"), "key-2", mrn="X-2")
    kept = await pool.fetch("SELECT key FROM idempotency_keys")
    assert [row["key"] for row in kept] == ["key-2"]


async def test_limits_set_twice_under_a_key_are_one_version(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "clinician")
    where = f"/patients/{north.patient}/limits"
    body = {"programme": "copd", "reason": "x"}
    asked: dict[str, Any] = {"token": token, "json": body, "headers": {"Idempotency-Key": "limits"}}
    first = await api.ask("PUT", where, **asked)
    assert first[0] == 200
    assert await api.ask("PUT", where, **asked) == first


async def test_what_fails_at_the_end_leaves_nothing_behind(
    api: Api, north: Practice, pool: Pool
) -> None:
    """The answer and the write are one: where the one cannot be kept, the other is not done."""
    await pool.execute("ALTER TABLE idempotency_keys ADD CHECK (key <> 'doomed')")
    token = await api.signed_in(north, "nurse")
    status, _ = await add(api, token, "doomed")
    assert status >= 400
    assert await count(pool) == 0
