"""Alerts over the API: a request that is sent twice, many alerts in one, and two at once."""

import asyncio
import datetime as dt
from uuid import UUID

from care.rules import Severity
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised


async def test_a_retried_request_changes_it_once(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    for _ in range(2):
        status, taken = await api.post(
            f"/alerts/{made.id}/acknowledge", {"version": 1}, token,
            headers={"Idempotency-Key": "k-1"},
        )  # fmt: skip
        assert (status, taken["version"]) == (200, 2)


async def test_a_key_that_stands_for_something_else_is_not_answered_as_done(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    where, key = f"/alerts/{made.id}", {"Idempotency-Key": "k-1"}
    assert (await api.post(f"{where}/acknowledge", {"version": 1}, token))[0] == 200
    snooze = {"version": 2, "minutes": 60, "reason": "asked her to rest"}
    assert (await api.post(f"{where}/snooze", snooze, token, headers=key))[0] == 200
    clock.now += dt.timedelta(minutes=1)
    assert (await api.post(f"{where}/snooze", snooze, token, headers=key))[0] == 200
    body = {"version": 3, "outcome": "called_patient", "note": "spoke to her"}
    for action, other in (("resolve", body), ("snooze", snooze | {"reason": "forgot"})):
        status, problem = await api.post(f"{where}/{action}", other, token, headers=key)
        assert (status, problem["pointer"]) == (422, "/Idempotency-Key")
    status, found = await api.get(where, token)
    assert (found["state"], found["version"]) == ("snoozed", 3)


async def test_several_at_once_are_each_done_and_answered_by_themselves(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    ours = await raised(pool, north, clock)
    stale = await raised(pool, north, clock, id=UUID(int=6), rule="weight-gain")
    theirs = await raised(pool, south, clock, id=UUID(int=7))
    await api.post(f"/alerts/{stale.id}/note", {"text": "seen"}, token)
    items = [{"id": str(each.id), "version": 1} for each in (ours, stale, theirs)]
    for _ in range(2):
        status, answer = await api.post(
            "/alerts/bulk", {"action": "acknowledge", "items": items}, token,
            headers={"Idempotency-Key": "k-1"},
        )  # fmt: skip
        assert status == 200
        assert [each["status"] for each in answer["items"]] == [200, 412, 404]
        assert answer["items"][0]["version"] == 2
    undo = {"action": "reopen", "items": [{"id": str(ours.id), "version": 2}], "reason": "Undone"}
    _, answer = await api.post("/alerts/bulk", undo, token)
    assert answer["items"][0]["state"] == "open"
    twice = {"action": "acknowledge", "items": [items[0], items[0]]}
    status, problem = await api.post("/alerts/bulk", twice, token)
    assert (status, problem["pointer"]) == (422, "/items")


async def test_a_critical_alert_is_never_resolved_among_others(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    critical = await raised(pool, north, clock)
    low = await raised(
        pool, north, clock, id=UUID(int=6), rule="low", severity=Severity.LOW, peak=Severity.LOW
    )
    items = [{"id": str(each.id), "version": 1} for each in (critical, low)]
    body = {"action": "resolve", "items": items, "outcome": "watch", "note": "looked through"}
    _, answer = await api.post("/alerts/bulk", body, token)
    assert [each["status"] for each in answer["items"]] == [422, 200]
    status, problem = await api.post("/alerts/bulk", body | {"outcome": None}, token)
    assert (status, problem["pointer"]) == (422, "/outcome")


async def test_fifty_who_take_it_on_at_once_are_one_who_did(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    answers = await asyncio.gather(
        *(api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, token) for _ in range(50))
    )
    assert sorted(status for status, _ in answers) == [200] + [412] * 49
    assert await pool.fetchval("SELECT count(*) FROM alert_events") == 2


async def test_two_who_do_the_same_to_many_at_once_get_an_answer_each(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    nurse, doctor = await api.signed_in(north, "nurse"), await api.signed_in(north, "clinician")
    made = [
        await raised(pool, north, clock, id=UUID(int=number), rule=f"r{number}")
        for number in range(1, 13)
    ]
    items = [{"id": str(each.id), "version": 1} for each in made]
    answers = await asyncio.gather(
        api.post("/alerts/bulk", {"action": "acknowledge", "items": items}, nurse),
        api.post("/alerts/bulk", {"action": "acknowledge", "items": items[::-1]}, doctor),
    )
    assert [status for status, _ in answers] == [200, 200]
    found = sorted(each["status"] for _, answer in answers for each in answer["items"])
    assert found == [200] * 12 + [412] * 12
