"""Fee schedules: imported as files, by payer or for all, never changed; a later version of the
same first day stands in place of the earlier one.
"""

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from billing.parties import checks
from billing.parties.fee_file import FeeLine, fees_in
from billing.parties.localities import words
from billing.parties.payers import find_payer
from care.errors import NotFoundError
from care.fields import text as checked_text
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")


class Schedule(Struct, frozen=True, kw_only=True):
    id: UUID
    payer: UUID | None
    """None: for every payer that has none of its own."""
    payer_name: str | None
    name: str
    effective_from: dt.date
    effective_to: dt.date | None
    version: int
    sha256: str
    imported_at: dt.datetime
    imported_by: str
    codes: int
    localities: tuple[str, ...] = ()
    """Those that the file names."""
    about_localities: str = ""
    """Which of them holds for the practice, or why none does; empty: there is nothing to say."""


async def import_fees(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    text: str,
    *,
    payer: UUID | None,
    name: str,
    effective_from: dt.date,
    effective_to: dt.date | None = None,
    actor: UUID | None,
    now: dt.datetime,
) -> Schedule:
    """All of the file or nothing. Raises FaultsError with every line that cannot be read."""
    named = checked_text("name", name)
    checks.day("effective_from", effective_from)
    checks.span(effective_from, effective_to, "effective_to")
    if payer is not None:
        await find_payer(conn, organisation_id, payer)
    fees = fees_in(text)
    made = await conn.fetchval(
        QUERIES["add schedule"], organisation_id, payer, named, effective_from, effective_to,
        hashlib.sha256(text.encode()).hexdigest(), actor, now,
    )  # fmt: skip
    charges: list[Decimal | None] = [each.charge for each in fees]
    await conn.execute(
        QUERIES["add fees"], organisation_id, made, [each.code for each in fees],
        [each.modifier for each in fees], [each.locality for each in fees],
        [each.amount for each in fees], charges,
    )  # fmt: skip
    return next(each for each in await list_schedules(conn, organisation_id) if each.id == made)


async def list_schedules(conn: Connection, organisation_id: UUID) -> list[Schedule]:
    """The latest first."""
    rows = await conn.fetch(QUERIES["schedules"], organisation_id)
    return [_schedule(dict(row)) for row in rows]


def _schedule(row: dict[str, Any]) -> Schedule:
    there, stated = row.pop("localities"), row.pop("stated")
    return Schedule(
        **row,
        localities=tuple(each for each in there if each),
        about_localities=words(there, stated),
    )


async def fees_of(conn: Connection, organisation_id: UUID, schedule_id: UUID) -> list[FeeLine]:
    rows = await conn.fetch(QUERIES["fees"], organisation_id, schedule_id)
    if not rows:
        raise NotFoundError("schedule", "there is no such schedule")
    return [FeeLine(**dict(row)) for row in rows]
