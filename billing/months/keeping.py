"""Keeps a month up to date: only patients of whom something has changed are worked out anew.

What has changed is found by what is there and not by when it came: a reading that arrives late, a
correction, a new fee file. A few patients at a time go through, so memory does not grow with them.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from billing.errors import EvaluatingError
from billing.months.adjusting import find_adjustments
from billing.months.calendar import Month
from billing.months.composing import composed
from billing.months.facts_digest import facts_digest
from billing.months.fingerprints import fingerprints_of
from billing.months.gathered import gather
from billing.months.records import PatientMonth
from billing.months.seal import canonical, digest_of
from billing.months.sources import Sources, find_month, sources_of
from billing.months.standing import write_lines
from care.errors import NotFoundError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "months.sql")
BATCH: Final = 200
"""Patients that are kept for good together."""
READ: Final = 40
"""Patients whose rows are read in one go: more of them would hold the process."""


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
    row: Record | None
    """None: nobody has looked at the month yet."""
    sources: Sources
    today: dt.date
    now: dt.datetime


class Progress(Struct, frozen=True, kw_only=True):
    """Patients whose month is as it should be, of how many."""

    done: int
    of: int


_AT_ONCE: Final[ContextVar[int | None]] = ContextVar("at_once", default=None)


@contextmanager
def at_once(patients: int | None) -> Iterator[None]:
    """Within, nobody waits for more patients than these: EvaluatingError says how far it is."""
    token = _AT_ONCE.set(patients)
    try:
        yield
    finally:
        _AT_ONCE.reset(token)


async def up_to_date(
    conn: Connection, organisation_id: UUID, name: str, *, now: dt.datetime
) -> Kept:
    """Of a locked month what comes of it are adjustments, and nothing that was locked changes.

    Raises NotFoundError for what is no month, EvaluatingError: see `at_once`.
    """
    kept, _ = await _brought(conn, organisation_id, name, now=now, most=_AT_ONCE.get())
    return kept


async def work_out(
    conn: Connection,
    organisation_id: UUID,
    name: str,
    *,
    now: dt.datetime,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> None:
    """A batch after the other, each kept for good: what is interrupted goes on where it was. The
    connection is in no transaction.
    """
    while True:
        _, progress = await _brought(conn, organisation_id, name, now=now, step=BATCH)
        on_progress(progress)
        if progress.done == progress.of:
            return


async def progress_of(
    conn: Connection, organisation_id: UUID, name: str, *, now: dt.datetime
) -> Progress:
    """How far it is, without waiting for whoever works it out. Raises NotFoundError."""
    await _begun(conn, organisation_id, name, now=now)
    return (await _looked_at(conn, organisation_id, name, now=now)).progress


async def _begun(conn: Connection, organisation_id: UUID, name: str, *, now: dt.datetime) -> None:
    """Nothing is kept of a month to come. Raises NotFoundError."""
    month = await find_month(conn, organisation_id, name)
    if now < month.begins_at:
        raise NotFoundError("month", f"{month.said} has not begun")


async def _brought(
    conn: Connection,
    organisation_id: UUID,
    name: str,
    *,
    now: dt.datetime,
    most: int | None = None,
    step: int | None = None,
) -> tuple[Kept, Progress]:
    """Up to date; with `step`, nearer to it by so many patients."""
    await _begun(conn, organisation_id, name, now=now)
    whose = (str(organisation_id), name)
    async with conn.transaction():
        if most is not None and not await conn.fetchval(QUERIES["lock if free"], *whose):
            found = await _looked_at(conn, organisation_id, name, now=now)
            _check(name, found, most)
        await conn.execute(QUERIES["lock"], *whose)
        await conn.execute(QUERIES["ensure"], organisation_id, name)
        found = await _looked_at(conn, organisation_id, name, now=now)
        _check(name, found, most)
        some = found.stale[:step]
        left = len(found.stale) - len(some)
        await _work_through(found, some, last=left == 0)
        work = found.work
        row = _month_of(work)
        if left == 0:
            await conn.execute(QUERIES["evaluated"], organisation_id, row["id"], now)
    kept = Kept(
        id=row["id"],
        month=work.sources.month,
        version=row["version"],
        evaluated_at=now,
        locked_at=row["locked_at"],
        locked_by=row["locked_by"],
        locked_by_name=row["locked_by_name"],
        sources=work.sources,
        changed=len(some) + (0 if left else len(found.gone)),
    )
    return kept, Progress(done=len(found.wanted) - left, of=len(found.wanted))


class _Looked(Struct, frozen=True, kw_only=True):
    """What is to be done."""

    work: _Work
    wanted: dict[UUID, tuple[str, str]]
    stale: list[UUID]
    gone: list[UUID]

    @property
    def progress(self) -> Progress:
        return Progress(done=len(self.wanted) - len(self.stale), of=len(self.wanted))


async def _looked_at(
    conn: Connection, organisation_id: UUID, name: str, *, now: dt.datetime
) -> _Looked:
    row = await conn.fetchrow(QUERIES["find"], organisation_id, name)
    sources = await sources_of(conn, organisation_id, name)
    today = now.astimezone(sources.month.zone).date()
    work = _Work(
        conn=conn, organisation_id=organisation_id, row=row, sources=sources, today=today, now=now
    )
    of_month = None if row is None else row["id"]
    kept = {
        each["patient_id"]: each["fingerprint"]
        for each in await conn.fetch(QUERIES["kept"], organisation_id, of_month)
    }
    wanted = await fingerprints_of(conn, organisation_id, sources, today=today)
    return _Looked(
        work=work,
        wanted=wanted,
        stale=[each for each, (_, said) in wanted.items() if kept.get(each) != said],
        gone=[each for each in kept if each not in wanted],
    )


def _check(name: str, found: _Looked, most: int | None) -> None:
    if most is not None and len(found.stale) > most:
        raise EvaluatingError(name, done=found.progress.done, of=found.progress.of)


async def _work_through(found: _Looked, some: Sequence[UUID], *, last: bool) -> None:
    work = found.work
    for start in range(0, len(some), READ):
        await _batch(work, some[start : start + READ], found.wanted)
    if last and found.gone:
        await work.conn.execute(
            QUERIES["forget"], work.organisation_id, _month_of(work)["id"], found.gone
        )
        await _follow(work, dict.fromkeys(found.gone))


def _month_of(work: _Work) -> Record:
    assert work.row is not None  # noqa: S101 - it is there, or was made
    return work.row


async def _batch(
    work: _Work, patients: Sequence[UUID], wanted: Mapping[UUID, tuple[str, str]]
) -> None:
    gathered = await gather(work.conn, work.organisation_id, work.sources, patients)
    made: dict[UUID, PatientMonth] = {}
    rows = []
    for each in gathered:
        month = composed(each, work.sources, today=work.today)
        made[month.who.patient_id] = month
        rows.append(_row(work, *wanted[month.who.patient_id], month))
        # Others want this process too.
        await asyncio.sleep(0)
    await work.conn.executemany(QUERIES["keep"], rows)
    await _follow(work, made)


def _row(work: _Work, sorts_by: str, fingerprint: str, month: PatientMonth) -> tuple[Any, ...]:
    body = canonical(month)
    return (
        _month_of(work)["id"], month.who.patient_id, work.organisation_id, sorts_by, body.decode(),
        digest_of(body), fingerprint, facts_digest(month), work.now,
    )  # fmt: skip


async def _follow(work: _Work, made: Mapping[UUID, PatientMonth | None]) -> None:
    """Lines of an open month are as they were worked out; of a locked one they are adjusted."""
    row = _month_of(work)
    arguments = (work.conn, work.organisation_id, row, made)
    if row["version"] == 0:
        await write_lines(*arguments, now=work.now)
    else:
        await find_adjustments(*arguments, work.sources, now=work.now)
