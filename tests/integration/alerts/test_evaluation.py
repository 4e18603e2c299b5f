"""Readings become alerts, on a real PostgreSQL, in virtual time."""

from uuid import UUID

from alerts.evaluating.anew import judge_anew, still_queued
from alerts.life.actions import act
from alerts.life.alert import Alert, Outcome, State
from alerts.life.events import Resolve, Snooze
from care.rules import Lane, Severity
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, Clinic

NURSE = UUID("40000000-0000-0000-0000-00000000000a")


async def test_a_first_high_value_waits_for_its_repeat_and_the_home_is_asked(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    await clinic.evaluate()
    (alert,) = await clinic.alerts(patient)
    assert (alert.rule, alert.state) == ("bp-very-high", State.AWAITING_REPEAT)
    async with clinic.pool.acquire() as conn:
        asked = await conn.fetchrow("SELECT gateway_id, device, until FROM repeat_requests")
        due = await conn.fetchval("SELECT due_at FROM due_times WHERE what = 'evaluate'")
    assert asked is not None
    assert asked["until"] == clinic.now + 30 * MINUTE
    assert due > clinic.now + 30 * MINUTE


async def test_a_repeat_that_is_as_high_opens_the_alert_and_its_ladder(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    await clinic.evaluate()
    clinic.later(7 * MINUTE)
    await clinic.pressure(patient, 186)
    await clinic.evaluate()
    alert = next(each for each in await clinic.alerts(patient) if each.rule == "bp-very-high")
    assert (alert.state, alert.severity, alert.worst) == (State.OPEN, Severity.CRITICAL, 186.0)
    async with clinic.pool.acquire() as conn:
        steps = await conn.fetchval("SELECT count(*) FROM due_times WHERE what = 'escalate'")
        assert await conn.fetchval("SELECT ended_at FROM repeat_requests") == clinic.now
    assert steps >= 1


async def test_a_repeat_that_is_fine_withdraws_it_visibly(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    await clinic.evaluate()
    clinic.later(7 * MINUTE)
    await clinic.pressure(patient, 150)
    await clinic.evaluate()
    alert = next(each for each in await clinic.alerts(patient) if each.rule == "bp-very-high")
    assert alert.state is State.WITHDRAWN
    async with clinic.pool.acquire() as conn:
        why = await conn.fetchval("SELECT reason FROM alert_events WHERE event = 'withdrawn'")
    assert "150" in why


async def test_a_repeat_that_never_comes_opens_the_alert_when_its_time_is_over(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    await clinic.evaluate()
    clinic.later(30 * MINUTE)
    await clinic.evaluate()
    assert (await clinic.alerts(patient))[0].state is State.AWAITING_REPEAT
    clinic.later(MINUTE)
    await clinic.evaluate()
    (alert,) = await clinic.alerts(patient)
    assert alert.state is State.OPEN


async def test_evaluating_twice_changes_nothing(clinic: Clinic) -> None:
    patient = await clinic.patient()
    for value in (184, 186, 150):
        await clinic.pressure(patient, value)
        clinic.later(3 * MINUTE)
    await clinic.evaluate()
    before = await clinic.alerts(patient)
    assert before
    async with clinic.pool.acquire() as conn:
        events = await conn.fetchval("SELECT count(*) FROM alert_events")
        await conn.execute(
            "INSERT INTO evaluation_queue (organisation_id, measured_at, patient_id, kind,"
            " attribution) VALUES ($1, '2020-01-01', $2, 'blood_pressure', 'assigned')",
            clinic.organisation,
            patient,
        )
    done = await clinic.evaluate()
    assert (done.readings, done.changed) == (1, 0)
    assert await clinic.alerts(patient) == before
    async with clinic.pool.acquire() as conn:
        assert await conn.fetchval("SELECT count(*) FROM alert_events") == events


async def test_a_worse_reading_breaks_a_snooze(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    clinic.later(5 * MINUTE)
    await clinic.pressure(patient, 186)
    await clinic.evaluate()
    alert = next(each for each in await clinic.alerts(patient) if each.rule == "bp-very-high")
    async with clinic.pool.acquire() as conn:
        snooze = Snooze(actor=NURSE, until=clinic.now + 4 * HOUR)
        await act(
            conn, clinic.organisation, alert.id, snooze, version=alert.version, now=clinic.now
        )
    clinic.later(HOUR)
    await clinic.pressure(patient, 186)
    await clinic.evaluate()
    assert (await _one(clinic, patient)).state is State.SNOOZED
    clinic.later(HOUR)
    await clinic.pressure(patient, 187)
    await clinic.evaluate()
    assert (await _one(clinic, patient)).state is State.OPEN


async def test_values_that_stay_high_after_a_resolution_are_a_new_alert(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    clinic.later(5 * MINUTE)
    await clinic.pressure(patient, 186)
    await clinic.evaluate()
    alert = next(each for each in await clinic.alerts(patient) if each.rule == "bp-very-high")
    async with clinic.pool.acquire() as conn:
        done = Resolve(actor=NURSE, outcome=Outcome.CALLED_PATIENT, note="took a second pill")
        await act(conn, clinic.organisation, alert.id, done, version=alert.version, now=clinic.now)
    clinic.later(30 * MINUTE)
    await clinic.pressure(patient, 188)
    await clinic.evaluate()
    severe = [each for each in await clinic.alerts(patient) if each.rule == "bp-very-high"]
    assert [each.state for each in severe] == [State.RESOLVED]
    clinic.later(3 * HOUR)
    await clinic.pressure(patient, 189)
    clinic.later(2 * MINUTE)
    await clinic.pressure(patient, 189)
    await clinic.evaluate()
    severe = [each for each in await clinic.alerts(patient) if each.rule == "bp-very-high"]
    assert [each.state for each in severe] == [State.RESOLVED, State.OPEN]


async def test_a_backlog_of_three_days_is_one_item_and_pages_nobody(clinic: Clinic) -> None:
    patient = await clinic.patient()
    for hours in range(30, 100, 7):
        for minutes in (0, 3):
            at = clinic.now - hours * HOUR + minutes * MINUTE
            await clinic.pressure(patient, 186, at=at, received_at=clinic.now)
    await clinic.evaluate()
    found = await clinic.alerts(patient)
    standing = [each for each in found if each.state.standing]
    assert [(each.rule, each.lane, each.readings) for each in standing] == [
        ("late-readings", Lane.REVIEW, 20)
    ]
    assert standing[0].reason["findings"]
    async with clinic.pool.acquire() as conn:
        assert await conn.fetchval("SELECT count(*) FROM due_times WHERE what = 'escalate'") == 0


async def test_a_loose_cuff_is_to_be_checked_and_not_a_fact(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 190, flags=("cuff_too_loose",))
    await clinic.evaluate()
    (alert,) = await clinic.alerts(patient)
    assert alert.lane is Lane.NEEDS_CHECK
    assert alert.severity in {Severity.LOW, Severity.MEDIUM}


async def test_a_patient_without_a_plan_has_no_alerts_and_blocks_nobody(clinic: Clinic) -> None:
    without = await clinic.patient(programme=None)
    patient = await clinic.patient()
    await clinic.pressure(without, 190)
    await clinic.pressure(patient, 190)
    await clinic.evaluate()
    assert await clinic.alerts(without) == []
    assert len(await clinic.alerts(patient)) == 1


async def test_judging_everybody_again_finds_everything_as_it_was(clinic: Clinic) -> None:
    patients = [await clinic.patient() for _ in range(3)]
    for patient in patients:
        for value in (184, 186, 150, 139):
            await clinic.pressure(patient, value)
            clinic.later(3 * MINUTE)
    await clinic.evaluate()
    before = [await clinic.alerts(patient) for patient in patients]
    async with clinic.pool.acquire() as conn:
        since = clinic.now - 400 * DAY
        assert await judge_anew(conn, clinic.organisation, patient_id=None, since=since) == 3
    done = await clinic.evaluate()
    assert (done.patients, done.changed) == (3, 0)
    assert [await clinic.alerts(patient) for patient in patients] == before
    async with clinic.pool.acquire() as conn:
        assert await still_queued(conn, clinic.organisation) == 0


async def _one(clinic: Clinic, patient: UUID) -> Alert:
    return next(each for each in await clinic.alerts(patient) if each.rule == "bp-very-high")
