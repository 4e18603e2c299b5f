"""Who orders, supervises and renders what is billed."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.parties import checks
from billing.parties.record_changes import fields_changed, note_record_change
from care.errors import InvalidError, NotFoundError, TakenError
from care.fields import text
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")


class Practitioner(Struct, frozen=True, kw_only=True):
    id: UUID
    family_name: str
    given_name: str
    npi: str | None
    credential: str
    user_id: UUID | None
    retired_at: dt.datetime | None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


async def list_practitioners(conn: Connection, organisation_id: UUID) -> list[Practitioner]:
    """Those who have left come last."""
    rows = await conn.fetch(QUERIES["practitioners"], organisation_id)
    return [Practitioner(**dict(row)) for row in rows]


async def find_practitioner(
    conn: Connection, organisation_id: UUID, practitioner_id: UUID
) -> Practitioner:
    rows = await list_practitioners(conn, organisation_id)
    found = next((each for each in rows if each.id == practitioner_id), None)
    if found is None:
        raise NotFoundError("practitioner", "there is no such practitioner")
    return found


async def add_practitioner(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    *,
    family_name: str,
    given_name: str = "",
    npi: str | None = None,
    credential: str = "",
    user_id: UUID | None = None,
    actor: UUID | None,
    now: dt.datetime,
) -> Practitioner:
    """Raises InvalidError, and TakenError for a number that somebody has."""
    values = await _checked(
        conn, organisation_id, None, family_name, given_name, npi, credential, user_id
    )
    made = await conn.fetchval(QUERIES["add practitioner"], organisation_id, *values, now, actor)
    if made is None:
        raise TakenError("npi", "belongs to somebody who is entered already")
    return await find_practitioner(conn, organisation_id, made)


async def change_practitioner(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    practitioner_id: UUID,
    *,
    family_name: str,
    given_name: str = "",
    npi: str | None = None,
    credential: str = "",
    user_id: UUID | None = None,
    actor: UUID | None,
    now: dt.datetime,
) -> Practitioner:
    """As `add_practitioner`. Lines that are locked keep what they were locked with, until somebody
    else has approved that.
    """
    before = await find_practitioner(conn, organisation_id, practitioner_id)
    values = await _checked(
        conn, organisation_id, practitioner_id, family_name, given_name, npi, credential, user_id
    )
    found = await conn.fetchval(
        QUERIES["change practitioner"], organisation_id, practitioner_id, *values
    )
    if found is None:
        raise NotFoundError("practitioner", "there is no such practitioner")
    after = await find_practitioner(conn, organisation_id, practitioner_id)
    await note_record_change(
        conn, organisation_id, "practitioner", practitioner_id, fields_changed(before, after),
        actor=actor, now=now,
    )  # fmt: skip
    return after


async def retire_practitioner(
    conn: Connection,
    organisation_id: UUID,
    practitioner_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """They stay in what they have done, and are offered for nothing new."""
    del actor
    found = await conn.fetchval(
        QUERIES["retire practitioner"], organisation_id, practitioner_id, now
    )
    if found is None:
        raise NotFoundError("practitioner", "there is no such practitioner, or they have left")


async def _checked(
    conn: Connection,
    organisation_id: UUID,
    practitioner_id: UUID | None,
    family_name: str,
    given_name: str,
    npi: str | None,
    credential: str,
    user_id: UUID | None,
) -> tuple[str, str, str | None, str, UUID | None]:
    family = text("family_name", family_name)
    given = text("given_name", given_name, needed=False)
    number = checks.npi(npi)
    taken = number is not None and await conn.fetchval(
        QUERIES["other with npi"], organisation_id, number, practitioner_id
    )
    if taken:
        raise TakenError("npi", "belongs to somebody who is entered already")
    if user_id is not None and not await conn.fetchval(
        QUERIES["staff member"], organisation_id, user_id
    ):
        raise InvalidError("user_id", "is nobody of this practice")
    return family, given, number, text("credential", credential, needed=False), user_id
