"""Everything that waits in a clinic, as little of each as its place and the filters need.

However long the queue is, this is cheap to read: the page lists the rows that come first, and
what else there is it counts. The page, its fragments and the chart's "3 of 14" count from here.
"""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from alerts.life.alert import State
from care.rules import Lane, Severity
from console.api.queue_filters import Filter, shows
from console.api.queue_order import Lead, Place, lead, place, place_of_row
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "queue_standing.sql")
LISTED_MOST: Final = 300
"""Rows that a page lists; the rest is counted, and found by filters and by searching."""
PATIENT: Final = "patient"
SEVERITIES: Final = {str(each): each for each in Severity}
STATES: Final = {str(each): each for each in State}
LANES: Final = {str(each): each for each in Lane}
Name = tuple[str, str]
"""Kind and subject of a row."""


class Standing(Struct, frozen=True, kw_only=True, gc=False):
    """One alert that is not over."""

    id: UUID
    patient_id: UUID | None
    subject_kind: str
    subject: str
    severity: Severity
    state: State
    lane: Lane
    metric: str | None
    late: bool
    acknowledged_by: UUID | None
    acknowledge_by: dt.datetime | None
    cleared: bool
    """Its readings are good again."""
    place: Place

    @property
    def row(self) -> Name:
        if self.patient_id is not None:
            return PATIENT, str(self.patient_id)
        return self.subject_kind, self.subject


class Line(Struct, frozen=True, kw_only=True):
    """One row of the queue; what leads it, first."""

    name: Name
    alerts: tuple[Standing, ...]
    place: Place
    looker: UUID | None = None
    of_my_team: bool = False
    in_programme: bool = False
    """In the one that the filter names."""

    @property
    def first(self) -> Standing:
        return self.alerts[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The lines in their order: those that a page lists, those it only counts, those hidden."""

    every: Sequence[Line]
    meant: Sequence[Line]
    """What the filter asks for."""
    most: int = LISTED_MOST

    @property
    def listed(self) -> Sequence[Line]:
        return self.meant[: self.most]

    @property
    def beyond(self) -> Sequence[Line]:
        return self.meant[self.most :]

    @property
    def hidden(self) -> int:
        return len(self.every) - len(self.meant)

    @property
    def cut(self) -> str:
        """The place of the last that is listed, where there are more; else empty."""
        return self.listed[-1].place.text if self.beyond else ""

    @property
    def urgent(self) -> int:
        """Rows whose first alert is critical, and nobody has taken it on."""
        return sum(
            line.first.severity is Severity.CRITICAL and line.first.state.unattended
            for line in self.every
        )


async def read_listing(
    conn: Connection,
    organisation_id: UUID,
    wanted: Filter,
    *,
    caller: UUID,
    now: dt.datetime,
    only: frozenset[Name] | None = None,
    most: int = LISTED_MOST,
) -> Listing:
    """`only`: what a search has found; None: no search."""
    records = await conn.fetch(QUERIES["standing"], organisation_id)
    lookers = await conn.fetch(QUERIES["lookers"], organisation_id, now)
    every = lines(
        map(_standing, records),
        lookers={(each["subject_kind"], each["subject"]): each["user"] for each in lookers},
        team=await _ids(conn, "team", organisation_id, caller, now) if wanted.who == "team" else (),
        programme=(
            await _ids(conn, "in programme", organisation_id, wanted.programme, now)
            if wanted.programme
            else ()
        ),
    )
    meant = [
        line
        for line in every
        if shows(wanted, line, caller=caller, now=now) and (only is None or line.name in only)
    ]
    return Listing(every=every, meant=meant, most=most)


async def search(conn: Connection, organisation_id: UUID, text: str) -> frozenset[Name]:
    """Rows whose name or record number holds it."""
    found = await conn.fetch(QUERIES["searched"], organisation_id, text)
    return frozenset((each["kind"], each["subject"]) for each in found)


def lines(
    alerts: Iterable[Standing],
    *,
    lookers: Mapping[Name, UUID],
    team: Iterable[UUID] = (),
    programme: Iterable[UUID] = (),
) -> list[Line]:
    """Pure: one for each patient, hub or device, in their order."""
    groups: dict[Hashable, list[Standing]] = {}
    for alert in alerts:
        # What is wrong with a patient's own device stands in the patient's row.
        groups.setdefault(alert.patient_id or (alert.subject_kind, alert.subject), []).append(alert)
    mine, within = frozenset(team), frozenset(programme)
    made = []
    for its in groups.values():
        if len(its) > 1:
            its.sort(key=_lead)
        first, name = its[0], its[0].row
        made.append(
            Line(
                name=name,
                alerts=tuple(its),
                place=first.place if len(its) == 1 else place_of_row(each.place for each in its),
                looker=_looker(name, its, lookers) if lookers else None,
                of_my_team=first.patient_id in mine,
                in_programme=first.patient_id in within,
            )
        )
    made.sort(key=lambda line: line.place)
    return made


def severities(listing: Iterable[Line]) -> Counter[Severity]:
    """How many rows of which; a row is as severe as what comes first in it."""
    return Counter(line.first.severity for line in listing)


def _lead(alert: Standing) -> Lead:
    return lead(alert.place, cleared=alert.cleared)


def _looker(name: Name, alerts: Sequence[Standing], lookers: Mapping[Name, UUID]) -> UUID | None:
    """Of the row itself, or of one that stands in it."""
    names = [name, *((each.subject_kind, each.subject) for each in alerts)]
    return next((lookers[each] for each in names if each in lookers), None)


def _standing(record: Record) -> Standing:
    # Several thousands in one go: words are looked up, which is quicker than asking the enums.
    severity, state = SEVERITIES[record["severity"]], STATES[record["state"]]
    return Standing(
        id=record["id"],
        patient_id=record["patient_id"],
        subject_kind=record["subject_kind"],
        subject=record["subject"],
        severity=severity,
        state=state,
        lane=LANES[record["lane"]],
        metric=record["metric"],
        late=record["late"],
        acknowledged_by=record["acknowledged_by"],
        acknowledge_by=record["acknowledge_by"],
        cleared=record["cleared"],
        place=place(
            severity=severity,
            state=state,
            acknowledge_by=record["acknowledge_by"],
            onset_at=record["onset_at"],
            subject=record["subject"],
        ),
    )


async def _ids(conn: Connection, query: str, *asked: Any) -> list[UUID]:
    return [record[0] for record in await conn.fetch(QUERIES[query], *asked)]
