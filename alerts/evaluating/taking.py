"""What is to be evaluated now: rows off the queue and patients due by the clock, each once."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from store.pool import Connection
from store.queries import load
from vitals.kinds import Kind

QUERIES: Final = load("alerts", "evaluation.sql")


FEW: Final = 3
FLOOD: Final = 100
"""So many times as much is taken where it is about FEW patients: what one of them sends at once is
judged at once, and not over and over with each part of it."""


class Task(Struct, frozen=True, kw_only=True):
    """One patient, to be judged from an instant on, for the kinds that have changed."""

    patient_id: UUID
    organisation_id: UUID
    since: dt.datetime
    kinds: frozenset[Kind]
    anew: bool = False
    """Readings, or plans, may be gone that counted before: what rested on them is judged whole."""
    attempts: int = 0
    """How often it could not be judged before."""


class Taken(Struct, frozen=True, kw_only=True):
    """Locked until the transaction ends; rows of patients that somebody else evaluates are left."""

    tasks: tuple[Task, ...]
    positions: tuple[int, ...]
    """Of the queue, to be deleted when done: those of nobody's readings too."""
    due_ids: tuple[int, ...]
    oldest: dt.datetime | None
    """When the oldest of the rows was queued."""
    full: bool
    """There may be more."""


async def take(conn: Connection, *, now: dt.datetime, most: int) -> Taken:
    queued = await conn.fetch(QUERIES["take"], most)
    due = await conn.fetch(QUERIES["due"], now, most)
    if len(queued) == most and len({row["patient_id"] for row in queued}) <= FEW:
        queued = await conn.fetch(QUERIES["take"], most * FLOOD)
    wanted = {row["patient_id"] for row in (*queued, *due)} - {None}
    mine = await _own(conn, wanted)
    full = len(queued) >= most and bool(mine)
    queued = [row for row in queued if row["patient_id"] is None or row["patient_id"] in mine]
    due = [row for row in due if row["patient_id"] in mine]
    return Taken(
        tasks=tuple(tasks(queued, due)),
        positions=tuple(row["position"] for row in queued),
        due_ids=tuple(row["id"] for row in due),
        oldest=min((row["enqueued_at"] for row in queued), default=None),
        full=full,
    )


async def done(conn: Connection, taken: Taken) -> None:
    if taken.positions:
        await conn.execute(QUERIES["evaluated"], list(taken.positions))
    if taken.due_ids:
        await conn.execute(QUERIES["no_longer_due"], list(taken.due_ids))


def tasks(queued: Iterable[Any], due: Iterable[Any]) -> list[Task]:
    """One task a patient. A row without a reading, or a kind, asks for all from its instant on."""
    since: dict[UUID, dt.datetime] = {}
    kinds: dict[UUID, set[Kind]] = {}
    organisations: dict[UUID, UUID] = {}
    attempts: dict[UUID, int] = {}
    anew: set[UUID] = set()
    rows = [
        *((row, row["measured_at"], row["reading_id"] is None, 0) for row in queued),
        *((row, row["since"], row["kind"] is None, row["attempts"]) for row in due),
    ]
    for row, at, everything, tried in rows:
        patient = row["patient_id"]
        if patient is None:  # Nobody's reading: alerts.technical.sweep sees it where it stands.
            continue
        since[patient] = min(since.get(patient, at), at)
        kinds.setdefault(patient, set()).update(Kind if everything else {Kind(row["kind"])})
        organisations[patient] = row["organisation_id"]
        if everything:
            anew.add(patient)
        attempts[patient] = max(attempts.get(patient, 0), tried)
    return [
        Task(
            patient_id=patient,
            organisation_id=organisations[patient],
            since=at,
            kinds=frozenset(kinds[patient]),
            anew=patient in anew,
            attempts=attempts[patient],
        )
        for patient, at in sorted(since.items())
    ]


async def _own(conn: Connection, patients: Iterable[UUID]) -> set[UUID]:
    ordered: Sequence[UUID] = sorted(patients)
    if not ordered:
        return set()
    return {row["patient_id"] for row in await conn.fetch(QUERIES["own"], ordered)}
