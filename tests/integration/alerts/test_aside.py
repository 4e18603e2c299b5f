"""One patient that cannot be judged, one alert that cannot be stepped: the others go on."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from alerts.auditor import audit
from alerts.evaluating.aside import FIRST, LAST, wait_after
from alerts.evaluating.evaluation import Evaluated, evaluate_batch
from alerts.life.alert import State
from alerts.telling.due import do_due
from tests.integration.alerts.clinic import HOUR, MINUTE, Clinic

SECOND = dt.timedelta(seconds=1)


async def poison(clinic: Clinic, patient: UUID) -> None:
    """A plan that nobody can read: written by a program that is newer than this one, for one."""
    await execute(
        clinic,
        "UPDATE plan_versions SET resolved = resolved - 'rules' - 'ladders' WHERE patient_id = $1",
        patient,
    )


async def heal(clinic: Clinic, patient: UUID, sound: UUID) -> None:
    await execute(
        clinic,
        "UPDATE plan_versions p SET resolved = q.resolved FROM plan_versions q"
        " WHERE p.patient_id = $1 AND q.patient_id = $2",
        patient,
        sound,
    )


async def execute(clinic: Clinic, statement: str, *values: Any) -> None:
    async with clinic.pool.acquire() as conn, conn.transaction():
        await conn.execute("SET LOCAL session_replication_role = replica")
        await conn.execute(statement, *values)


async def put_off(clinic: Clinic) -> list[tuple[UUID, int, dt.datetime]]:
    async with clinic.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT subject, attempts, due_at FROM due_times WHERE attempts > 0 ORDER BY subject"
        )
    return [(row["subject"], row["attempts"], row["due_at"]) for row in rows]


async def once(clinic: Clinic) -> Evaluated:
    return await evaluate_batch(clinic.pool, clinic.memory, now=clinic.now)


async def states(clinic: Clinic, patients: Sequence[UUID]) -> list[list[State]]:
    return [[alert.state for alert in await clinic.alerts(each)] for each in patients]


async def test_the_others_are_judged_and_the_one_is_tried_again_later(clinic: Clinic) -> None:
    patients = [await clinic.patient() for _ in range(5)]
    bad = patients[2]
    await poison(clinic, bad)
    for patient in patients:
        await clinic.pressure(patient, 184)
    done = await once(clinic)
    assert (done.readings, done.failed) == (5, 1)
    waiting = [State.AWAITING_REPEAT]
    assert await states(clinic, patients) == [waiting, waiting, [], waiting, waiting]
    assert await put_off(clinic) == [(bad, 1, clinic.now + FIRST)]
    # Nothing is left that would be done at once, again and again.
    assert await once(clinic) == Evaluated()


async def test_what_was_put_off_is_judged_from_its_first_reading_on(clinic: Clinic) -> None:
    bad, sound = await clinic.patient(), await clinic.patient()
    await poison(clinic, bad)
    await clinic.pressure(bad, 184)
    await once(clinic)
    for attempts in (2, 3, 4):
        clinic.later(wait_after(attempts - 1))
        assert (await once(clinic)).failed == 1
        assert await put_off(clinic) == [(bad, attempts, clinic.now + wait_after(attempts))]
    await heal(clinic, bad, sound)
    clinic.later(wait_after(4))
    assert (await once(clinic)).failed == 0
    assert await states(clinic, [bad]) == [[State.AWAITING_REPEAT]]
    assert await put_off(clinic) == []
    assert clinic.memory.failing == set()


async def test_a_new_reading_of_who_is_put_off_is_not_lost_either(clinic: Clinic) -> None:
    bad, sound = await clinic.patient(), await clinic.patient()
    await poison(clinic, bad)
    await clinic.pressure(bad, 184)
    await once(clinic)
    began = clinic.now
    clinic.later(SECOND)
    await clinic.pressure(bad, 186)
    assert (await once(clinic)).failed == 1
    await heal(clinic, bad, sound)
    clinic.later(HOUR)
    await once(clinic)
    alerts = await clinic.alerts(bad)
    assert {alert.onset_at for alert in alerts if alert.rule == "bp-very-high"} == {began}


async def test_many_at_once_cost_one_try_each_from_then_on(clinic: Clinic) -> None:
    patients = [await clinic.patient() for _ in range(6)]
    for bad in patients[:4]:
        await poison(clinic, bad)
    for _ in range(2):
        for patient in patients:
            await clinic.pressure(patient, 150)
        assert (await once(clinic)).failed == 4
        assert clinic.memory.failing == set(patients[:4])
        clinic.later(MINUTE)


async def test_the_auditor_says_who_failed_more_than_once(clinic: Clinic) -> None:
    bad = await clinic.patient()
    await poison(clinic, bad)
    await clinic.pressure(bad, 184)
    said = []
    for _ in range(2):
        await once(clinic)
        async with clinic.pool.acquire() as conn:
            said.append((await audit(conn, now=clinic.now, late_s=120)).overdue["unjudged"])
        clinic.later(FIRST)
    assert said == [0, 1]


async def test_a_plan_that_ended_or_never_was_leaves_nothing_due(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    await once(clinic)
    await execute(clinic, "DELETE FROM plan_versions WHERE patient_id = $1", patient)
    clinic.later(HOUR)
    assert (await once(clinic)).failed == 0
    async with clinic.pool.acquire() as conn:
        assert await conn.fetchval("SELECT count(*) FROM due_times") == 0
    assert await once(clinic) == Evaluated()


async def test_a_step_that_fails_stops_no_other_step(clinic: Clinic) -> None:
    bad, sound = await clinic.patient(), await clinic.patient()
    for patient in (bad, sound):
        await clinic.pressure(patient, 184)
        await clinic.pressure(patient, 186, at=clinic.now + MINUTE)
    clinic.later(2 * MINUTE)
    await once(clinic)
    await poison(clinic, bad)
    clinic.later(2 * HOUR)
    await do_due(clinic.pool, now=clinic.now, base_url="http://console")
    assert {alert.escalation_level for alert in await clinic.alerts(bad)} == {0}
    assert max(alert.escalation_level for alert in await clinic.alerts(sound)) > 0
    again = await put_off(clinic)
    assert again
    assert all(at > clinic.now for _, _, at in again)
    assert await do_due(clinic.pool, now=clinic.now, base_url="http://console") == 0
    await heal(clinic, bad, sound)
    clinic.later(MINUTE)
    await do_due(clinic.pool, now=clinic.now, base_url="http://console")
    assert max(alert.escalation_level for alert in await clinic.alerts(bad)) > 0


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [(1, FIRST), (2, 2 * FIRST), (9, 512 * SECOND), (10, LAST), (11, LAST), (1000, LAST)],
)
def test_waits_double_and_end_at_ten_minutes(attempts: int, wait: dt.timedelta) -> None:
    assert wait_after(attempts) == wait
