"""Timers that wait to be logged, as pages show them."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from billing.timing import Timer
from console.timelog.words import exact
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "time.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlogged:
    id: UUID
    patient: UUID
    name: str
    seconds: int
    amount: str
    minutes: int
    """Suggested: whole ones, not rounded up."""
    started_at: dt.datetime
    counting: bool


async def unlogged_of(
    conn: Connection, organisation_id: UUID, timers: list[Timer], *, now: dt.datetime
) -> list[Unlogged]:
    """Those that have counted anything."""
    counted = [each for each in timers if each.seconds]
    rows = await conn.fetch(
        QUERIES["names"], organisation_id, [each.patient_id for each in counted]
    )
    names = {row["id"]: f"{row['family_name']}, {row['given_name']}" for row in rows}
    return [
        Unlogged(
            id=each.id,
            patient=each.patient_id,
            name=names[each.patient_id],
            seconds=each.seconds,
            amount=exact(each.seconds),
            minutes=each.suggested_minutes,
            started_at=each.started_at,
            counting=each.alive(now),
        )
        for each in counted
    ]
