"""Rows of many patients in a few statements, by patient."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from billing.eligibility.days import CLOCK_AHEAD_MOST
from billing.months.calendar import DAY
from billing.months.openings import Openings, openings_of
from billing.months.sources import QUERIES, Sources
from billing.months.states import BILLED
from billing.rule_numbers import TYPED, WHOSE
from store.pool import Connection
from vitals.flags import NOT_A_PATIENT_VALUE

BEFORE: Final = dt.timedelta(days=32)
"""A device period that ends on the month's first day begins 29 days before; and zones differ."""
AFTER: Final = dt.timedelta(days=2)
SPILL: Final = dt.timedelta(days=1)
LOOK_BACK: Final = 1200 * DAY
AROUND: Final = (
    "episodes", "enrolments", "consents", "orders", "coverages", "authorisations", "attestations",
    "others",
)  # fmt: skip

TO_MONITORING: Final = frozenset({"monitoring", "billing"})
"""Consents; those to care programmes say nothing of readings."""

Rows = dict[str, list[Record]]


class Patient(Struct, frozen=True, kw_only=True):
    """Everything that is known of one patient in one month, as it stands in the tables."""

    row: Record
    rows: Rows
    edited: dict[UUID, int]

    def of(self, name: str) -> list[Record]:
        return self.rows.get(name, [])


async def gather(
    conn: Connection, organisation_id: UUID, sources: Sources, patients: Sequence[UUID]
) -> list[Patient]:
    """In the order that was asked for; of patients of other organisations there is nothing."""
    wanted, month = list(patients), sources.month
    found: dict[UUID, Rows] = {each: {} for each in wanted}

    def keep(name: str, rows: Sequence[Record]) -> None:
        for row in rows:
            found[row["patient_id"]].setdefault(name, []).append(row)

    people = {
        row["id"]: row for row in await conn.fetch(QUERIES["patients"], organisation_id, wanted)
    }
    for name in AROUND:
        keep(name, await conn.fetch(QUERIES[name], organisation_id, wanted))
    billed = await conn.fetch(
        QUERIES["billed"], organisation_id, wanted, month.name, sorted(BILLED)
    )
    keep("billed", billed)
    since, until = month.begins_at - BEFORE, month.ends_at + AFTER
    keep(
        "assignments",
        await conn.fetch(QUERIES["assignments"], organisation_id, wanted, since, until),
    )
    readings = await conn.fetch(
        QUERIES["readings"], organisation_id, wanted, since, until, _no_value(), list(WHOSE)
    )
    keep("readings", readings)
    entries = await conn.fetch(
        QUERIES["entries"], organisation_id, wanted, month.begins_at - SPILL, month.ends_at + SPILL
    )
    keep("entries", entries)
    edited = await _edited(conn, organisation_id, entries)
    await _first_readings(conn, organisation_id, found, since, openings_of(sources.payers))
    return [
        Patient(row=people[each], rows=found[each], edited=edited)
        for each in wanted
        if each in people
    ]


async def _first_readings(
    conn: Connection,
    organisation_id: UUID,
    found: dict[UUID, Rows],
    until: dt.datetime,
    openings: Openings,
) -> None:
    """Of every stretch of consent and of enrolment, what may have begun its first period, where
    that lies before what is read whole; of patients whose monitoring has rested, or whose payer
    takes the day of arrival, all. As `earlier`.
    """
    asked: list[tuple[UUID, dt.datetime]] = []
    whole: list[UUID] = []
    for patient_id, rows in found.items():
        arrives = any(row["payer"] in openings.by_arrival for row in rows.get("coverages", ()))
        if arrives or any(_needs_all(row, rows, until) for row in rows.get("enrolments", ())):
            whole.append(patient_id)
        else:
            asked += [(patient_id, each) for each in _beginnings(rows) if each < until]
    past: list[Record] = []
    if asked:
        past += await conn.fetch(
            QUERIES["first readings"], organisation_id, [each for each, _ in asked],
            [each for _, each in asked], [until] * len(asked), _no_value(), list(WHOSE),
            list(TYPED), openings.perhaps, CLOCK_AHEAD_MOST, openings.surely,
        )  # fmt: skip
    if whole:
        past += await conn.fetch(
            QUERIES["readings"], organisation_id, whole, until - LOOK_BACK, until, _no_value(),
            list(WHOSE),
        )  # fmt: skip
    for row in {each["id"]: each for each in past}.values():
        found[row["patient_id"]].setdefault("earlier", []).append(row)


def _needs_all(enrolled: Record, rows: Rows, until: dt.datetime) -> bool:
    """After a rest periods begin anew; and setup that nobody has billed yet goes with the first
    period that had days enough, which may be long ago.
    """
    if enrolled["pauses"] != "[]":
        return True
    if enrolled["taught_on"] is None or enrolled["begins_at"] >= until:
        return False
    return not any(
        row["scope"] == "setup" and row["stretch_id"] == enrolled["id"]
        for row in rows.get("billed", ())
    )


def _beginnings(rows: Rows) -> set[dt.datetime]:
    """Instants from which readings may begin to count: `billing.months.stretches`."""
    begun = {row["given_at"] for row in rows.get("consents", ()) if row["kind"] in TO_MONITORING}
    begun |= {max(row["ordered_at"], row["starts_at"]) for row in rows.get("orders", ())}
    begun |= {row["starts_at"] for row in rows.get("episodes", ())}
    begun |= {row["begins_at"] for row in rows.get("enrolments", ())}
    return begun


async def _edited(
    conn: Connection, organisation_id: UUID, entries: Sequence[Record]
) -> dict[UUID, int]:
    corrected = [row["id"] for row in entries if row["corrects"] is not None]
    if not corrected:
        return {}
    rows = await conn.fetch(QUERIES["replaced"], organisation_id, corrected)
    return {row["now"]: row["edited"] for row in rows}


def _no_value() -> list[Any]:
    return sorted(NOT_A_PATIENT_VALUE)
