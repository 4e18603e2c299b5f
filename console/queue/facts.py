"""What a row of the queue is made of, as it was read: alerts, the patient, what was measured."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.life import rows
from alerts.life.alert import Alert
from care.rules import Lane
from console.api.queue_order import Lead, Place, lead, place, place_of_row
from console.api.queue_standing import PATIENT
from console.queue.pressure import Pressure
from console.web.formats import Units, units_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who a row is about."""

    id: UUID
    name: str
    mrn: str
    born: dt.date | None
    zone: ZoneInfo
    units: Units
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One alert, and who has to do with it."""

    alert: Alert
    taken_by: str | None
    """By whom it was acknowledged."""
    put_off_by: str | None
    reopen_at: dt.datetime | None
    """When it is open again unless somebody notes or resolves it."""

    @property
    def place(self) -> Place:
        return place(
            severity=self.alert.severity,
            state=self.alert.state,
            acknowledge_by=self.alert.acknowledge_by,
            onset_at=self.alert.onset_at,
            subject=self.alert.subject,
        )

    @property
    def lead(self) -> Lead:
        return lead(self.place, cleared=self.alert.cleared_at is not None)

    @property
    def no_value(self) -> bool:
        """It tells of a device, a hub, or of what was not measured; never of a value."""
        return self.alert.lane in {Lane.TECHNICAL, Lane.COMPLIANCE}


Pressures = Mapping[tuple[UUID, dt.datetime], Pressure]
"""By whose and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    user: UUID
    name: str


class Point(Struct, frozen=True, kw_only=True, gc=False):
    at: dt.datetime
    value: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """One patient, hub or device, with all that waits about it; what leads it, first."""

    kind: str
    subject: str
    items: tuple[Item, ...]
    person: Person | None = None
    looker: Looker | None = None
    points: tuple[Point, ...] = ()
    """Of the first alert's metric, the latest first."""
    pressures: Pressures = field(default_factory=dict)
    """Of everybody who waits."""

    @cached_property
    def first(self) -> Item:
        return self.items[0]

    @cached_property
    def place(self) -> Place:
        return place_of_row(item.place for item in self.items)

    @cached_property
    def soonest(self) -> Item:
        """Of those as grave as the first, what is to be taken on first; mostly the first itself."""
        return min(self.items, key=lambda item: item.place[:3])

    @property
    def alerts(self) -> list[Alert]:
        return [item.alert for item in self.items]

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.subject}"

    def pressure(self, at: dt.datetime) -> Pressure | None:
        """What the cuff gave then, where it is known."""
        return None if self.person is None else self.pressures.get((self.person.id, at))


def row_of(alert: Alert) -> tuple[str, str]:
    """What is wrong with a patient's own device stands in the patient's row."""
    if alert.patient_id is not None:
        return PATIENT, str(alert.patient_id)
    return alert.subject_kind, alert.subject


def item_from(record: Mapping[str, Any]) -> Item:
    return Item(
        alert=rows.from_row(record),
        taken_by=record["acknowledged_name"],
        put_off_by=record["put_off_name"],
        reopen_at=record["reopen_at"],
    )


def person_from(record: Mapping[str, Any]) -> Person:
    return Person(
        id=record["id"],
        name=f"{record['family_name']}, {record['given_name']}",
        mrn=record["mrn"],
        born=record["birth_date"],
        zone=ZoneInfo(record["time_zone"]),
        units=units_from(record),
        programmes=tuple(record["programmes"]),
    )


def grouped(
    items: Iterable[Item],
    *,
    people: Mapping[UUID, Person],
    lookers: Mapping[tuple[str, str], Looker],
    points: Mapping[tuple[UUID, str], tuple[Point, ...]],
    pressures: Pressures | None = None,
) -> list[Row]:
    """Pure: the rows, in their order."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault(row_of(item.alert), []).append(item)
    made = []
    for (kind, subject), its in groups.items():
        ordered = tuple(sorted(its, key=lambda item: item.lead))
        first = ordered[0].alert
        whose = first.patient_id
        made.append(
            Row(
                kind=kind,
                subject=subject,
                items=ordered,
                person=None if whose is None else people.get(whose),
                looker=_looker(kind, subject, ordered, lookers),
                points=() if whose is None else points.get((whose, first.metric or ""), ()),
                pressures=pressures or {},
            )
        )
    return sorted(made, key=lambda row: row.place)


def _looker(
    kind: str,
    subject: str,
    items: tuple[Item, ...],
    lookers: Mapping[tuple[str, str], Looker],
) -> Looker | None:
    """Of the row itself, or of one that stands in it."""
    names = [(kind, subject), *((each.alert.subject_kind, each.alert.subject) for each in items)]
    return next((lookers[name] for name in names if name in lookers), None)
