"""A step of a ladder is taken: once, whoever takes it, and everybody told once."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Record
from msgspec import Struct
from structlog import get_logger

from alerts.life.alert import Alert
from alerts.life.lifecycle import Policy
from alerts.telling.notices import Notice, notice_for
from alerts.telling.quiet_hours import awake_at, own_or
from alerts.telling.recipients import Chosen, Colleague, whom
from care.rules import RANK, Severity
from store.pool import Connection
from store.queries import load

log = get_logger()

QUERIES: Final = load("alerts", "due.sql")
BUNDLE: Final = dt.timedelta(minutes=10)
"""Alerts of one patient that open together are one message to each person."""
BY_HAND: Final = 100
"""Steps that a person asked for are on record from this number on, beside those of the ladder."""
EXPIRES: Final = dt.timedelta(hours=24)


class Told(Struct, frozen=True, kw_only=True):
    people: tuple[UUID, ...]
    messages: int
    why: str


async def take_step(
    conn: Connection,
    alert: Alert,
    *,
    generation: int,
    step: int,
    due_at: dt.datetime,
    now: dt.datetime,
    policy: Policy,
    base_url: str,
) -> Told | None:
    """None where the step was taken before. In the caller's transaction, with the alert locked."""
    ladder = policy.ladder(alert)
    if ladder is None or step >= len(ladder.steps):
        return None
    chosen = whom(ladder.steps[step], await _colleagues(conn, alert, now))
    ways = await _ways(conn, alert, chosen.people, now=now)
    if not await _noted(
        conn, alert, chosen, ways, generation=generation, step=step, due_at=due_at, now=now
    ):
        return None
    key = f"{alert.id}/{generation}/{step}"
    return await _told(conn, alert, chosen, ways, key=key, now=now, base_url=base_url)


async def take_by_hand(
    conn: Connection,
    alert: Alert,
    *,
    step: int,
    key: str,
    now: dt.datetime,
    policy: Policy,
    base_url: str,
) -> Told | None:
    """A person pressed "escalate": that step's people are told, whether or not they were before."""
    ladder = policy.ladder(alert)
    if ladder is None or step >= len(ladder.steps):
        return None
    chosen = whom(ladder.steps[step], await _colleagues(conn, alert, now))
    ways = await _ways(conn, alert, chosen.people, now=now)
    await _noted(
        conn, alert, chosen, ways, generation=alert.generation,
        step=BY_HAND + alert.escalation_level, due_at=now, now=now,
    )  # fmt: skip
    key = f"{alert.id}/{key}"
    return await _told(conn, alert, chosen, ways, key=key, now=now, base_url=base_url)


async def _noted(
    conn: Connection,
    alert: Alert,
    chosen: Chosen,
    ways: Sequence["_Way"],
    *,
    generation: int,
    step: int,
    due_at: dt.datetime,
    now: dt.datetime,
) -> bool:
    """The step on record: whom it found, why them, and whether any message goes to them.

    False where it is there already: the step was taken before.
    """
    taken = await conn.fetchval(
        QUERIES["take_step"],
        alert.id,
        generation,
        step,
        alert.organisation_id,
        due_at,
        now,
        [each.id for each in chosen.people],
        _why(chosen, ways),
    )
    return taken is not None


def _why(chosen: Chosen, ways: Sequence["_Way"]) -> str:
    if ways or not chosen.people:
        return chosen.why
    return f"{chosen.why}; no message: no contact that wants it, or told just now"


async def _told(
    conn: Connection,
    alert: Alert,
    chosen: Chosen,
    ways: Sequence["_Way"],
    *,
    key: str,
    now: dt.datetime,
    base_url: str,
) -> Told:
    """Queue a message for each way to reach each of them; the same key queues nothing again."""
    notice = notice_for(alert, base_url=base_url)
    await _queue(conn, alert, notice, ways, key=key, now=now)
    why = _why(chosen, ways)
    log.info(
        "escalation", alert=str(alert.id), people=len(chosen.people), messages=len(ways), why=why
    )
    return Told(people=tuple(each.id for each in chosen.people), messages=len(ways), why=why)


async def _colleagues(conn: Connection, alert: Alert, now: dt.datetime) -> Sequence[Colleague]:
    found = await conn.fetch(QUERIES["people"], alert.organisation_id, alert.patient_id, now)
    return [Colleague(**dict(row)) for row in found]


_Way = tuple[UUID, str, str, dt.datetime]  # Person, channel, address, not before.


async def _ways(
    conn: Connection, alert: Alert, people: Sequence[Colleague], *, now: dt.datetime
) -> list[_Way]:
    """Contacts that want alerts as grave as this, of people not told of its like just now."""
    if not people:
        return []
    as_grave = [str(each) for each in Severity if RANK[each] >= RANK[alert.severity]]
    bundled: set[UUID] = set()
    if alert.patient_id is not None:
        rows = await conn.fetch(
            QUERIES["told_lately"], alert.patient_id, alert.id, now - BUNDLE, as_grave
        )
        bundled = {row["user_id"] for row in rows}
    contacts = await conn.fetch(QUERIES["contacts"], [each.id for each in people])
    at_once = _through_the_night(alert, people)
    return [
        (row["user_id"], row["channel"], row["address"], _at(row, now, at_once=at_once))
        for row in contacts
        if row["user_id"] not in bundled
        and RANK[Severity(row["min_severity"])] <= RANK[alert.severity]
    ]


def _through_the_night(alert: Alert, people: Sequence[Colleague]) -> frozenset[UUID]:
    """Whose quiet hours do not count: nobody's where it is critical, nor of who is on call."""
    critical = alert.severity is Severity.CRITICAL
    return frozenset(each.id for each in people if critical or each.on_call)


def _at(contact: Record, now: dt.datetime, *, at_once: frozenset[UUID]) -> dt.datetime:
    if contact["user_id"] in at_once:
        return now
    quiet = own_or(contact["quiet_from"], contact["quiet_to"], None)
    return awake_at(now, quiet, ZoneInfo(contact["time_zone"]))


async def _queue(
    conn: Connection,
    alert: Alert,
    notice: Notice,
    ways: Sequence[_Way],
    *,
    key: str,
    now: dt.datetime,
) -> None:
    if not ways:
        return
    await conn.execute(
        QUERIES["notify"],
        alert.organisation_id,
        alert.id,
        alert.patient_id,
        notice.subject,
        notice.body,
        now,
        now + EXPIRES,
        [person for person, _, _, _ in ways],
        [channel for _, channel, _, _ in ways],
        [address for _, _, address, _ in ways],
        [f"{key}/{person}/{channel}/{address}" for person, channel, address, _ in ways],
        [at for _, _, _, at in ways],
    )
