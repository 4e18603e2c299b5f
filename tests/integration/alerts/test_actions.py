"""What people do to alerts, on a real PostgreSQL: once, in order, and never over each other."""

import asyncio
import datetime as dt
from uuid import UUID

import pytest

from alerts.life import rows
from alerts.life.actions import act
from alerts.life.alert import Alert, Outcome, State
from alerts.life.errors import ClaimHeld, NoSuchAlert, NotAllowed, StaleAlert
from alerts.life.events import Acknowledge, Claim, Confirmed, Note, Release, Reopen, Resolve, Snooze
from alerts.life.lifecycle import Policy, opened
from care.programme import Ladder, Step
from care.rules import Lane, Severity
from store.pool import Connection, Pool

NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
ALERT = UUID("30000000-0000-0000-0000-000000000003")
LADDER = Ladder(
    severity=Severity.CRITICAL,
    acknowledge_min=15,
    steps=(Step(after_min=0, to="nurse"), Step(after_min=15, to="on_call", hours="always")),
)
POLICY = Policy(ladders=(LADDER,))


@pytest.fixture
async def clinic(pool: Pool) -> tuple[UUID, UUID, UUID]:
    """An organisation and two nurses."""
    async with pool.acquire() as conn:
        organisation = await conn.fetchval(
            "INSERT INTO organisations (name) VALUES ('Clinic') RETURNING id"
        )
        nurses = [
            await conn.fetchval(
                "INSERT INTO users (organisation_id, username, password_hash, role)"
                " VALUES ($1, $2, 'x', 'nurse') RETURNING id",
                organisation,
                name,
            )
            for name in ("ana", "ben")
        ]
    return organisation, nurses[0], nurses[1]


async def open_alert(conn: Connection, organisation: UUID) -> Alert:
    alert = Alert(
        id=ALERT,
        organisation_id=organisation,
        patient_id=UUID(int=7),
        subject_kind="patient",
        subject=str(UUID(int=7)),
        lane=Lane.MEDICAL,
        rule="bp-severe",
        label="Systolic at or above 180",
        plan_version_id=None,
        kind="blood_pressure",
        metric="systolic",
        severity=Severity.CRITICAL,
        peak=Severity.CRITICAL,
        state=State.OPEN,
        onset_reading=UUID(int=9),
        onset_at=NOW,
        last_at=NOW,
        cleared_at=None,
        cleared_why=None,
        readings=1,
        value=184.0,
        worst=184.0,
        bound={"metric": "systolic", "op": ">=", "value": 180},
        reason={"code": "limit"},
        late=False,
        latch=True,
        opened_at=NOW,
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledge_by=None,
        snoozed_until=None,
        escalation_level=0,
        generation=1,
        ended_at=None,
        ended_by=None,
        outcome=None,
        updated_at=NOW,
        version=1,
    )
    change = opened(alert, Confirmed(why="repeat crossed"), policy=POLICY)
    async with conn.transaction():
        await rows.save(conn, [change], now=NOW)
    return change.alert


async def test_an_alert_comes_back_from_its_row_as_it_was_written(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    async with pool.acquire() as conn:
        written = await open_alert(conn, clinic[0])
        assert await rows.find(conn, clinic[0], ALERT) == written
        due = await conn.fetch("SELECT key, due_at FROM due_times ORDER BY key")
    assert [tuple(row) for row in due] == [
        ("1/0", NOW),
        ("1/1", NOW + dt.timedelta(minutes=15)),
    ]


async def test_another_organisation_does_not_find_it(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    async with pool.acquire() as conn:
        await open_alert(conn, clinic[0])
        with pytest.raises(NoSuchAlert):
            await act(
                conn, UUID(int=1), ALERT, Note(actor=clinic[1], text="who?"), version=None, now=NOW
            )


async def test_acknowledging_stops_what_is_still_due(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    organisation, ana, _ = clinic
    async with pool.acquire() as conn:
        await open_alert(conn, organisation)
        after = await act(conn, organisation, ALERT, Acknowledge(actor=ana), version=1, now=NOW)
        assert (after.state, after.acknowledged_by, after.version) == (State.ACKNOWLEDGED, ana, 2)
        assert await conn.fetchval("SELECT count(*) FROM due_times WHERE what = 'escalate'") == 0


async def test_who_comes_second_is_told_what_the_first_did(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    organisation, ana, ben = clinic
    async with pool.acquire() as conn:
        await open_alert(conn, organisation)
        await act(conn, organisation, ALERT, Acknowledge(actor=ana), version=1, now=NOW)
        with pytest.raises(StaleAlert, match="acknowledged by ana") as stale:
            await act(conn, organisation, ALERT, Acknowledge(actor=ben), version=1, now=NOW)
    assert stale.value.alert.version == 2


async def test_two_at_once_change_it_once(pool: Pool, clinic: tuple[UUID, UUID, UUID]) -> None:
    organisation, ana, ben = clinic
    async with pool.acquire() as conn:
        await open_alert(conn, organisation)

    async def acknowledge(who: UUID) -> Alert:
        async with pool.acquire() as mine:
            return await act(mine, organisation, ALERT, Acknowledge(actor=who), version=1, now=NOW)

    answers = await asyncio.gather(acknowledge(ana), acknowledge(ben), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Alert", "StaleAlert"]


async def test_a_retried_request_is_one_row_of_history(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    organisation, ana, _ = clinic
    async with pool.acquire() as conn:
        await open_alert(conn, organisation)
        answers = [
            await act(
                conn,
                organisation,
                ALERT,
                Acknowledge(actor=ana),
                version=1,
                now=NOW,
                idempotency_key="k1",
            )
            for _ in range(2)
        ]
        count = await conn.fetchval("SELECT count(*) FROM alert_events")
    assert ([each.version for each in answers], count) == ([2, 2], 2)


async def test_a_claim_is_one_persons_until_it_ends(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    organisation, ana, ben = clinic
    async with pool.acquire() as conn:
        await open_alert(conn, organisation)
        await act(conn, organisation, ALERT, Claim(actor=ana), version=1, now=NOW)
        with pytest.raises(ClaimHeld, match="ana is looking"):
            await act(conn, organisation, ALERT, Claim(actor=ben), version=2, now=NOW)
        later = NOW + dt.timedelta(minutes=10)
        taken = await act(conn, organisation, ALERT, Claim(actor=ben), version=2, now=later)
        assert taken.version == 3
        await act(conn, organisation, ALERT, Release(actor=ben), version=3, now=later)
        assert await conn.fetchval("SELECT count(*) FROM alert_claims") == 0


async def test_the_claim_of_somebody_who_has_left_holds_up_nobody(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    organisation, ana, ben = clinic
    async with pool.acquire() as conn:
        await open_alert(conn, organisation)
        await act(conn, organisation, ALERT, Claim(actor=ana), version=1, now=NOW)
        await conn.execute("UPDATE users SET disabled_at = $2 WHERE id = $1", ana, NOW)
        taken = await act(conn, organisation, ALERT, Claim(actor=ben), version=2, now=NOW)
    assert taken.version == 3


async def test_history_cannot_be_changed(pool: Pool, clinic: tuple[UUID, UUID, UUID]) -> None:
    async with pool.acquire() as conn:
        await open_alert(conn, clinic[0])
        for statement in ("UPDATE alert_events SET reason = 'no'", "DELETE FROM alert_events"):
            with pytest.raises(Exception, match="append-only"):
                await conn.execute(statement)


async def test_a_resolved_alert_can_be_reopened_and_starts_its_ladder_anew(
    pool: Pool, clinic: tuple[UUID, UUID, UUID]
) -> None:
    organisation, ana, _ = clinic
    async with pool.acquire() as conn:
        await open_alert(conn, organisation)
        done = Resolve(actor=ana, outcome=Outcome.CALLED_PATIENT, note="spoke to her", minutes=6)
        await act(conn, organisation, ALERT, done, version=1, now=NOW)
        snooze = Snooze(actor=ana, until=NOW + dt.timedelta(hours=1))
        with pytest.raises(NotAllowed, match="resolved; reopen it first"):
            await act(conn, organisation, ALERT, snooze, version=2, now=NOW)
        again = await act(
            conn, organisation, ALERT, Reopen(actor=ana, reason="she called back"), version=2,
            now=NOW,
        )  # fmt: skip
    assert (again.state, again.generation, again.outcome) == (State.OPEN, 2, None)
