"""Alerts over the API, live: changes as they happen, who looks where, and who may listen."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from msgspec.structs import replace

from alerts.life import rows
from console.api import alert_stream
from console.live import READERS_EACH
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised


async def test_changes_are_told_as_they_happen_and_what_was_missed_is_told_again(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    async with stream(api, token) as events:
        assert (await anext(events))[0] == "beat"
        made = await raised(pool, north, clock)
        await raised(pool, south, clock, id=UUID(int=77))
        name, first = await anext(events)
        assert (name, first["alert_id"], first["event"]) == ("alert", str(made.id), "opened")
        assert "organisation_id" not in first
    await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, token)
    async with stream(api, token, last=first["id"]) as events:
        name, missed = await anext(events)
        assert (name, missed["event"], missed["version"]) == ("alert", "acknowledged", 2)
        assert (await anext(events))[0] == "beat"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET revoked_at = now()",
        "UPDATE users SET disabled_at = now() WHERE role = 'nurse'",
        "UPDATE users SET role = 'biller' WHERE role = 'nurse'",
    ],
)
async def test_the_stream_ends_soon_after_its_reader_may_not_read_any_more(
    api: Api, pool: Pool, north: Practice, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(alert_stream, "BEAT_S", 0.2)
    token = await api.signed_in(north, "nurse")
    async with stream(api, token) as events:
        for _ in range(3):
            assert (await anext(events))[0] == "beat"
        await pool.execute(change)
        async with asyncio.timeout(60):
            assert {name async for name, _ in events} <= {"beat"}


async def test_a_page_left_open_is_nobody_at_work(
    api: Api, north: Practice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_stream, "BEAT_S", 0.1)
    token = await api.signed_in(north, "nurse")
    async with stream(api, token) as events:
        clock.now += dt.timedelta(minutes=14)
        for _ in range(3):  # The first may have been on its way.
            assert (await anext(events))[0] == "beat"
        clock.now += dt.timedelta(minutes=2)
        assert {name async for name, _ in events} <= {"beat"}
    assert (await api.get("/queue", token))[0] == 401


async def test_numbers_that_follow_a_further_reading_are_told_to_their_own_clinic_only(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    """A standing alert's value moves without an event: the page must not go on showing the old."""
    made = await raised(pool, north, clock)
    theirs = await raised(pool, south, clock, id=UUID(int=77))
    token = await api.signed_in(north, "nurse")
    async with stream(api, token) as events:
        assert (await anext(events))[0] == "beat"
        later = clock() + dt.timedelta(seconds=1)
        async with pool.acquire() as conn:
            for each in (theirs, made):
                await rows.write(conn, [replace(each, value=206.0, worst=206.0, updated_at=later)])
        name, moved = await anext(events)
        assert (name, moved) == (
            "moved",
            {"subject_kind": "patient", "subject": str(north.patient)},
        )
        await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, token)
        assert (await anext(events))[0] == "alert"


async def test_one_person_has_a_bounded_number_of_streams(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    async with AsyncExitStack() as stack:
        for _ in range(READERS_EACH):
            await stack.enter_async_context(stream(api, token))
        assert (await api.get("/alerts/stream", token))[0] == 429
        other = await api.signed_in(north, "clinician")
        await stack.enter_async_context(stream(api, other))


async def test_a_reader_is_not_told_a_part_of_what_it_missed(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    """One query answers a thousand events of all clinics together."""
    made = await raised(pool, north, clock)
    other = await raised(pool, south, clock, id=UUID(int=77))
    first = await pool.fetchval("SELECT max(id) FROM alert_events")
    for of, begin in ((other, 2), (made, 2)):
        await pool.execute(
            "INSERT INTO alert_events (organisation_id, alert_id, version, at, event, to_state)"
            " SELECT $1, $2, n, now(), 'noted', 'open' FROM generate_series($3::int, 1100) n",
            of.organisation_id, of.id, begin,
        )  # fmt: skip
    token = await api.signed_in(north, "nurse")
    async with stream(api, token, last=first) as events:
        assert (await anext(events))[0] == "reload"
        assert (await anext(events))[0] == "beat"


async def test_who_looks_is_told_to_everybody_at_once_and_to_no_other_clinic(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    nurse, doctor = await api.signed_in(north, "nurse"), await api.signed_in(north, "clinician")
    stranger = await api.signed_in(south, "nurse")
    await raised(pool, north, clock)
    row = {"subject_kind": "patient", "subject": str(north.patient)}
    async with stream(api, doctor, looking=True) as ours, stream(api, stranger, looking=True) as no:
        for events in (ours, no):
            assert sorted([await anext(events), await anext(events)], key=str)[1] == ("looking", [])
        status, held = await api.post("/queue/looking", row, nurse)
        assert (status, held["name"]) == (200, north.username("nurse"))
        async with asyncio.timeout(60):
            name, (told,) = await anext(ours)
        assert (name, told["name"], told["subject"]) == ("looking", held["name"], row["subject"])
        _, same = await api.post("/queue/looking", row, doctor)
        assert same == held
        await api.post("/queue/looking", row | {"looking": False}, nurse)
        async with asyncio.timeout(60):
            assert await anext(ours) == ("looking", [])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await anext(no)
    assert (await api.post("/queue/looking", row, stranger))[0] == 404
    # A row that was resolved is left quietly; nobody learns whether it ever stood.
    for gone in (row, row | {"subject": "nothing"}):
        status, told = await api.post("/queue/looking", gone | {"looking": False}, stranger)
        assert (status, told) == (200, {"user": None, "name": None})


class stream:  # noqa: N801 - reads as what it opens
    """The events of one connection: (name, data)."""

    def __init__(
        self, api: Api, token: str, last: int | None = None, *, looking: bool = False
    ) -> None:
        self._left_out = () if looking else ("looking",)
        headers = {"Authorization": f"Bearer {token}"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self._opening = api._client.get("/api/v1/alerts/stream", headers=headers)

    async def __aenter__(self) -> AsyncIterator[tuple[str, Any]]:
        response = await self._opening.__aenter__()
        assert response.status == 200
        return self._events(response)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._opening.__aexit__(kind, error, trace)

    async def _events(self, response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any]]:
        name = ""
        while True:
            async with asyncio.timeout(60):
                raw = await response.content.readline()
            if not raw:
                return
            line = raw.decode().rstrip()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name not in self._left_out:
                yield name, json.loads(line.removeprefix("data: "))
