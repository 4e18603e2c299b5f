"""What is missing is found, named by its cause, and over when it is: on a real PostgreSQL."""

import asyncio
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from alerts.explanation import explained
from alerts.life.actions import act
from alerts.life.alert import Outcome, State
from alerts.life.events import Snooze
from alerts.technical.sweep import Sweeper
from alerts.telling.due import do_due
from care.rules import Lane, Severity
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, Clinic
from tests.integration.alerts.homes import ZONE, Home, home, items, lives, sweep
from tests.integration.alerts.sweeping import HEART, ONLY_WEIGHT, resolve
from tests.integration.alerts.test_evaluation import NURSE


async def _events(clinic: Clinic) -> list[str]:
    async with clinic.pool.acquire() as conn:
        found = await conn.fetch("SELECT event FROM alert_events ORDER BY id")
    return [row["event"] for row in found]


@pytest.mark.parametrize(("minutes", "count"), [(59, 0), (60, 1), (61, 1)])
async def test_a_hub_is_offline_after_its_minutes(clinic: Clinic, minutes: int, count: int) -> None:
    hub = await home(clinic)
    await hub.device(await clinic.patient(programme=HEART))
    clinic.later(minutes * MINUTE)
    await sweep(clinic)
    assert len(await items(clinic)) == count


async def test_one_hub_that_is_silent_is_one_item_whoever_waits_behind_it(clinic: Clinic) -> None:
    hub = await home(clinic)
    both = [await clinic.patient(programme=HEART) for _ in range(2)]
    for _ in range(3):
        await hub.device(*both)
    clinic.later(5 * DAY)
    await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.rule, item.subject_kind, item.subject) == (
        "gateway-offline", "gateway", "home-0007",
    )  # fmt: skip
    assert (item.lane, item.severity, item.latch) == (Lane.TECHNICAL, Severity.MEDIUM, False)
    assert explained(item, zone=ZONE) == (
        "Hub home-0007 has not been heard since 07:00 on 2 Nov; 2 patients are waiting behind it"
    )


async def test_a_hub_that_is_back_clears_visibly_and_leaves_the_queue_later(
    clinic: Clinic,
) -> None:
    hub = await home(clinic)
    clinic.later(2 * HOUR)
    await hub.leaves()
    await sweep(clinic)
    clinic.later(HOUR)
    await hub.speaks()
    await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.state, item.cleared_why) == (State.OPEN, "the hub is heard again")
    assert await _events(clinic) == ["opened", "cleared"]
    await lives(clinic, [hub], 73 * HOUR)
    await do_due(clinic.pool, now=clinic.now, base_url="")
    await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.state, item.outcome) == (State.RESOLVED, Outcome.AUTO_CLEARED)


async def test_a_hub_that_goes_again_while_its_item_stands_is_the_same_item(
    clinic: Clinic,
) -> None:
    hub = await home(clinic)
    clinic.later(2 * HOUR)
    await sweep(clinic)
    await hub.speaks()
    await sweep(clinic)
    clinic.later(2 * HOUR)
    await sweep(clinic)
    (item,) = await items(clinic)
    assert item.cleared_at is None
    assert await _events(clinic) == ["opened", "cleared", "recurred"]


async def test_sweeping_twice_changes_nothing(clinic: Clinic) -> None:
    first, second = await home(clinic, "home-1"), await home(clinic, "home-2")
    patient = await clinic.patient(programme=HEART)
    scale = await second.device(patient)
    second.noted(scale, battery=10)
    await first.device(await clinic.patient(programme=HEART))
    await lives(clinic, [second], 4 * DAY)
    done = await sweep(clinic)
    before, events = await items(clinic), await _events(clinic)
    assert done.opened == len(before) == 3
    again = await sweep(clinic)
    assert (again.opened, again.changed) == (0, 0)
    assert (await items(clinic), await _events(clinic)) == (before, events)


async def test_two_replicas_at_once_make_no_doubles(clinic: Clinic) -> None:
    homes = [await home(clinic, f"home-{number}") for number in range(20)]
    clinic.later(MINUTE)
    for each in homes:
        await each.device(await clinic.patient(programme=HEART))
        await each.leaves()
    clinic.later(2 * HOUR)
    await asyncio.gather(*(sweep(clinic) for _ in range(4)))
    await sweep(clinic)
    assert len(await items(clinic)) == 20
    assert await _events(clinic) == ["opened"] * 20


async def test_what_a_nurse_resolved_rests_until_its_cause_has_ended_once(clinic: Clinic) -> None:
    hub = await home(clinic)
    clinic.later(2 * HOUR)
    await sweep(clinic)
    await resolve(clinic, (await items(clinic))[0])
    clinic.later(6 * DAY)
    await sweep(clinic)
    assert len(await items(clinic)) == 1
    await hub.speaks()
    await sweep(clinic)
    clinic.later(HOUR)
    await sweep(clinic)
    first, second = await items(clinic)
    assert (first.state, first.cleared_why) == (State.RESOLVED, "the hub is heard again")
    assert (second.state, second.onset_at) == (State.OPEN, clinic.now - HOUR)


@pytest.mark.parametrize(("more", "count"), [(-MINUTE, 1), (dt.timedelta(0), 2), (MINUTE, 2)])
async def test_a_week_after_a_resolution_what_still_stands_is_a_new_item(
    clinic: Clinic, more: dt.timedelta, count: int
) -> None:
    await home(clinic)
    clinic.later(2 * HOUR)
    await sweep(clinic)
    await resolve(clinic, (await items(clinic))[0])
    clinic.later(7 * DAY + more)
    await sweep(clinic)
    await sweep(clinic)
    assert len(await items(clinic)) == count


async def test_a_snoozed_item_stays_so_while_nothing_is_worse(clinic: Clinic) -> None:
    await home(clinic)
    clinic.later(2 * HOUR)
    await sweep(clinic)
    (item,) = await items(clinic)
    snooze = Snooze(actor=NURSE, until=clinic.now + DAY)
    async with clinic.pool.acquire() as conn:
        await act(conn, clinic.organisation, item.id, snooze, version=item.version, now=clinic.now)
    clinic.later(HOUR)
    await sweep(clinic)
    assert (await items(clinic))[0].state is State.SNOOZED


async def test_a_hub_that_was_never_heard_is_its_own_cause(clinic: Clinic) -> None:
    hub = await home(clinic, speaks=False)
    await hub.device(await clinic.patient(programme=HEART))
    clinic.later(DAY - MINUTE)
    await sweep(clinic)
    assert await items(clinic) == []
    clinic.later(MINUTE)
    await sweep(clinic)
    (item,) = await items(clinic)
    assert item.rule == "gateway-never-online"
    await hub.speaks()
    await sweep(clinic)
    (item,) = await items(clinic)
    assert item.cleared_at == clinic.now


async def test_a_line_that_is_down_is_no_home_s_fault(clinic: Clinic) -> None:
    homes = [await home(clinic, f"home-{number}") for number in range(5)]
    for each in homes:
        await each.device(await clinic.patient(programme=HEART))
    await lives(clinic, homes, HOUR)
    clinic.later(3 * HOUR)  # Ingest is down.
    swept = await sweep(clinic)
    assert swept.silent_since == clinic.now - 3 * HOUR
    assert await items(clinic) == []
    await homes[0].speaks()  # It is up; four have not spoken yet.
    assert (await sweep(clinic)).silent_since is None
    assert await items(clinic) == []
    await lives(clinic, homes[:4], HOUR)
    await sweep(clinic)
    assert [each.subject for each in await items(clinic, "gateway-offline")] == ["home-4"]


async def test_a_clinic_of_which_no_hub_is_heard_while_others_are_is_offline(
    clinic: Clinic,
) -> None:
    silent = [await home(clinic, f"home-{number}") for number in range(4)]
    async with clinic.pool.acquire() as conn:
        other = await conn.fetchval(
            "INSERT INTO organisations (name) VALUES ('Another') RETURNING id"
        )
        await conn.execute(
            "INSERT INTO gateways (id, organisation_id, enrolled_at) VALUES ('far-1', $1, $2)",
            other,
            clinic.now,
        )
    far = Home(clinic, "far-1")
    await far.speaks()
    await lives(clinic, [far], HOUR)
    await sweep(clinic)
    assert len(await items(clinic, "gateway-offline")) == len(silent)


async def test_a_patient_who_does_not_measure_is_a_compliance_item(clinic: Clinic) -> None:
    hub = await home(clinic)
    patient = await clinic.patient(programme=HEART, overrides=ONLY_WEIGHT)
    scale = await hub.device(patient)
    await hub.weighs(patient, scale)  # Monday, 07:00.
    hub.noted(scale, last_seen=clinic.now)
    await lives(clinic, [hub], 2 * DAY + 5 * HOUR - MINUTE)  # Wednesday, 11:59.
    await lives(clinic, [hub], 10 * MINUTE)
    clinic.now = dt.datetime(2026, 11, 4, 11, 59, tzinfo=ZONE)
    await hub.speaks()
    await sweep(clinic)
    assert await items(clinic) == []
    clinic.later(MINUTE)
    await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.rule, item.lane, item.severity) == (
        "missed-measurements", Lane.COMPLIANCE, Severity.LOW,
    )  # fmt: skip
    assert (item.patient_id, item.subject) == (patient, str(patient))
    assert item.plan_version_id is not None
    assert explained(item, zone=ZoneInfo("America/New_York")) == (
        "No weight on 2 expected days in a row (the last was on 2 Nov), and its device was not in"
        " use since: not measured, or its battery is empty"
    )
    await lives(clinic, [hub], 2 * DAY)
    await sweep(clinic)
    (item,) = await items(clinic)
    assert item.severity is Severity.MEDIUM
    await hub.weighs(patient, scale)
    await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.cleared_at, item.cleared_why) == (clinic.now, "measured again")
    assert await _events(clinic) == ["opened", "worse", "cleared"]


async def test_a_hub_that_goes_takes_over_from_what_its_patients_missed(clinic: Clinic) -> None:
    hub = await home(clinic)
    patient = await clinic.patient(programme=HEART, overrides=ONLY_WEIGHT)
    await hub.device(patient)
    await lives(clinic, [hub], 3 * DAY)
    await sweep(clinic)
    assert [each.rule for each in await items(clinic)] == ["device-unseen"]
    clinic.later(2 * HOUR)
    await sweep(clinic)
    unseen, offline = await items(clinic)
    assert offline.rule == "gateway-offline"
    assert unseen.cleared_why == "the hub home-0007 is offline: see its item"


async def test_readings_of_an_outage_have_time_to_come_before_anybody_missed_them(
    clinic: Clinic,
) -> None:
    hub = await home(clinic)
    patient = await clinic.patient(programme=HEART, overrides=ONLY_WEIGHT)
    scale = await hub.device(patient)
    await hub.weighs(patient, scale)
    clinic.later(4 * DAY)
    await sweep(clinic)
    await hub.speaks()
    await sweep(clinic)
    clinic.later(5 * MINUTE)
    await hub.speaks()
    await sweep(clinic)
    assert [each.rule for each in await items(clinic)] == ["gateway-offline"]
    await hub.weighs(patient, scale, at=clinic.now - HOUR)
    await lives(clinic, [hub], HOUR)
    await sweep(clinic)
    assert [each.rule for each in await items(clinic)] == ["gateway-offline"]


async def test_an_item_that_somebody_touched_meanwhile_is_left_for_the_next_sweep(
    clinic: Clinic,
) -> None:
    hub = await home(clinic)
    clinic.later(2 * HOUR)
    await sweep(clinic)
    (item,) = await items(clinic)
    await hub.speaks()
    sweeper = Sweeper(clinic.pool)
    async with clinic.pool.acquire() as conn, conn.transaction():
        snooze = Snooze(actor=NURSE, until=clinic.now + DAY)
        await act(conn, clinic.organisation, item.id, snooze, version=item.version, now=clinic.now)
        sweeping = asyncio.create_task(sweep(clinic, sweeper))
        async with asyncio.timeout(60), clinic.pool.acquire() as other:
            while not await other.fetchval(  # noqa: ASYNC110 - a lock of the database is no event
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ):
                await asyncio.sleep(0.01)
    await sweeping
    (item,) = await items(clinic)
    assert (item.state, item.cleared_at) == (State.SNOOZED, None)
    await sweep(clinic, sweeper)
    (item,) = await items(clinic)
    assert (item.state, item.cleared_at) == (State.SNOOZED, clinic.now)
