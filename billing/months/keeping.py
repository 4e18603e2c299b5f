"""Keeps a month up to date: only patients of whom something has changed are worked out anew.

What has changed is found by what is there and not by when it came: a reading that arrives late, a
correction, a new fee file. Batches of 200 patients go through, so memory does not grow with them.
"""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from billing.months.adjusting import find_adjustments
from billing.months.calendar import DAY, Month
from billing.months.composing import composed
from billing.months.facts_digest import facts_digest
from billing.months.gathered import gather
from billing.months.records import PatientMonth
from billing.months.seal import canonical, digest, digest_of
from billing.months.sources import Sources, find_month, sources_of
from billing.months.standing import write_lines
from billing.rule_numbers import WHOSE
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "months.sql")
BATCH: Final = 200
SINCE: Final = dt.timedelta(days=67)
"""So far back from the month's first day a reading may still move a period: see `days._anchor`."""


class Kept(Struct, frozen=True, kw_only=True):
    """A month as it stands, after whatever had changed was worked out."""

    id: UUID
    month: Month
    version: int
    evaluated_at: dt.datetime
    locked_at: dt.datetime | None
    locked_by: UUID | None
    locked_by_name: str | None
    sources: Sources
    changed: int = 0
    """Patients that were worked out anew."""

    @property
    def locked(self) -> bool:
        return self.version > 0


class _Work(Struct, frozen=True, kw_only=True):
    conn: Connection
    organisation_id: UUID
    row: Record
    sources: Sources
    today: dt.date
    now: dt.datetime


async def up_to_date(
    conn: Connection, organisation_id: UUID, name: str, *, now: dt.datetime
) -> Kept:
    """Of a locked month what comes of it are adjustments, and nothing that was locked changes.

    Raises NotFoundError for what is no month.
    """
    await find_month(conn, organisation_id, name)
    async with conn.transaction():
        await conn.execute(QUERIES["lock"], str(organisation_id), name)
        await conn.execute(QUERIES["ensure"], organisation_id, name)
        row = await conn.fetchrow(QUERIES["find"], organisation_id, name)
        assert row is not None  # noqa: S101 - it is there, or was made
        sources = await sources_of(conn, organisation_id, name)
        work = _Work(
            conn=conn,
            organisation_id=organisation_id,
            row=row,
            sources=sources,
            today=now.astimezone(sources.month.zone).date(),
            now=now,
        )
        changed = await _worked_out(work)
        await conn.execute(QUERIES["evaluated"], organisation_id, row["id"], now)
    return Kept(
        id=row["id"],
        month=sources.month,
        version=row["version"],
        evaluated_at=now,
        locked_at=row["locked_at"],
        locked_by=row["locked_by"],
        locked_by_name=row["locked_by_name"],
        sources=sources,
        changed=changed,
    )


async def _worked_out(work: _Work) -> int:
    kept = {
        row["patient_id"]: row
        for row in await work.conn.fetch(QUERIES["kept"], work.organisation_id, work.row["id"])
    }
    wanted = await _fingerprints(work)
    stale = [
        each for each in wanted if each not in kept or kept[each]["fingerprint"] != wanted[each][1]
    ]
    for start in range(0, len(stale), BATCH):
        await _batch(work, stale[start : start + BATCH], wanted)
    gone = [each for each in kept if each not in wanted]
    if gone:
        await work.conn.execute(QUERIES["forget"], work.organisation_id, work.row["id"], gone)
        await _follow(work, dict.fromkeys(gone))
    return len(stale) + len(gone)


async def _fingerprints(work: _Work) -> dict[UUID, tuple[str, str]]:
    """By patient, in the order of names: by what they are listed, and of what they are made."""
    month = work.sources.month
    rows = await work.conn.fetch(
        QUERIES["fingerprints"], work.organisation_id, month.begins_at, month.ends_at,
        month.begins_at - SINCE, month.ends_at + 2 * DAY, month.name, list(WHOSE), month.first,
        month.last,
    )  # fmt: skip
    # When the month is over, another day makes no difference to it.
    day = min(work.today, month.last + DAY)
    common = digest([work.sources.digest, day])
    clashes = work.sources.clashes
    return {
        row["patient_id"]: (
            row["sorts_by"],
            digest([common, row["said"], clashes.get(str(row["patient_id"]), "")]),
        )
        for row in rows
    }


async def _batch(
    work: _Work, patients: Sequence[UUID], wanted: Mapping[UUID, tuple[str, str]]
) -> None:
    gathered = await gather(work.conn, work.organisation_id, work.sources.month, patients)
    made: dict[UUID, PatientMonth] = {}
    for each in gathered:
        made[each.row["id"]] = composed(each, work.sources, today=work.today)
        # Others want this process too.
        await asyncio.sleep(0)
    await work.conn.executemany(
        QUERIES["keep"], [_row(work, *wanted[each], month) for each, month in made.items()]
    )
    await _follow(work, made)


def _row(work: _Work, sorts_by: str, fingerprint: str, month: PatientMonth) -> tuple[Any, ...]:
    body = canonical(month)
    return (
        work.row["id"], month.who.patient_id, work.organisation_id, sorts_by, body.decode(),
        digest_of(body), fingerprint, facts_digest(month), work.now,
    )  # fmt: skip


async def _follow(work: _Work, made: Mapping[UUID, PatientMonth | None]) -> None:
    """Lines of an open month are as they were worked out; of a locked one they are adjusted."""
    arguments = (work.conn, work.organisation_id, work.row, made)
    if work.row["version"] == 0:
        await write_lines(*arguments, now=work.now)
    else:
        await find_adjustments(*arguments, work.sources, now=work.now)
