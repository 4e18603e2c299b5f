"""Weights that may be somebody else's: doubted, or believed again, before they are judged by.

In the transaction of the evaluation: what is in doubt is nobody's reading when alerts are judged.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from alerts.evaluating.kept import Kept
from alerts.evaluating.taking import Task
from care.usual import USUAL_DAYS, Weighed, judge
from store.pool import Connection
from store.queries import load
from vitals.kinds import Kind

QUERIES: Final = load("alerts", "whose.sql")
WEIGHTS: Final = frozenset({Kind.WEIGHT, Kind.BODY_COMPOSITION})
WHY: Final = {
    "reassigned": "is somebody else's",
    "assigned": "is somebody else's",
    "ambiguous": "may be somebody else's: it is far from the usual, and others use the device",
    "quarantined": "is nobody's here",
}
"""By what became of the reading. Whose it is now is not said: this stands in the other's record."""


async def settle_whose(conn: Connection, tasks: Sequence[Task], *, now: dt.datetime) -> list[Task]:
    """Doubt weights far from what is usual for whom they were taken to be, and the other way.

    The tasks again: where a reading may be gone, from where the alerts began that rested on it.
    """
    moved = await _settle(conn, tasks, now=now)
    cut = {task.patient_id: task.since for task in tasks if task.anew}
    cut |= {patient: min(at, cut.get(patient, at)) for patient, at in moved.items()}
    if not cut:
        return list(tasks)
    rows = await conn.fetch(QUERIES["onsets"], list(cut), list(cut.values()))
    began: dict[UUID, dt.datetime] = {row["patient_id"]: row["since"] for row in rows}
    return [
        replace(task, since=min(task.since, began.get(task.patient_id, task.since)))
        for task in tasks
    ]


async def _settle(
    conn: Connection, tasks: Sequence[Task], *, now: dt.datetime
) -> dict[UUID, dt.datetime]:
    """From when on each of these patients lost a reading, or got one back."""
    asked = await _sharers(conn, [task for task in tasks if not WEIGHTS.isdisjoint(task.kinds)])
    if not asked:
        return {}
    patients, since = [each.patient_id for each in asked], [each.since for each in asked]
    rows = await conn.fetch(QUERIES["weights"], patients, since, USUAL_DAYS)
    doubted: list[tuple[UUID, Weighed]] = []
    believed: list[tuple[UUID, Weighed]] = []
    for (patient, _), theirs in groupby(rows, key=lambda row: (row["patient_id"], row["kind"])):
        weights = list(theirs)
        judged = judge([_weighed(dict(row)) for row in weights], since=weights[0]["since"])
        doubted += [(patient, each) for each in judged.doubted]
        believed += [(patient, each) for each in judged.believed]
    await _move(conn, "doubt", doubted, now=now)
    await _move(conn, "believe", believed, now=now)
    moved: dict[UUID, dt.datetime] = {}
    for patient, each in (*doubted, *believed):
        moved[patient] = min(each.measured_at, moved.get(patient, each.measured_at))
    return moved


async def _sharers(conn: Connection, tasks: Sequence[Task]) -> list[Task]:
    """Those at whose scales somebody else may have stood."""
    if not tasks:
        return []
    patients, since = [each.patient_id for each in tasks], [each.since for each in tasks]
    rows = await conn.fetch(QUERIES["sharers"], patients, since, USUAL_DAYS)
    found = {row["patient_id"] for row in rows}
    return [task for task in tasks if task.patient_id in found]


async def read_gone(conn: Connection, kept: Mapping[UUID, Kept]) -> dict[UUID, dict[UUID, str]]:
    """By patient: alert -> what became of a reading that it rested on."""
    asked = {patient: each for patient, each in kept.items() if each.alerts}
    if not asked:
        return {}
    rows = await conn.fetch(
        QUERIES["gone"],
        list(asked),
        [each.since for each in asked.values()],
        [alert.id for each in asked.values() for alert in each.alerts],
    )
    found: dict[UUID, dict[UUID, str]] = {}
    for row in rows:
        why = f"the reading of {row['measured_at']:%Y-%m-%d %H:%M} UTC {WHY[row['attribution']]}"
        begun = [
            alert.id
            for alert in asked[row["patient_id"]].alerts
            if alert.onset_reading == row["reading_id"]
        ]
        found.setdefault(row["patient_id"], {}).update(dict.fromkeys([*row["alerts"], *begun], why))
    return found


async def _move(
    conn: Connection, how: str, moved: Sequence[tuple[UUID, Weighed]], *, now: dt.datetime
) -> None:
    if moved:
        await conn.execute(
            QUERIES[how],
            [each.measured_at for _, each in moved],
            [each.id for _, each in moved],
            [patient for patient, _ in moved],
            now,
        )


def _weighed(row: Mapping[str, Any]) -> Weighed:
    return Weighed(**{name: row[name] for name in Weighed.__struct_fields__})
