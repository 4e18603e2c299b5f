"""Ladders in virtual time: who is told, when, once, and never again after somebody took it on."""

import asyncio
import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from alerts.life.actions import act
from alerts.life.alert import Alert, Outcome, State
from alerts.life.events import Acknowledge, Escalate, Resolve, Snooze
from alerts.telling.contacts import unreachable
from alerts.telling.due import do_due, do_one
from care.rules import Severity
from tests.ids import without_ids
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, START, Clinic

URL = "https://clinic.example.org"
AT_TEN = START + 3 * HOUR


async def person(
    clinic: Clinic, name: str, role: str = "nurse", *, contact: str | None = "email", **more: Any
) -> UUID:
    """Somebody of the clinic, and how they are reached."""
    async with clinic.pool.acquire() as conn:
        user: UUID = await conn.fetchval(
            "INSERT INTO users (organisation_id, username, password_hash, role)"
            " VALUES ($1, $2, 'x', $3) RETURNING id",
            clinic.organisation,
            name,
            role,
        )
        if contact is not None:
            await conn.execute(
                "INSERT INTO contacts (organisation_id, user_id, channel, address, min_severity)"
                " VALUES ($1, $2, $3, $4, $5)",
                clinic.organisation,
                user,
                contact,
                f"{name}@clinic.example",
                more.get("min_severity", "low"),
            )
    return user


async def in_team(clinic: Clinic, patient: UUID, user: UUID, role: str = "nurse") -> None:
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO care_team (organisation_id, patient_id, user_id, role, starts_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            clinic.organisation,
            patient,
            user,
            role,
            clinic.now - DAY,
        )


async def on_call(clinic: Clinic, user: UUID, start: dt.datetime, end: dt.datetime) -> None:
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO on_call (organisation_id, user_id, starts_at, ends_at)"
            " VALUES ($1, $2, $3, $4)",
            clinic.organisation,
            user,
            start,
            end,
        )


async def severe(clinic: Clinic, patient: UUID) -> Alert:
    """A confirmed 186, critical, in the middle of a working day."""
    clinic.now = max(clinic.now, AT_TEN)
    await clinic.pressure(patient, 184)
    clinic.later(2 * MINUTE)
    await clinic.pressure(patient, 186)
    await clinic.evaluate()
    return await very_high(clinic, patient)


async def very_high(clinic: Clinic, patient: UUID) -> Alert:
    return next(each for each in await clinic.alerts(patient) if each.rule == "bp-very-high")


async def told(clinic: Clinic, *states: str) -> list[tuple[str, str]]:
    """Who, about which alert's rule, in the order in which they were told."""
    async with clinic.pool.acquire() as conn:
        rows = await conn.fetch(
            "SELECT u.username, a.rule FROM notifications n JOIN users u ON u.id = n.user_id"
            " JOIN alerts a ON a.id = n.alert_id WHERE n.state = ANY($1)"
            " ORDER BY n.created_at, u.username",
            list(states or ("queued", "sending", "sent")),
        )
    return [(row["username"], row["rule"]) for row in rows]


async def clock(clinic: Clinic) -> int:
    return await do_due(clinic.pool, now=clinic.now, base_url=URL)


async def minutes(clinic: Clinic, count: int) -> None:
    """Minute by minute, as the ticking does."""
    for _ in range(count):
        clinic.later(MINUTE)
        await clock(clinic)


async def test_the_care_teams_nurse_is_told_at_once_and_the_next_in_line_when_nobody_answers(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await person(clinic, "ben")
    doctor = await person(clinic, "dora", "clinician")
    await in_team(clinic, patient, ana)
    await on_call(clinic, doctor, clinic.now - HOUR, clinic.now + 9 * HOUR)
    alert = await severe(clinic, patient)
    await clock(clinic)
    assert [who for who, rule in await told(clinic) if rule == "bp-very-high"] == ["ana"]
    async with clinic.pool.acquire() as conn:
        steps = [
            row["due_at"] - clinic.now
            for row in await conn.fetch(
                "SELECT due_at FROM due_times WHERE what = 'escalate' AND subject = $1"
                " ORDER BY due_at",
                alert.id,
            )
        ]
    assert steps, "the ladder has more steps"
    await minutes(clinic, int(steps[-1] / MINUTE))
    everybody = [who for who, rule in await told(clinic) if rule == "bp-very-high"]
    assert len(everybody) > 1
    assert "dora" in everybody


async def test_acknowledging_stops_what_is_still_due_and_what_has_not_left(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    alert = await severe(clinic, patient)
    await clock(clinic)
    before = await told(clinic)
    async with clinic.pool.acquire() as conn:
        now = await conn.fetchval("SELECT version FROM alerts WHERE id = $1", alert.id)
        await act(
            conn, clinic.organisation, alert.id, Acknowledge(actor=ana), version=now,
            now=clinic.now,
        )  # fmt: skip
    assert ("ana", "bp-very-high") in before
    assert ("ana", "bp-very-high") in await told(clinic, "cancelled")
    await minutes(clinic, 20)
    assert ("ana", "bp-very-high") not in await told(clinic)


async def test_an_acknowledgement_without_work_opens_it_again_and_starts_over(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    alert = await severe(clinic, patient)
    async with clinic.pool.acquire() as conn:
        await act(
            conn, clinic.organisation, alert.id, Acknowledge(actor=ana), version=alert.version,
            now=clinic.now,
        )  # fmt: skip
        again_at = await conn.fetchval(
            "SELECT due_at FROM due_times WHERE what = 'reopen' AND subject = $1", alert.id
        )
    clinic.now = again_at - dt.timedelta(seconds=1)
    await clock(clinic)
    assert (await very_high(clinic, patient)).state is State.ACKNOWLEDGED
    clinic.now = again_at
    await clock(clinic)
    again = await very_high(clinic, patient)
    assert again.generation == 2
    assert again.state in {State.OPEN, State.ESCALATED}
    assert ("ana", "bp-very-high") in await told(clinic)


@pytest.mark.parametrize(("before_s", "state"), [(1, State.SNOOZED), (0, State.ESCALATED)])
async def test_a_snooze_ends_to_the_second(clinic: Clinic, before_s: int, state: State) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    alert = await severe(clinic, patient)
    until = clinic.now + HOUR
    async with clinic.pool.acquire() as conn:
        await act(
            conn, clinic.organisation, alert.id, Snooze(actor=ana, until=until),
            version=alert.version, now=clinic.now,
        )  # fmt: skip
    clinic.now = until - dt.timedelta(seconds=before_s)
    await clock(clinic)
    assert (await very_high(clinic, patient)).state is state


async def test_a_step_is_taken_once_though_its_due_row_comes_back(clinic: Clinic) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    alert = await severe(clinic, patient)
    await clock(clinic)
    count = len(await told(clinic))
    assert count
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO due_times (organisation_id, what, subject, key, due_at)"
            " VALUES ($1, 'escalate', $2, '1/0', $3)",
            clinic.organisation,
            alert.id,
            clinic.now,
        )
    await clock(clinic)
    assert len(await told(clinic)) == count


async def test_two_replicas_that_tick_at_once_take_each_step_once(clinic: Clinic) -> None:
    ana = await person(clinic, "ana")
    for _ in range(6):
        patient = await clinic.patient()
        await in_team(clinic, patient, ana)
        await severe(clinic, patient)
        clinic.later(20 * MINUTE)

    async def replica() -> None:
        while await do_one(clinic.pool, now=clinic.now, base_url=URL):
            pass

    await asyncio.gather(*(replica() for _ in range(4)))
    await clock(clinic)
    async with clinic.pool.acquire() as conn:
        doubles = await conn.fetchval(
            "SELECT count(*) FROM (SELECT alert_id, generation, step FROM escalations"
            " GROUP BY 1, 2, 3 HAVING count(*) > 1) d"
        )
        left = await conn.fetchval(
            "SELECT count(*) FROM due_times WHERE due_at <= $1 AND what = 'escalate'", clinic.now
        )
    assert (doubles, left) == (0, 0)


async def test_several_alerts_of_one_patient_at_once_are_one_message(clinic: Clinic) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    await severe(clinic, patient)
    standing = [each for each in await clinic.alerts(patient) if each.state.standing]
    assert len(standing) > 1, "a confirmed value and a session mean"
    await clock(clinic)
    assert [who for who, _ in await told(clinic)].count("ana") <= 2


async def test_contacts_that_want_only_grave_alerts_are_left_alone_by_others(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana", min_severity="critical")
    ben = await person(clinic, "ben", min_severity="high")
    await in_team(clinic, patient, ana)
    await in_team(clinic, patient, ben)
    for systolic in (165, 168):
        await clinic.pressure(patient, systolic)
        clinic.later(2 * MINUTE)
    await clinic.evaluate()
    found = [each for each in await clinic.alerts(patient) if each.severity is Severity.HIGH]
    assert found
    await clock(clinic)
    assert {who for who, _ in await told(clinic)} <= {"ben"}


async def test_no_message_says_anything_about_a_patient(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await in_team(clinic, patient, await person(clinic, "ana"))
    await severe(clinic, patient)
    await clock(clinic)
    async with clinic.pool.acquire() as conn:
        texts = [
            f"{row['subject']} {row['body']}"
            for row in await conn.fetch("SELECT subject, body FROM notifications")
        ]
        person_row = await conn.fetchrow("SELECT * FROM patients WHERE id = $1", patient)
    assert texts
    assert person_row is not None
    for text in texts:
        assert str(patient) not in text
        said = without_ids(text)
        for secret in ("186", "184", "pressure", "systolic", "Person"):
            assert secret not in said
        assert person_row["mrn"] not in said.replace(".org", "")


async def test_who_was_found_and_why_is_kept_also_when_nobody_was(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await severe(clinic, patient)
    await clock(clinic)
    async with clinic.pool.acquire() as conn:
        whys = [row["why"] for row in await conn.fetch("SELECT why FROM escalations")]
    assert whys
    assert all("nobody found" in why for why in whys)


async def test_handing_it_up_tells_the_next_in_line_at_once(clinic: Clinic) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    doctor = await person(clinic, "dora", "clinician")
    await in_team(clinic, patient, ana)
    await on_call(clinic, doctor, AT_TEN - HOUR, AT_TEN + HOUR)
    alert = await severe(clinic, patient)
    async with clinic.pool.acquire() as conn:
        after = await act(
            conn, clinic.organisation, alert.id, Escalate(actor=ana, reason="needs a doctor"),
            version=alert.version, now=clinic.now,
        )  # fmt: skip
    assert after.state is State.ESCALATED
    await clock(clinic)
    assert ("dora", "bp-very-high") in await told(clinic)


async def test_a_resolved_alert_tells_nobody_any_more(clinic: Clinic) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana")
    await in_team(clinic, patient, ana)
    alert = await severe(clinic, patient)
    async with clinic.pool.acquire() as conn:
        done = Resolve(actor=ana, outcome=Outcome.CALLED_PATIENT, note="spoke to her")
        await act(conn, clinic.organisation, alert.id, done, version=alert.version, now=clinic.now)
        assert not await conn.fetchval(
            "SELECT count(*) FROM due_times WHERE subject = $1", alert.id
        )
    await minutes(clinic, 20)
    assert "bp-very-high" not in [rule for _, rule in await told(clinic)]


async def test_an_alert_that_somebody_holds_holds_up_no_other(clinic: Clinic) -> None:
    """A replica that is paused in the middle holds its locks for up to a minute."""
    await in_team(clinic, first := await clinic.patient(), ana := await person(clinic, "ana"))
    await in_team(clinic, second := await clinic.patient(), ana)
    held = await severe(clinic, first)
    clinic.later(2 * MINUTE)
    await severe(clinic, second)
    clinic.later(MINUTE)
    async with clinic.pool.acquire() as conn, conn.transaction():
        await conn.fetchrow("SELECT * FROM alerts WHERE id = $1 FOR UPDATE", held.id)
        assert await do_due(clinic.pool, now=clinic.now, base_url=URL) >= 1
        told = await clinic.pool.fetch("SELECT DISTINCT patient_id FROM notifications")
        assert second in {row["patient_id"] for row in told}
        steps = "SELECT count(*) FROM escalations WHERE alert_id = $1"
        assert await clinic.pool.fetchval(steps, held.id) == 0
    await do_due(clinic.pool, now=clinic.now, base_url=URL)
    assert await clinic.pool.fetchval(steps, held.id) == 1


async def test_handing_it_up_to_who_cannot_be_reached_is_on_record(clinic: Clinic) -> None:
    patient = await clinic.patient()
    ana = await person(clinic, "ana", contact=None)
    await in_team(clinic, patient, ana)
    alert = await severe(clinic, patient)
    async with clinic.pool.acquire() as conn:
        await act(
            conn, clinic.organisation, alert.id, Acknowledge(actor=ana), version=alert.version,
            now=clinic.now,
        )  # fmt: skip
        await act(
            conn, clinic.organisation, alert.id, Escalate(actor=ana, reason="needs a doctor"),
            version=alert.version + 1, now=clinic.now,
        )  # fmt: skip
    await clock(clinic)
    async with clinic.pool.acquire() as conn:
        by_hand = await conn.fetch(
            "SELECT why FROM escalations WHERE alert_id = $1 AND step >= 100", alert.id
        )
        left = await conn.fetchval(
            "SELECT count(*) FROM due_times WHERE subject = $1 AND what = 'escalate'", alert.id
        )
    assert len(by_hand) == 1
    assert left > 0, "the ladder goes on"


async def test_a_clinic_in_which_nobody_can_be_told_is_named(clinic: Clinic) -> None:
    async with clinic.pool.acquire() as conn:
        assert await unreachable(conn, now=clinic.now) == []
        await clinic.patient()
        await person(clinic, "ana", contact=None)
        assert await unreachable(conn, now=clinic.now) == ["Clinic"]
        await person(clinic, "ben")
        assert await unreachable(conn, now=clinic.now) == []
