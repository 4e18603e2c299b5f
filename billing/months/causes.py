"""What was done to the facts since they were locked: by whom, when and why."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from billing.months.records import PatientMonth, TimeRow
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "adjustments.sql")
AROUND: Final = (
    "authorisation added", "billing enrolment changed", "billing enrolment ended",
    "consent given", "consent withdrawn", "coverage added", "coverage corrected", "coverage ended",
    "device handed out", "device taken back", "enrolled for billing", "episode ended",
    "episode started", "order added", "order corrected", "order ended", "reading given away",
    "reading received", "service of others added", "service of others withdrawn",
    "statement for billing added", "statement for billing withdrawn",
)  # fmt: skip
"""Of `care_changes`: what decides whether days and minutes count, and for whom they are billed."""


async def causes_of(
    conn: Connection, organisation_id: UUID, before: PatientMonth | None, now: PatientMonth | None
) -> list[dict[str, Any]]:
    """Entries that came or went, and days on which readings did."""
    was, entries = _entries(before), _entries(now)
    differing = {
        each
        for each in was.keys() | entries.keys()
        if _logged(was.get(each)) != _logged(entries.get(each))
    }
    rows = await conn.fetch(QUERIES["recorders"], organisation_id, list(differing))
    said = {row["id"]: row for row in rows}
    instead = {row["corrects"]: row for row in rows if row["corrects"] is not None}
    found = [
        _of_entry(each, was.get(each), entries.get(each), instead.get(each) or said.get(each))
        for each in sorted(differing, key=lambda one: one.int)
        # A correction and what it corrects are one event.
        if not (each in said and said[each]["corrects"] in differing and each in entries)
    ]
    return [*found, *_of_days(before, now)]


async def changes_of(
    conn: Connection, organisation_id: UUID, patient_id: UUID, since: dt.datetime
) -> list[dict[str, Any]]:
    """What people have done around the patient since then: whoever did it approves none of what
    comes of it.
    """
    rows = await conn.fetch(QUERIES["changes"], organisation_id, patient_id, since, list(AROUND))
    return [
        {
            "kind": row["what"],
            "by": row["actor"],
            "by_name": row["actor_name"],
            "at": row["at"],
            "reason": row["reason"],
        }
        for row in rows
    ]


def _of_entry(
    entry_id: UUID, was: TimeRow | None, now: TimeRow | None, row: Record | None
) -> dict[str, Any]:
    kind = "entry added" if was is None else "entry corrected"
    if row is not None and row["withdrawn"]:
        kind = "entry withdrawn"
    found: dict[str, Any] = {"kind": kind, "id": entry_id, "seconds_logged": _seconds(was, now)}
    if row is not None:
        found |= {
            "by": row["recorded_by"],
            "by_name": row["recorder"],
            "staff": row["user_id"],
            "at": row["recorded_at"],
            "of": row["started_at"],
            "reason": row["reason"],
        }
    return found


def _seconds(was: TimeRow | None, now: TimeRow | None) -> list[int | None]:
    """Before and after."""
    return [None if each is None else each.seconds_logged for each in (was, now)]


def _of_days(before: PatientMonth | None, now: PatientMonth | None) -> list[dict[str, Any]]:
    was, days = _readings(before), _readings(now)
    found = []
    for day in sorted(was.keys() | days.keys()):
        came = days.get(day, set()) - was.get(day, set())
        went = was.get(day, set()) - days.get(day, set())
        for kind, those in (("readings arrived", came), ("readings taken away", went)):
            if those:
                found.append({"kind": kind, "of": day, "readings": len(those)})
    return found


def _entries(month: PatientMonth | None) -> dict[UUID, TimeRow]:
    return {} if month is None else {each.entry_id: each for each in month.time}


def _logged(row: TimeRow | None) -> tuple[Any, ...]:
    if row is None:
        return ()
    return (row.started_at, row.ended_at, row.seconds_logged, row.service, row.mode, row.activity)


def _readings(month: PatientMonth | None) -> dict[dt.date, set[UUID]]:
    found: dict[dt.date, set[UUID]] = {}
    for each in () if month is None else month.days:
        found.setdefault(each.local_date, set()).update(each.reading_ids)
    return found
