"""Readings as they arrive, for people to look at: polled, each told once."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from store.pool import Connection
from store.queries import load
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS, Metric
from vitals.units import PRINTED

QUERIES: Final = load("hearthbeat", "feed.sql")

OVERLAP: Final = dt.timedelta(seconds=5)
"""A transaction that took long commits readings whose arrival is already past."""
LOOKED_BACK: Final = dt.timedelta(days=2)
"""Readings that were measured longer ago arrive unseen here; they are counted in the totals."""
MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One reading, with neutral names."""

    id: UUID
    received_at: dt.datetime
    measured_at: dt.datetime
    gateway: str
    device: str
    kind: Kind
    values: dict[str, float]
    special: dict[str, str]
    flags: tuple[str, ...]
    doubt: str | None
    """Why it is held back; None where it is assigned to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What waits, and where."""

    to_evaluate: int
    gateways: int
    on_gateways: int
    dead_letters: int


class Feed:
    """Remembers what it has told."""

    def __init__(self, *, since: dt.datetime) -> None:
        self._since = since
        self._told: dict[UUID, dt.datetime] = {}

    async def latest(self, conn: Connection, *, now: dt.datetime, most: int) -> list[Arrival]:
        """What is there already, the last so many, oldest first. What came before is told too."""
        rows = await conn.fetch(QUERIES["latest"], now - LOOKED_BACK, MOST)
        found = [arrival(dict(row)) for row in rows]
        self._told |= {one.id: one.received_at for one in found}
        return found[-most:]

    async def arrived(self, conn: Connection, *, now: dt.datetime) -> list[Arrival]:
        """What has arrived since the last call, oldest first; `MOST` at once."""
        rows = await conn.fetch(
            QUERIES["arrived"], self._since - OVERLAP, now - LOOKED_BACK, MOST + len(self._told)
        )
        found = [arrival(dict(row)) for row in rows if row["id"] not in self._told]
        for one in found:
            self._told[one.id] = one.received_at
            self._since = max(self._since, one.received_at)
        self._told = {id_: at for id_, at in self._told.items() if at > self._since - 2 * OVERLAP}
        return found


async def totals(conn: Connection, *, now: dt.datetime) -> Totals:
    """The counts at this moment."""
    row = await conn.fetchrow(QUERIES["totals"], now - LOOKED_BACK)
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    return Totals(**dict(row))


def arrival(row: Mapping[str, object]) -> Arrival:
    """A row of the table, as it is shown."""
    columns = json.loads(str(row["columns"]))
    kind = Kind(str(row["kind"]))
    return Arrival(
        id=UUID(str(row["id"])),
        received_at=_time(row["received_at"]),
        measured_at=_time(row["measured_at"]),
        gateway=str(row["gateway_id"]),
        device=str(row["device"]),
        kind=kind,
        values={
            metric.name: columns[metric.name]
            for metric in PANELS[kind].metrics
            if columns[metric.name] is not None
        },
        special=columns["special"] or {},
        flags=tuple(columns["flags"]),
        doubt=columns["reason"],
    )


def in_words(one: Arrival) -> str:
    """Values with their units, as people write them: `128/81 mmHg, pulse 71 bpm`."""
    shown = dict(one.values)
    alone = PANELS[one.kind].primary if len(PANELS[one.kind].primary) == 1 else ()
    parts = [
        *_pressure(shown),
        *(_number(metric, shown.pop(metric.name)) for metric in alone if metric.name in shown),
    ]
    parts += [
        f"{METRICS[name].label.lower()} {_number(METRICS[name], shown[name])}" for name in shown
    ]
    parts += [
        f"{METRICS[name].label.lower()} {word.upper()}"
        for name, word in one.special.items()
        if word != "nan"
    ]
    parts += [flag.replace("_", " ") for flag in one.flags]
    return ", ".join(parts)


def _pressure(values: dict[str, float]) -> Iterable[str]:
    """Takes the two out of `values`: they are written as one."""
    if "systolic" in values and "diastolic" in values:
        yield f"{values.pop('systolic'):.0f}/{values.pop('diastolic'):.0f} mmHg"
    values.pop("mean", None)


def _number(metric: Metric, value: float) -> str:
    unit = PRINTED[metric.unit]
    space = "" if unit == "%" else " "
    return f"{value:.{metric.decimals}f}{space}{unit}"


def _time(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        raise TypeError(f"not a time: {value!r}")
    return value
