"""What is stored of one patient, as the charts want it: columns, plans, alerts. A few queries."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct

from alerts.columns.series import Bools, Ints, Series
from alerts.evaluating.windows import Window, load_windows
from alerts.judging.artefacts import Codes, Doubt, doubts
from alerts.judging.batch import microseconds
from care.plans import PlanVersion, list_plans
from care.rules import Severity
from console.chart.banner import QUERIES
from console.chart.ranges import EARLIEST, Range, range_of
from store.pool import Connection
from vitals.flags import Meal
from vitals.kinds import Kind

TYPED: Final = ("typed", "manual")
"""Profiles of readings that a person typed: no device has sent them."""
LOOKBACK: Final = dt.timedelta(days=31)
"""Before the span: what means and doubts at its beginning look back at."""
READINGS_MOST: Final = 200_000
_FROM_2000_US: Final = 946_684_800_000_000


class ChartAlert(Struct, frozen=True, kw_only=True):
    id: UUID
    kind: str | None
    metric: str | None
    lane: str
    severity: str
    peak: Severity
    state: str
    label: str
    onset_at: dt.datetime
    cleared_at: dt.datetime | None
    ended_at: dt.datetime | None


class Held(Struct, frozen=True, kw_only=True):
    """Readings that count for nobody."""

    kind: str
    attribution: str
    reason: str | None
    readings: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KindRecord:
    """Readings of one kind, in order of time, from a while before the span on."""

    kind: Kind
    series: Series
    readings: Sequence[UUID]
    doubt: Codes
    typed: Bools
    meals: Mapping[Meal, Bools] = field(default_factory=dict)

    @property
    def counts(self) -> Bools:
        """Those that statistics rest on: neither doubtful nor the same attempt again."""
        found: Bools = self.doubt == Doubt.NONE
        return found

    def inside(self, span: Range) -> Bools:
        at = self.series.at
        found: Bools = (at >= microseconds(span.since)) & (at < microseconds(span.until))
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    span: Range
    kinds: Mapping[Kind, KindRecord]
    plans: Sequence[PlanVersion]
    alerts: Sequence[ChartAlert]
    held: Sequence[Held]


async def load_record(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    span: Range,
    only: Kind | None = None,
) -> Record:
    """`only`: readings of this kind and no other."""
    since = max(span.since - LOOKBACK, EARLIEST)
    rows = await conn.fetch(QUERIES["kinds"], organisation_id, patient_id, since)
    there = {Kind(row["kind"]) for row in rows} & ({only} if only else set(Kind))
    around = await conn.fetch(
        QUERIES["circumstances"], organisation_id, patient_id, since, list(TYPED)
    )
    said = [(Kind(row["kind"]), row["meal"], row["typed"], _instants(row["at"])) for row in around]
    found: dict[Kind, KindRecord] = {}
    for kind in (each for each in Kind if each in there):
        window = Window(patient_id=patient_id, since=since, segment=0)
        loaded = await load_windows(conn, kind, [window], rows_most=READINGS_MOST)
        found[kind] = _kind(kind, loaded.series, loaded.readings, said)
    alerts = await conn.fetch(QUERIES["alerts"], organisation_id, patient_id, span.since)
    held = await conn.fetch(QUERIES["held"], organisation_id, patient_id, span.since)
    return Record(
        span=span,
        kinds=found,
        plans=await list_plans(conn, organisation_id, patient_id),
        alerts=[ChartAlert(**row) for row in alerts],
        held=[Held(**row) for row in held],
    )


async def span_of(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    name: str | None,
    *,
    zone: ZoneInfo,
    now: dt.datetime,
) -> Range:
    """`all` begins with the first reading."""
    first = None
    if name == "all":
        rows = await conn.fetch(QUERIES["kinds"], organisation_id, patient_id, EARLIEST)
        first = min((row["first_at"] for row in rows), default=None)
    return range_of(name, zone=zone, now=now, first=first)


def _kind(
    kind: Kind,
    series: Series,
    readings: Sequence[UUID],
    said: Sequence[tuple[Kind, str | None, bool, Ints]],
) -> KindRecord:
    typed = np.zeros(len(series), dtype=np.bool_)
    meals: dict[Meal, Bools] = {}
    for _, meal, by_hand, at in (each for each in said if each[0] is kind):
        rows = np.isin(series.at, at)
        if by_hand:
            typed |= rows
        if meal in set(Meal):
            meals[Meal(meal)] = meals.get(Meal(meal), np.zeros_like(typed)) | rows
    return KindRecord(
        kind=kind,
        series=series,
        readings=readings,
        doubt=doubts(series, kind),
        typed=typed,
        meals=meals,
    )


def _instants(packed: bytes) -> Ints:
    return np.frombuffer(packed, dtype=">i8").astype(np.int64) + _FROM_2000_US
