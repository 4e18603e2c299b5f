"""Hand-over to the minute, nobody on call, and people's own quiet hours."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from alerts.life.alert import Alert
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, START, Clinic
from tests.integration.alerts.test_escalation import (
    clock,
    in_team,
    minutes,
    on_call,
    person,
    severe,
    told,
)

SECOND = dt.timedelta(seconds=1)
SATURDAY_NIGHT = dt.datetime(2026, 11, 8, 3, 0, tzinfo=dt.UTC)  # Ten in the evening in New York.


async def on_call_step(clinic: Clinic, alert: Alert) -> dt.datetime:
    """When the ladder asks for who is on call."""
    async with clinic.pool.acquire() as conn:
        due: dt.datetime = await conn.fetchval(
            "SELECT due_at FROM due_times WHERE what = 'escalate' AND subject = $1 AND key = '1/1'",
            alert.id,
        )
    return due


async def whys(clinic: Clinic, alert: Alert) -> list[str]:
    async with clinic.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT why FROM escalations WHERE alert_id = $1 ORDER BY step", alert.id
        )
    return [row["why"] for row in rows]


def about_it(found: list[tuple[str, str]]) -> list[str]:
    return [who for who, rule in found if rule == "bp-very-high"]


@pytest.mark.parametrize(
    ("handed_over", "who"), [(-MINUTE, "ben"), (-SECOND, "ben"), (0 * MINUTE, "ben"),
                             (SECOND, "ana"), (MINUTE, "ana")],
)  # fmt: skip
async def test_the_schedule_is_right_to_the_second_of_a_hand_over(
    clinic: Clinic, handed_over: dt.timedelta, who: str
) -> None:
    """Who ends at an instant is not on call at it; who begins there is."""
    clinic.now = SATURDAY_NIGHT
    patient = await clinic.patient()
    ana, ben = await person(clinic, "ana"), await person(clinic, "ben", "clinician")
    alert = await severe(clinic, patient)
    step = await on_call_step(clinic, alert)
    change = step + handed_over
    await on_call(clinic, ana, change - 12 * HOUR, change)
    await on_call(clinic, ben, change, change + 12 * HOUR)
    clinic.now = step - SECOND
    await clock(clinic)
    assert about_it(await told(clinic)) == []
    clinic.now = step
    await clock(clinic)
    assert about_it(await told(clinic)) == [who]
    assert await whys(clinic, alert) == ["on call now"]


async def test_at_night_only_who_is_on_call_is_told_and_the_team_in_the_morning(
    clinic: Clinic,
) -> None:
    clinic.now = SATURDAY_NIGHT
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    dora = await person(clinic, "dora", "clinician")
    await on_call(clinic, dora, clinic.now - HOUR, clinic.now + HOUR)
    alert = await severe(clinic, patient)
    opened = clinic.now
    await minutes(clinic, 20)
    assert about_it(await told(clinic)) == ["dora"]
    async with clinic.pool.acquire() as conn:
        team = await conn.fetchval(
            "SELECT due_at FROM due_times WHERE what = 'escalate' AND subject = $1 AND key = '1/0'",
            alert.id,
        )
    assert team == dt.datetime(2026, 11, 9, 13, 0, tzinfo=dt.UTC), "Monday at eight"
    assert opened < team


async def test_with_nobody_on_call_the_next_in_line_is_told_and_the_history_says_so(
    clinic: Clinic,
) -> None:
    clinic.now = SATURDAY_NIGHT
    patient = await clinic.patient()
    await person(clinic, "ana")
    await person(clinic, "dora", "clinician")
    alert = await severe(clinic, patient)
    clinic.now = await on_call_step(clinic, alert)
    await clock(clinic)
    assert about_it(await told(clinic)) == ["dora"]
    assert await whys(clinic, alert) == ["any clinician of the clinic"]


async def test_who_cannot_sign_in_any_more_is_on_call_for_nothing(clinic: Clinic) -> None:
    clinic.now = SATURDAY_NIGHT
    patient = await clinic.patient()
    gone = await person(clinic, "gone", "clinician")
    await person(clinic, "ada", "admin")
    await on_call(clinic, gone, clinic.now - HOUR, clinic.now + DAY)
    async with clinic.pool.acquire() as conn:
        await conn.execute("UPDATE users SET disabled_at = $2 WHERE id = $1", gone, clinic.now)
    alert = await severe(clinic, patient)
    clinic.now = await on_call_step(clinic, alert)
    await clock(clinic)
    assert about_it(await told(clinic)) == ["ada"]


async def quiet(clinic: Clinic, user: UUID, start: str, end: str) -> None:
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "UPDATE contacts SET quiet_from = $2, quiet_to = $3 WHERE user_id = $1",
            user, start, end,
        )  # fmt: skip


async def leaves_at(clinic: Clinic) -> list[tuple[str, str, dt.datetime]]:
    async with clinic.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT u.username, a.severity, n.next_at FROM notifications n"
            " JOIN users u ON u.id = n.user_id JOIN alerts a ON a.id = n.alert_id"
        )
    return [(row["username"], row["severity"], row["next_at"]) for row in rows]


async def high(clinic: Clinic, patient: UUID) -> None:
    clinic.now = START + 3 * HOUR  # Ten in the morning.
    for systolic in (165, 168):
        await clinic.pressure(patient, systolic)
        clinic.later(2 * MINUTE)
    await clinic.evaluate()
    await clock(clinic)


@pytest.mark.parametrize(
    ("hours", "leaves"),
    [
        (("09:00", "11:00"), START + 4 * HOUR),
        (("11:00", "12:00"), None),
        (("09:00", "10:00"), None),
        (("22:00", "13:30"), START + 6.5 * HOUR),
    ],
)
async def test_an_alert_waits_for_the_end_of_ones_own_quiet_hours(
    clinic: Clinic, hours: tuple[str, str], leaves: dt.datetime | None
) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    await quiet(clinic, ana, *hours)
    await high(clinic, patient)
    found = [at for _, severity, at in await leaves_at(clinic) if severity == "high"]
    assert found == [leaves or clinic.now]


@pytest.mark.parametrize("why", ["critical", "on call"])
async def test_what_is_critical_and_who_is_on_call_know_no_quiet_hours(
    clinic: Clinic, why: str
) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    await quiet(clinic, ana, "00:00", "23:59")
    happens: Any = severe if why == "critical" else high
    if why == "on call":
        await on_call(clinic, ana, START, START + DAY)
    await happens(clinic, patient)
    await clock(clinic)
    severity = "critical" if why == "critical" else "high"
    found = [at for _, which, at in await leaves_at(clinic) if which == severity]
    assert found
    assert all(at <= clinic.now for at in found)
