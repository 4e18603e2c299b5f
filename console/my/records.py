"""What the patient's pages read of the database: readings, what the nurses' list says of them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec

from care.plans import PlanVersion, holds, list_plans, standing
from care.programme import Plan
from console.my.attention import OnList
from console.my.verdict import Finding
from console.my.visit import QUERIES, Visit
from ingest.reasons import CURABLE
from store.pool import Connection
from vitals.kinds import Kind

LOOKED_BACK: Final = dt.timedelta(days=400)
DOUBT_SHOWN: Final = dt.timedelta(days=7)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Of one reading, by the rules and by the nurses."""

    findings: tuple[Finding, ...] = ()
    items: tuple[OnList, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something came from a device that this patient has, and stands in nobody's record."""

    kind: Kind
    measured_at: dt.datetime
    received_at: dt.datetime
    whose: bool
    """It is not known whose it is; else the number itself cannot be right."""


NOTHING_SAID: Final = Said()


async def plans_of(conn: Connection, visit: Visit) -> list[PlanVersion]:
    """In the order in which they begin."""
    return standing(await list_plans(conn, visit.organisation_id, visit.patient_id))


def plan_at(plans: Sequence[Plan], at: dt.datetime) -> Plan | None:
    """The one in force; before there was any, the first that came."""
    found = next((plan for plan in plans if holds(plan, at)), None)
    if found is None and plans and at < plans[0].effective_from:
        return plans[0]
    return found


async def latest(conn: Connection, visit: Visit) -> dict[Kind, Row]:
    since, until = visit.now - LOOKED_BACK, visit.now + dt.timedelta(days=1)
    rows = await conn.fetch(
        QUERIES["latest"], visit.organisation_id, visit.patient_id, since, until
    )
    return {Kind(row["kind"]): dict(row) for row in rows}


async def taken(conn: Connection, visit: Visit) -> dict[Kind, list[dt.datetime]]:
    """When each kind was measured since yesterday."""
    since, until = visit.now - dt.timedelta(days=2), visit.now + dt.timedelta(days=1)
    found: dict[Kind, list[dt.datetime]] = {}
    for row in await conn.fetch(
        QUERIES["taken"], visit.organisation_id, visit.patient_id, since, until
    ):
        found.setdefault(Kind(row["kind"]), []).append(row["measured_at"])
    return found


async def said_of(conn: Connection, visit: Visit, readings: Iterable[UUID]) -> dict[UUID, Said]:
    rows = await conn.fetch(
        QUERIES["on_list"], visit.organisation_id, visit.patient_id, list(readings)
    )
    found: dict[UUID, Said] = {}
    for row in map(dict, rows):
        before = found.get(row["reading_id"], NOTHING_SAID)
        found[row["reading_id"]] = Said(
            findings=(*before.findings, _finding(row)), items=(*before.items, _item(row))
        )
    return found


async def in_doubt(conn: Connection, visit: Visit) -> list[Doubt]:
    rows = await conn.fetch(
        QUERIES["in_doubt"], visit.organisation_id, visit.patient_id, visit.now - DOUBT_SHOWN
    )
    return [
        Doubt(
            kind=Kind(row["kind"]),
            measured_at=row["measured_at"],
            received_at=row["received_at"],
            whose=row["reason"] in CURABLE,
        )
        for row in rows
    ]


async def still_waits(conn: Connection, visit: Visit) -> bool:
    found: bool = await conn.fetchval(QUERIES["waits"], visit.organisation_id, visit.patient_id)
    return found


def _finding(row: Row) -> Finding:
    bound = row["bound"]
    return Finding(
        rule=row["rule"],
        lane=row["lane"],
        severity=row["severity"],
        metric=row["metric"],
        bound=None if bound is None else msgspec.json.decode(bound),
    )


def _item(row: Row) -> OnList:
    return OnList(
        state=row["state"],
        outcome=row["outcome"],
        acknowledged_at=row["acknowledged_at"],
        ended_at=row["ended_at"],
        ended_by_person=row["ended_by"] is not None,
    )
