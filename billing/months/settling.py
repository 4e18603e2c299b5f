"""What people decide about adjustments. Another person than who made the change approves it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from billing.months.acting import Settling
from billing.months.adjusting import QUERIES
from billing.months.adjustment_list import find_adjustment, row_of
from billing.months.detail_finding import DETAILS
from billing.months.detail_settling import settle_details
from billing.months.fact_settling import settle_facts
from billing.months.keeping import up_to_date
from billing.months.records import PatientMonth
from billing.months.time_rows import staff_behind
from billing.months.views import Adjustment, ChangedDetail, own_change
from billing.texts import prose
from care.errors import InvalidError, RefusedError, TakenError
from store.pool import Connection


async def decide(
    conn: Connection,
    organisation_id: UUID,
    adjustment_id: UUID,
    *,
    approve: bool,
    reason: str = "",
    actor: UUID,
    now: dt.datetime,
) -> Adjustment:
    """Approved: lines become what is worked out now, and the month is frozen anew beside what was.

    Raises NotFoundError, RefusedError, TakenError.
    """
    why = prose("reason", reason, needed=not approve)
    async with conn.transaction():
        row = await row_of(conn, organisation_id, adjustment_id)
        kept = await up_to_date(conn, organisation_id, row["month"], now=now)
        row = await row_of(conn, organisation_id, adjustment_id)
        settling = Settling(
            conn=conn, organisation_id=organisation_id, actor=actor, now=now, kept=kept
        )
        _check_waits(row)
        version = None
        if approve:
            _check_person(row, actor)
            if row["direction"] == DETAILS:
                version = (await settle_details(settling, [row]))[row["id"]]
            else:
                version = await settle_facts(settling, row)
        await _decided(settling, row, approve=approve, why=why, version=version)
    return await find_adjustment(conn, organisation_id, adjustment_id)


async def decide_alike(
    conn: Connection,
    organisation_id: UUID,
    adjustment_ids: Sequence[UUID],
    *,
    approve: bool,
    reason: str = "",
    actor: UUID,
    now: dt.datetime,
) -> list[Adjustment]:
    """Several of one month that say the same of a claim: all of them or none.

    Raises InvalidError, NotFoundError, RefusedError, TakenError.
    """
    why = prose("reason", reason, needed=not approve)
    async with conn.transaction():
        rows = [await row_of(conn, organisation_id, each) for each in dict.fromkeys(adjustment_ids)]
        if len({(row["month"], row["after_sha256"]) for row in rows}) != 1 or any(
            row["direction"] != DETAILS for row in rows
        ):
            raise InvalidError("adjustment", "are not all of one month with the same details")
        kept = await up_to_date(conn, organisation_id, rows[0]["month"], now=now)
        rows = [await row_of(conn, organisation_id, row["id"]) for row in rows]
        for row in rows:
            _check_waits(row)
            if approve:
                _check_person(row, actor)
        settling = Settling(
            conn=conn, organisation_id=organisation_id, actor=actor, now=now, kept=kept
        )
        versions: dict[UUID, int] = {}
        if approve:
            versions = await settle_details(settling, rows)
        for row in rows:
            found = versions.get(row["id"])
            await _decided(settling, row, approve=approve, why=why, version=found)
    return [await find_adjustment(conn, organisation_id, row["id"]) for row in rows]


def _check_waits(row: Record) -> None:
    if row["decision"] is not None:
        raise TakenError("adjustment", f"is {row['decision']} already")


async def _decided(
    settling: Settling, row: Record, *, approve: bool, why: str, version: int | None
) -> None:
    done = await settling.conn.fetchval(
        QUERIES["decide"], row["id"], settling.organisation_id,
        "approved" if approve else "dismissed", why, settling.actor, settling.now, version,
    )  # fmt: skip
    if done is None:
        raise TakenError("adjustment", "has just been decided by somebody else")


def _check_person(row: Record, actor: UUID) -> None:
    """L-5, and a second person: neither who wrote the change down nor whose time it is."""
    causes: list[dict[str, Any]] = msgspec.json.decode(row["causes"])
    details = msgspec.json.decode(row["details"], type=tuple[ChangedDetail, ...])
    if own := own_change(causes, details, actor):
        raise RefusedError(
            "adjustment",
            f"rests on a change of your own ({own}): somebody else has to approve it",
        )
    body = msgspec.json.decode(row["after_body"], type=PatientMonth | None)
    if body is None:
        return
    added = {each["line_id"] for each in msgspec.json.decode(row["added"])}
    for line in body.lines:
        if str(line.line_id) in added and actor in staff_behind(line, body.time):
            raise RefusedError(
                "adjustment", f"{line.code} rests on time of your own: somebody else approves it"
            )
