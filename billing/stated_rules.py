"""What a practice has stated of rule sets, as it stands in the database; and what follows of it."""

import datetime as dt
from typing import Final
from uuid import UUID

import msgspec

from billing.eligibility.rule_set import RuleBook
from billing.rule_books import Stated, book_of
from billing.rule_notice import Notice, notices
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "rule_sets.sql")


async def stated_by(conn: Connection, organisation_id: UUID) -> tuple[Stated, ...]:
    """The first said first."""
    rows = await conn.fetch(QUERIES["stated"], organisation_id)
    return tuple(msgspec.convert(dict(row), Stated) for row in rows)


async def book_of_practice(conn: Connection, organisation_id: UUID) -> RuleBook:
    return book_of(await stated_by(conn, organisation_id))


async def notices_of(
    conn: Connection, organisation_id: UUID, today: dt.date, *, followed: bool = True
) -> list[Notice]:
    """Of rules that end soon or have ended: of those that payers follow, or of all."""
    book = await book_of_practice(conn, organisation_id)
    if not followed:
        return notices(book, today)
    rows = await conn.fetch(QUERIES["followed"], organisation_id)
    return notices(book, today, [row["authority"] for row in rows])
