"""Minutes said with the resolution of an alert land in the time log, in its transaction, once."""

import datetime as dt
from typing import Any

from alerts.life.alert import Alert
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised

SECOND = dt.timedelta(seconds=1)


def resolution(made: Alert, **changes: Any) -> dict[str, Any]:
    return {
        "version": made.version,
        "outcome": "called_patient",
        "note": "feels well",
        "minutes": 6,
        **changes,
    }


async def resolve(
    api: Api, token: str, made: Alert, *, key: str | None = None, **changes: Any
) -> tuple[int, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    body = resolution(made, **changes)
    return await api.post(f"/alerts/{made.id}/resolve", body, token, headers=headers)


async def entries(api: Api, token: str) -> list[dict[str, Any]]:
    return list((await api.get("/time-entries", token))[1]["items"])


async def test_minutes_become_an_entry(api: Api, pool: Pool, north: Practice, clock: Clock) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    status, told = await resolve(api, token, made, mode="live_phone")
    assert (status, told["state"]) == (200, "resolved")
    (entry,) = await entries(api, token)
    assert (entry["seconds"], entry["source"], entry["alert"]) == (360, "alert", str(made.id))
    assert (entry["activity"], entry["with_whom"], entry["interactive"]) == (
        "call",
        "patient",
        True,
    )
    assert entry["note"] == "feels well"
    assert dt.datetime.fromisoformat(entry["ended_at"]) == clock()


async def test_without_minutes_there_is_no_entry(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    assert (await resolve(api, token, made, minutes=None))[0] == 200
    assert await entries(api, token) == []


async def test_the_same_request_again_is_one_entry(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    for _ in range(3):
        assert (await resolve(api, token, made, key="k-1"))[0] == 200
    assert len(await entries(api, token)) == 1
    assert (await resolve(api, token, made))[0] == 412
    assert len(await entries(api, token)) == 1


async def test_resolved_reopened_and_resolved_again_are_two_entries(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    _, told = await resolve(api, token, made, key="k-1")
    body = {"version": told["version"], "reason": "called back, worse"}
    _, told = await api.post(f"/alerts/{made.id}/reopen", body, token)
    status, _ = await resolve(api, token, made, key="k-2", version=told["version"], minutes=3)
    assert status == 200
    assert [each["seconds"] for each in await entries(api, token)] == [180, 360]


async def test_a_refused_resolution_writes_no_time_and_refused_time_resolves_nothing(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    assert (await resolve(api, token, made, version=9))[0] == 412
    assert (await resolve(api, token, made, minutes=481))[0] == 422
    assert (await resolve(api, token, made, minutes=-1))[0] == 422
    assert await entries(api, token) == []
    assert await pool.fetchval("SELECT state FROM alerts") == "open"


async def test_a_running_timer_is_logged_instead_of_counting_twice(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    _, timer = await api.post("/timers", {"patient": str(north.patient), "tab": "a"}, token)
    for _ in range(28):
        clock.now += 15 * SECOND
        await api.post(f"/timers/{timer['id']}/beat", {"tab": "a"}, token)
    assert (await resolve(api, token, made, minutes=5))[0] == 200
    (entry,) = await entries(api, token)
    assert (entry["seconds"], entry["source"]) == (420, "alert")
    assert (await api.get("/timers", token))[1]["items"] == []


async def test_minutes_beyond_the_timer_stretch_it_and_never_over_another_patients(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    for patient in (north.other_patient, north.patient):
        _, timer = await api.post("/timers", {"patient": str(patient), "tab": "a"}, token)
        for _ in range(8):
            clock.now += 15 * SECOND
            await api.post(f"/timers/{timer['id']}/beat", {"tab": "a"}, token)
    assert (await resolve(api, token, made, minutes=10))[0] == 200
    (entry,) = await entries(api, token)
    assert entry["seconds"] == 480  # Of ten minutes two were Ben's.
    rest = (await api.get("/timers", token))[1]["items"]
    assert [(each["patient"], each["seconds"]) for each in rest] == [
        (str(north.other_patient), 120)
    ]


async def test_another_persons_timer_is_left_alone(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    other = await api.signed_in(north, "clinician")
    await api.post("/timers", {"patient": str(north.patient), "tab": "a"}, other)
    made = await raised(pool, north, clock)
    token = await api.signed_in(north, "nurse")
    assert (await resolve(api, token, made))[0] == 200
    assert len((await api.get("/timers", other))[1]["items"]) == 1
    assert [each["seconds"] for each in await entries(api, token)] == [360]
