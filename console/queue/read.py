"""The queue as it is now: a few statements, whatever its length."""

import datetime as dt
from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Final
from uuid import UUID

from asyncpg import Record

from console.access import Caller
from console.api.queue_standing import PATIENT, Name
from console.queue.facts import (
    Item,
    Looker,
    Person,
    Point,
    Row,
    grouped,
    item_from,
    person_from,
)
from console.queue.pressure import KIND, Pressure
from console.replies import id_or_none
from store.pool import Connection
from store.queries import load
from vitals.metrics import METRICS

QUERIES: Final = load("console", "queue.sql")
NEWEST: Final = load("console", "alerts.sql")["newest_event"]
LOOK_BACK: Final = dt.timedelta(days=30)
"""For the line of the last readings, and the one before."""


async def read_rows(
    conn: Connection,
    caller: Caller,
    *,
    now: dt.datetime,
    only: Collection[Name] | None = None,
) -> list[Row]:
    """All rows, or those of these subjects, in their order."""
    whose = caller.organisation_id
    patients = (
        None if only is None else [id_or_none(subject) for kind, subject in only if kind == PATIENT]
    )
    others = [] if only is None else [":".join(name) for name in only if name[0] != PATIENT]
    found = await conn.fetch(
        QUERIES["standing"], whose, None if patients is None else [p for p in patients if p], others
    )
    items = [item_from(dict(record)) for record in found]
    recent = await _recent(conn, whose, items, now)
    return grouped(
        items,
        people=await _people(conn, whose, items, now),
        lookers=await _lookers(conn, whose, now),
        points=_points(recent),
        pressures=await _pressures(conn, whose, items, recent),
    )


async def _people(
    conn: Connection, whose: UUID, items: Iterable[Item], now: dt.datetime
) -> dict[UUID, Person]:
    ids = list({item.alert.patient_id for item in items if item.alert.patient_id})
    if not ids:
        return {}
    records = await conn.fetch(QUERIES["patients"], whose, ids, now)
    return {record["id"]: person_from(dict(record)) for record in records}


async def _lookers(conn: Connection, whose: UUID, now: dt.datetime) -> dict[Name, Looker]:
    return {
        (record["subject_kind"], record["subject"]): Looker(
            user=record["user"], name=record["name"]
        )
        for record in await conn.fetch(QUERIES["claims"], whose, now)
    }


async def _recent(
    conn: Connection, whose: UUID, items: Iterable[Item], now: dt.datetime
) -> list[Record]:
    """The last readings of every metric that an alert is about."""
    asked = {
        (alert.patient_id, alert.kind, alert.metric)
        for alert in (item.alert for item in items)
        if alert.patient_id and alert.kind and (alert.metric in METRICS or _derived(alert.metric))
    }
    if not asked:
        return []
    patients, kinds, metrics = zip(*asked, strict=True)
    found: list[Record] = await conn.fetch(
        QUERIES["recent"], whose, list(patients), list(kinds), list(metrics), now - LOOK_BACK
    )
    return found


def _points(recent: Iterable[Record]) -> dict[tuple[UUID, str], tuple[Point, ...]]:
    return {
        name: tuple(Point(at=each["measured_at"], value=each["value"]) for each in of_one)
        for name, of_one in groupby(recent, key=lambda each: (each["patient_id"], each["metric"]))
    }


async def _pressures(
    conn: Connection, whose: UUID, items: Iterable[Item], recent: Iterable[Record]
) -> dict[tuple[UUID, dt.datetime], Pressure]:
    """All that was measured with the number that an alert is about, and with the latest one."""
    found = {
        (each["patient_id"], each["measured_at"]): _pressure(each)
        for each in recent
        if each["kind"] == KIND
    }
    # Alerts whose reading lies farther back than the last ones: few, and mostly none.
    asked = {
        (alert.patient_id, alert.last_at)
        for alert in (item.alert for item in items)
        if alert.kind == KIND and alert.patient_id
    } - found.keys()
    if asked:
        patients, times = zip(*asked, strict=True)
        for each in await conn.fetch(QUERIES["pressures"], whose, list(patients), list(times)):
            found[each["patient_id"], each["measured_at"]] = _pressure(each)
    return found


def _pressure(record: Record) -> Pressure:
    return Pressure(record["systolic"], record["diastolic"], record["pulse"])


def _derived(metric: str | None) -> bool:
    return metric == "pulse_pressure"
