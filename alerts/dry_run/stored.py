"""Stored readings for a dry run: whole patients, part by part, and what was done in the past."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, overload
from uuid import UUID

import msgspec
import numpy as np
from msgspec import Struct
from typing_extensions import override

from alerts.columns.series import Ints, Series
from alerts.dry_run.comparison import Past
from alerts.dry_run.raised import STANDING
from alerts.dry_run.trial import Span
from alerts.evaluating.windows import Window, load_windows
from alerts.judging.batch import Batch, Chart, microseconds
from alerts.judging.evaluate import lookback
from care.programme import Plan
from care.rules import Op, Severity
from store.pool import Connection
from store.queries import load
from vitals.kinds import PANELS, Kind

QUERIES: Final = load("alerts", "dry_run.sql")
PART_READINGS: Final = 50_000
PART_PATIENTS: Final = 500
READINGS_MOST: Final = 1_000_000
"""Of one patient and kind: a meter that sends every second for ten days."""
LEAD: Final = dt.timedelta(days=14)
"""So long before the span is looked at least: what began then is no alert of the span."""


class Chosen(Sequence[UUID]):
    """Some of the ids, still made only when asked for."""

    def __init__(self, ids: Sequence[UUID], rows: Ints) -> None:
        self._ids, self._rows = ids, rows

    @override
    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> UUID: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[UUID]: ...
    @override
    def __getitem__(self, index: int | slice) -> UUID | Sequence[UUID]:
        if isinstance(index, slice):
            return Chosen(self._ids, self._rows[index])
        return self._ids[int(self._rows[index])]


class Stretch(Struct, frozen=True, kw_only=True):
    """Whose readings, and from when until before when."""

    organisation_id: UUID
    since: dt.datetime
    until: dt.datetime

    @property
    def span(self) -> Span:
        return Span(since=microseconds(self.since), until=microseconds(self.until))


async def patients_of(
    conn: Connection, organisation_id: UUID, only: Sequence[UUID] | None = None
) -> list[UUID]:
    """Ids of this organisation's; those of others are not among them, whoever asked."""
    found = await conn.fetch(QUERIES["patients"], organisation_id, only)
    return [row["id"] for row in found]


async def parts(
    conn: Connection, patients: Sequence[UUID], stretch: Stretch
) -> AsyncIterator[tuple[list[UUID], int]]:
    """Patients with readings, so many at once as make a part; and how many readings they have."""
    for first in range(0, len(patients), PART_PATIENTS):
        some = patients[first : first + PART_PATIENTS]
        rows = await conn.fetch(QUERIES["counts"], some, stretch.since, stretch.until)
        part: list[UUID] = []
        total = 0
        for row in sorted(rows, key=lambda row: row["patient_id"].int):
            part.append(row["patient_id"])
            total += row["readings"]
            if total >= PART_READINGS:
                yield part, total
                part, total = [], 0
        if part:
            yield part, total


async def stored_batch(
    conn: Connection, patients: Sequence[UUID], plans: Sequence[Plan], stretch: Stretch
) -> Batch:
    """`plans[i]` is tried for `patients[i]`."""
    different = list({id(plan): plan for plan in plans}.values())
    series: dict[Kind, Series] = {}
    readings: dict[Kind, Sequence[UUID]] = {}
    for kind in Kind:
        since = stretch.since - max(LEAD, lookback(different, kind))
        windows = [
            Window(patient_id=patient, since=since, segment=segment)
            for segment, patient in enumerate(patients)
        ]
        loaded = await load_windows(conn, kind, windows, rows_most=READINGS_MOST)
        rows = np.flatnonzero(loaded.series.at < microseconds(stretch.until)).astype(np.int64)
        if len(rows):
            series[kind] = loaded.series.take(rows)
            readings[kind] = Chosen(loaded.readings, rows)
    charts = [
        Chart(patient_id=patient, plans=(plan,))
        for patient, plan in zip(patients, plans, strict=True)
    ]
    return Batch(charts=charts, series=series, readings=readings)


async def refused(
    conn: Connection, patients: Sequence[UUID], stretch: Stretch
) -> Mapping[str, int]:
    found = await conn.fetch(
        QUERIES["refused"], stretch.organisation_id, patients, stretch.since, stretch.until
    )
    return {row["reason"]: row["readings"] for row in found}


async def acted_on(conn: Connection, patients: Sequence[UUID], stretch: Stretch) -> list[Past]:
    """Alerts that began in the stretch, were dealt with, and were no false alarms."""
    found = await conn.fetch(
        QUERIES["acted_on"], stretch.organisation_id, patients, stretch.since, stretch.until
    )
    chart = {patient: place for place, patient in enumerate(patients)}
    return [_past(dict(row), chart[row["patient_id"]]) for row in found]


def _past(row: dict[str, Any], chart: int) -> Past:
    kind = Kind(row["kind"])
    bound = msgspec.json.decode(row["bound"]) if row["bound"] else {}
    measured = bound.get("metric") in {metric.name for metric in PANELS[kind].metrics}
    cleared = row["cleared_at"]
    return Past(
        id=row["id"],
        chart=chart,
        rule=row["rule"],
        kind=kind,
        severity=Severity(row["peak"]),
        upward=Op(bound["op"]).upward if measured else None,
        onset=microseconds(row["onset_at"]),
        end=STANDING if cleared is None else microseconds(cleared),
    )
