"""A month is locked: what it says is frozen, under one hash. Of two who try at once, one does."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from billing.errors import StaleError
from billing.months.holding import hold
from billing.months.keeping import QUERIES, Kept, up_to_date
from billing.months.reading import open_head
from billing.months.records import MonthHead
from billing.months.review import etag_of
from billing.months.seal import canonical, month_digest
from billing.months.sources import find_month
from billing.months.standing import QUERIES as LINES
from billing.texts import prose
from care.errors import InvalidError, TakenError
from care.users import find_user
from store.pool import Connection

FIRST: Final = "locked"
REASON_LEAST: Final = 3
NOBODY: Final = "there is nothing to close: nobody was monitored or cared for in {}"


async def close(
    conn: Connection,
    organisation_id: UUID,
    month: str,
    *,
    etag: str,
    hold_rest: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> MonthHead:
    """`etag`: of the review that the person has looked at. `hold_rest`: why what nobody has decided
    about is held; without it there may be nothing undecided.

    Raises TakenError where it is locked, or being locked, InvalidError, StaleError.
    """
    why = prose("reason", hold_rest)
    calendar = await find_month(conn, organisation_id, month)
    async with conn.transaction():
        if not await conn.fetchval(QUERIES["closing"], str(organisation_id), month):
            raise TakenError("month", f"somebody else is locking {calendar.said} at this moment")
        if now < calendar.ends_at:
            raise InvalidError("month", f"{calendar.said} is not over yet: it cannot be locked")
        kept = await up_to_date(conn, organisation_id, month, now=now)
        if kept.locked:
            raise TakenError("month", _by_whom(kept))
        if etag != await etag_of(conn, organisation_id, kept):
            raise StaleError(f"{calendar.said} has changed since you looked: look again")
        if not await conn.fetchval(QUERIES["anybody"], organisation_id, kept.id):
            raise InvalidError("month", NOBODY.format(calendar.said))
        await _decide_the_rest(conn, organisation_id, kept, why, actor=actor, now=now)
        return await _first(conn, organisation_id, kept, actor=actor, now=now)


async def seal(
    conn: Connection,
    organisation_id: UUID,
    kept: Kept,
    head: MonthHead,
    *,
    why: str,
    actor: UUID | None,
    now: dt.datetime,
) -> MonthHead:
    """One hash over what is frozen as of the head's version and before, and over the head."""
    rows = await conn.fetch(QUERIES["hashes"], organisation_id, kept.id, head.version)
    made = replace(
        head, sha256=None, locked_at=now, locked_by=await _name(conn, organisation_id, actor)
    )
    sha256 = month_digest(made, [(row["patient_id"], row["sha256"]) for row in rows])
    await conn.execute(
        QUERIES["seal"], kept.id, organisation_id, made.version, canonical(made).decode(),
        len(rows), sha256, why, actor, now,
    )  # fmt: skip
    await conn.execute(QUERIES["locked"], organisation_id, kept.id, made.version, now, actor)
    return replace(made, sha256=sha256)


async def _first(
    conn: Connection, organisation_id: UUID, kept: Kept, *, actor: UUID | None, now: dt.datetime
) -> MonthHead:
    """All that is worked out now is frozen."""
    await conn.execute(QUERIES["freeze"], organisation_id, kept.id, 1)
    head = replace(
        await open_head(conn, organisation_id, kept),
        version=1,
        first_locked_at=now,
        first_locked_by=await _name(conn, organisation_id, actor),
    )
    return await seal(conn, organisation_id, kept, head, why=FIRST, actor=actor, now=now)


async def _decide_the_rest(
    conn: Connection,
    organisation_id: UUID,
    kept: Kept,
    why: str,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    rows = await conn.fetch(LINES["undecided"], organisation_id, kept.id)
    if not rows:
        return
    if not why:
        few = "1 line is" if len(rows) == 1 else f"{len(rows)} lines are"
        raise InvalidError(
            "reason", f"{few} neither approved nor held: decide, or say why the rest is held"
        )
    if len(why) < REASON_LEAST:
        raise InvalidError("reason", f"must have at least {REASON_LEAST} characters")
    lines = {row["id"]: row["version"] for row in rows}
    await hold(conn, organisation_id, lines, reason=why, actor=actor, now=now)


async def _name(conn: Connection, organisation_id: UUID, actor: UUID | None) -> str:
    """A month that a command locks is locked by nobody's account."""
    return "" if actor is None else (await find_user(conn, organisation_id, actor)).name


def _by_whom(kept: Kept) -> str:
    when = "" if kept.locked_at is None else f" on {kept.locked_at:%Y-%m-%d at %H:%M} UTC"
    return f"{kept.month.said} has been locked by {kept.locked_by_name or 'a command'}{when}"
