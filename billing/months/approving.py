"""Somebody answers for lines, exactly as they are: never for time of their own (L-5).

A second person may approve the same: whoever sends a line is another one than somebody who has
approved it, and of two who have approved it either may.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from asyncpg import Record

from billing.months.acting import Moved, locked_lines, move_rows
from billing.months.add_ons import check_bases
from billing.months.records import Status
from billing.months.settled import check_settled
from billing.months.standing import QUERIES, note_row
from billing.months.states import LACKS_WORDS
from care.errors import InvalidError, RefusedError, TakenError
from store.pool import Connection

TOO: Final = "approved by a second person"


async def approve(
    conn: Connection,
    organisation_id: UUID,
    lines: Mapping[UUID, int | None],
    *,
    actor: UUID,
    now: dt.datetime,
) -> list[Moved]:
    """All of them or none. Raises InvalidError, RefusedError, StaleError, TakenError."""
    async with conn.transaction():
        await check_settled(conn, organisation_id, lines, now=now)
        rows = await locked_lines(conn, organisation_id, lines)
        _check_whole(rows)
        await check_bases(conn, organisation_id, rows)
        await _check_time(conn, organisation_id, lines, actor)
        done = await move_rows(conn, rows, Status.APPROVED, reason="", actor=actor, now=now)
        await conn.executemany(
            QUERIES["approve"],
            [(organisation_id, row["id"], row["content"], actor, now) for row in rows],
        )
        return done


async def approve_too(
    conn: Connection,
    organisation_id: UUID,
    lines: Mapping[UUID, int | None],
    *,
    actor: UUID,
    now: dt.datetime,
) -> list[Moved]:
    """What somebody else has approved, by a second person: the lines stay as they are. All of them
    or none. Raises RefusedError, StaleError, TakenError.
    """
    async with conn.transaction():
        await check_settled(conn, organisation_id, lines, now=now)
        rows = await locked_lines(conn, organisation_id, lines)
        _check_approved(rows)
        await _check_time(conn, organisation_id, lines, actor)
        by = await approvers_of(conn, organisation_id, lines)
        if any(actor in by.get(row["id"], {}) for row in rows):
            raise TakenError("lines", "you have approved this already: a second person is another")
        for row in rows:
            note = note_row(
                organisation_id, row["id"], row["status"], row["status"], TOO, row["content"],
                now=now, actor=actor,
            )  # fmt: skip
            await conn.execute(QUERIES["note"], *note)
            await conn.execute(
                QUERIES["approve"], organisation_id, row["id"], row["content"], actor, now
            )
    return [
        Moved(
            line_id=row["id"],
            patient_id=row["patient_id"],
            status=Status.APPROVED,
            version=row["version"],
        )
        for row in rows
    ]


async def approvers_of(
    conn: Connection, organisation_id: UUID, lines: Iterable[UUID]
) -> dict[UUID, dict[UUID, str]]:
    """By line, who has approved what it says now, with their names: those whose approval stands."""
    found: dict[UUID, dict[UUID, str]] = {}
    for row in await conn.fetch(QUERIES["approvers"], organisation_id, list(lines)):
        found.setdefault(row["line_id"], {})[row["approved_by"]] = row["name"]
    return found


def _check_approved(rows: Sequence[Record]) -> None:
    for row in rows:
        if row["status"] != Status.APPROVED:
            raise TakenError(
                "lines", f"{row['code']} is {row['status']}: only what is approved is approved too"
            )


async def _check_time(
    conn: Connection, organisation_id: UUID, lines: Iterable[UUID], actor: UUID
) -> None:
    own = await conn.fetch(QUERIES["own time"], organisation_id, list(lines), actor)
    if own:
        codes = ", ".join(dict.fromkeys(row["code"] for row in own))
        raise RefusedError(
            "lines",
            f"{codes} rests on time of your own, or that you have corrected: somebody else has"
            " to approve it",
        )


def _check_whole(rows: Sequence[Record]) -> None:
    for row in rows:
        if row["lacks"]:
            said = "; ".join(LACKS_WORDS.get(each, each) for each in row["lacks"])
            raise InvalidError("lines", f"{row['code']} cannot be approved yet: {said}")
