"""The month as people look at it: each patient, each code, and how far it has come."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from billing.eligibility.result import Why
from billing.months.adjusting import QUERIES as ADJUSTMENTS
from billing.months.calendar import month_named
from billing.months.keeping import QUERIES, Kept, up_to_date
from billing.months.reading import head_of_kept, stream
from billing.months.records import LineOf, NotEligible, PatientMonth, Status
from billing.months.seal import digest
from billing.months.sources import practice_zone
from billing.months.standing import QUERIES as LINES
from billing.months.views import Cell, MonthRow, Review, ReviewRow, Totals, Verdict
from store.pool import Connection

MAY_STILL = frozenset(
    {
        Why.WINDOW_OPEN, Why.NO_CONSENT, Why.NO_ORDER, Why.NOT_ESTABLISHED, Why.NO_DIAGNOSIS,
        Why.UNKNOWN_PAYER, Why.NO_SETUP_EDUCATION, Why.PRIOR_AUTH_MISSING, Why.NOT_ATTESTED,
        Why.CONSENT_NOT_WRITTEN, Why.RULESET_UNCONFIRMED,
    }
)  # fmt: skip
"""What somebody can still enter or confirm, or the window is not over."""


async def review_of(
    conn: Connection, organisation_id: UUID, month: str, *, now: dt.datetime
) -> Review:
    """Raises NotFoundError for what is no month."""
    kept = await up_to_date(conn, organisation_id, month, now=now)
    known = {
        row["id"]: row
        for row in await conn.fetch(LINES["of_patients"], organisation_id, kept.id, None)
    }
    waiting = {
        row["patient_id"]: row["waiting"]
        for row in await conn.fetch(ADJUSTMENTS["waiting"], organisation_id, kept.id)
    }
    rows: list[ReviewRow] = []
    totals: dict[str, Totals] = {}
    async for each in stream(conn, organisation_id, kept, whole=False):
        rows.append(row_of(each, known, waiting.get(each.who.patient_id, 0)))
        _add_up(totals, each)
    return Review(
        head=await head_of_kept(conn, organisation_id, kept),
        etag=await etag_of(conn, organisation_id, kept),
        state=state_of(kept.month.ends_at, kept.version, now=now),
        evaluated_at=kept.evaluated_at,
        statuses={name: each.lines for name, each in sorted(totals.items())},
        totals=totals,
        rows=tuple(rows),
        open_adjustments=sum(waiting.values()),
        first_locked_at=kept.locked_at,
        first_locked_by=kept.locked_by_name,
    )


async def months_of(conn: Connection, organisation_id: UUID, *, now: dt.datetime) -> list[MonthRow]:
    """The latest first; those that somebody has looked at. As they were worked out last."""
    zone = await practice_zone(conn, organisation_id)
    statuses: dict[UUID, dict[str, int]] = {}
    for row in await conn.fetch(LINES["statuses"], organisation_id):
        statuses.setdefault(row["month_id"], {})[row["status"]] = row["lines"]
    charges = {
        row["month_id"]: row["charge"]
        for row in await conn.fetch(LINES["charges"], organisation_id)
    }
    return [
        MonthRow(
            month=row["month"],
            state=state_of(month_named(row["month"], zone).ends_at, row["version"], now=now),
            version=row["version"],
            patients=row["patients"],
            statuses=statuses.get(row["id"], {}),
            charge=charges.get(row["id"]) or Decimal(0),
            evaluated_at=row["evaluated_at"],
            locked_at=row["locked_at"],
            locked_by=row["locked_by"],
            open_adjustments=row["open_adjustments"],
        )
        for row in await conn.fetch(QUERIES["months"], organisation_id)
    ]


async def etag_of(conn: Connection, organisation_id: UUID, kept: Kept) -> str:
    """Of every patient's content, and of where every line stands."""
    rows = await conn.fetch(QUERIES["hashes"], organisation_id, kept.id, kept.version)
    said = sorted((str(row["patient_id"]), row["sha256"]) for row in rows)
    versions = await conn.fetchval(LINES["versions"], organisation_id, kept.id)
    return digest([said, versions, kept.version, kept.sources.practice])


def state_of(ends_at: dt.datetime, version: int, *, now: dt.datetime) -> str:
    if version:
        return "locked"
    return "running" if now < ends_at else "open"


def row_of(month: PatientMonth, known: Mapping[UUID, Record], adjustments: int = 0) -> ReviewRow:
    cells = [cell_of(line, known.get(line.line_id)) for line in month.lines]
    cells += [cell_of_refusal(each) for each in month.not_eligible]
    return ReviewRow(
        patient_id=month.who.patient_id,
        mrn=month.who.mrn,
        family_name=month.who.family_name,
        given_name=month.who.given_name,
        payer="" if month.cover is None else month.cover.payer_name,
        cells=tuple(cells),
        flags=month.flags,
        adjustments=adjustments,
    )


def cell_of(line: LineOf, row: Any = None) -> Cell:
    return Cell(
        code=line.code,
        service=line.service,
        scope=line.scope,
        verdict=Verdict.BILLABLE,
        why=line.why,
        line_id=line.line_id,
        status=line.status,
        units=line.units,
        dos=line.dos_from,
        window_from=line.window_from,
        window_to=line.window_to,
        days_counted=line.days_counted,
        seconds_counted=line.seconds_counted,
        charge=line.charge,
        expected=line.expected,
        lacks=() if row is None else tuple(row["lacks"]),
        flags=line.flags,
        held="" if row is None or line.status is not Status.HELD else row["held_because"] or "",
        version=0 if row is None else row["version"],
    )


def cell_of_refusal(refused: NotEligible) -> Cell:
    may = refused.open or refused.reason in MAY_STILL
    return Cell(
        code=refused.codes[0] if len(refused.codes) == 1 else "",
        service=refused.service,
        scope=refused.scope,
        verdict=Verdict.NOT_YET if may else Verdict.IMPOSSIBLE,
        why=refused.why,
        reason=refused.reason,
        window_from=refused.window_from,
        window_to=refused.window_to,
        days_counted=refused.days_counted,
        days_missing=refused.days_missing,
        seconds_counted=refused.seconds_counted,
        seconds_missing=refused.seconds_missing,
        flags=refused.flags,
    )


def _add_up(totals: dict[str, Totals], month: PatientMonth) -> None:
    for line in month.lines:
        had = totals.get(line.status, Totals())
        totals[line.status] = msgspec.structs.replace(
            had,
            lines=had.lines + 1,
            units=had.units + line.units,
            charge=had.charge + (line.charge or 0),
            expected=had.expected + (line.expected or 0),
            without_fee=had.without_fee + (line.charge is None),
        )
