"""What came after months were locked, as people look at it: listed, in pages, and one by itself."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import msgspec
from asyncpg import Record

from billing.months.adjusting import QUERIES
from billing.months.detail_finding import DETAILS
from billing.months.payer_has import with_first_payer
from billing.months.views import Adjustment, ChangedDetail, SentLine
from care.errors import NotFoundError
from store.pool import Connection

Place: TypeAlias = tuple[bool, dt.datetime, UUID]
"""In the list: whether it is decided about, when it was found, its id."""


async def adjustments_of(
    conn: Connection,
    organisation_id: UUID,
    month: str | None = None,
    *,
    after: Place | None = None,
    limit: int | None = None,
    alike: Sequence[str] | None = None,
    but: Sequence[str] = (),
) -> list[Adjustment]:
    """Those that wait first, the latest first. `alike`: only what waits and says one of these of a
    claim; `but`: without those. `after`: behind what was listed there.
    """
    rows = await conn.fetch(
        QUERIES["list"], organisation_id, month, None, *(after or (None, None, None)), limit,
        None if alike is None else list(alike), list(but),
    )  # fmt: skip
    return await with_first_payer(conn, organisation_id, [adjustment_of(row) for row in rows])


async def newer_than(
    conn: Connection,
    organisation_id: UUID,
    month: str,
    place: Place,
    *,
    limit: int,
    but: Sequence[str] = (),
) -> Place | None:
    """Behind which the page before this one begins; None: it is the first."""
    row = await conn.fetchrow(QUERIES["newer"], organisation_id, month, *place, limit, list(but))
    return None if row is None else (row["decided"], row["found_at"], row["id"])


async def several_alike(conn: Connection, organisation_id: UUID, month: str) -> list[str]:
    """What waits, and says the same of claims of several patients: `alike` of each, the latest
    first.
    """
    rows = await conn.fetch(QUERIES["alike"], organisation_id, month)
    return [row["after_sha256"] for row in rows]


async def find_adjustment(
    conn: Connection, organisation_id: UUID, adjustment_id: UUID
) -> Adjustment:
    """Raises NotFoundError."""
    found = adjustment_of(await row_of(conn, organisation_id, adjustment_id))
    return (await with_first_payer(conn, organisation_id, [found]))[0]


async def row_of(conn: Connection, organisation_id: UUID, adjustment_id: UUID) -> Record:
    """With what was worked out then. Raises NotFoundError."""
    rows = await conn.fetch(
        QUERIES["list"], organisation_id, None, adjustment_id, None, None, None, 1, None, []
    )
    if not rows:
        raise NotFoundError("adjustment", "there is no such adjustment")
    return rows[0]


def place_of(adjustment: Adjustment) -> Place:
    return adjustment.decision is not None, adjustment.found_at, adjustment.id


def adjustment_of(row: Record) -> Adjustment:
    return Adjustment(
        id=row["id"],
        month=row["month"],
        patient_id=row["patient_id"],
        mrn=row["mrn"],
        family_name=row["family_name"],
        given_name=row["given_name"],
        direction=row["direction"],
        removed=msgspec.json.decode(row["removed"], type=tuple[SentLine, ...]),
        added=msgspec.json.decode(row["added"], type=tuple[SentLine, ...]),
        causes=tuple(msgspec.json.decode(row["causes"])),
        found_at=row["found_at"],
        overpayment_identified_on=row["overpayment_identified_on"],
        report_and_return_by=row["report_and_return_by"],
        decision=row["decision"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"] or "",
        version=row["version"],
        details=msgspec.json.decode(row["details"], type=tuple[ChangedDetail, ...]),
        alike=row["after_sha256"] if row["direction"] == DETAILS else "",
    )
