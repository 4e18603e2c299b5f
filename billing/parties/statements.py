"""What rules ask for and no row here can show: somebody states it. And what others have billed."""

import datetime as dt
from typing import Final, cast
from uuid import UUID

from msgspec import Struct

from billing.eligibility.words import ATTESTED
from billing.parties import checks
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError
from care.fields import one_of, text
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")


class Statement(Struct, frozen=True, kw_only=True):
    id: UUID
    what: str
    """A word of billing.eligibility.words.ATTESTED."""
    on_day: dt.date
    until_day: dt.date | None
    stated_by: str
    withdrawn_at: dt.datetime | None = None


class Other(Struct, frozen=True, kw_only=True):
    """A service that is billed besides, by others or by us before this system."""

    id: UUID
    code: str
    service: str | None
    first_on: dt.date | None
    last_on: dt.date | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    note: str


async def list_statements(
    conn: Connection, organisation_id: UUID, patient_id: UUID
) -> list[Statement]:
    rows = await conn.fetch(QUERIES["statements"], organisation_id, patient_id)
    return [Statement(**dict(row)) for row in rows]


async def add_attestation(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    what: str,
    on_day: dt.date,
    until_day: dt.date | None = None,
    stated_by: str,
    actor: UUID | None,
    now: dt.datetime,
) -> UUID:
    one_of("what", what, tuple(ATTESTED))
    checks.day("on_day", on_day)
    checks.span(on_day, until_day, "until_day")
    who = text("stated_by", stated_by)
    await lock_patient(conn, organisation_id, patient_id)
    made = await conn.fetchval(
        QUERIES["add statement"], organisation_id, patient_id, what, on_day, until_day, who, actor,
        now,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "statement for billing added", actor=actor, now=now,
        statement=what, on_day=on_day, until_day=until_day,
    )  # fmt: skip
    return cast("UUID", made)


async def withdraw_attestation(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    statement_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    await _withdraw(conn, organisation_id, patient_id, statement_id, "statement", actor, now)


async def list_others(conn: Connection, organisation_id: UUID, patient_id: UUID) -> list[Other]:
    rows = await conn.fetch(QUERIES["others"], organisation_id, patient_id)
    return [Other(**dict(row)) for row in rows]


async def add_other(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    code: str = "",
    service: str | None = None,
    first_on: dt.date | None = None,
    last_on: dt.date | None = None,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    note: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> UUID:
    """Without dates it meets every month: say them where they are known."""
    kept = checks.code(code) if code.strip() else ""
    named = checks.named("service", service)
    if not kept and named is None:
        raise InvalidError("code", "is needed, or the service")
    for field, each in (("first_on", first_on), ("last_on", last_on)):
        if each is not None:
            checks.day(field, each)
    if first_on is not None:
        checks.span(first_on, last_on, "last_on")
    if (starts_at is None) != (ends_at is None) or (
        starts_at is not None and ends_at is not None and ends_at <= starts_at
    ):
        raise InvalidError("ends_at", "must be after the start")
    await lock_patient(conn, organisation_id, patient_id)
    made = await conn.fetchval(
        QUERIES["add other"], organisation_id, patient_id, kept, named, first_on, last_on,
        starts_at, ends_at, text("note", note, needed=False), actor, now,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "service of others added", actor=actor, now=now,
        code=kept, service=named, first_on=first_on, last_on=last_on,
    )  # fmt: skip
    return cast("UUID", made)


async def withdraw_other(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    other_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    await _withdraw(conn, organisation_id, patient_id, other_id, "other", actor, now)


async def _withdraw(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    row_id: UUID,
    kind: str,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    await lock_patient(conn, organisation_id, patient_id)
    query = QUERIES[f"withdraw {kind}"]
    if await conn.fetchval(query, organisation_id, patient_id, row_id, now) is None:
        raise NotFoundError(kind, "there is no such row, or it is withdrawn")
    await note_change(
        conn, organisation_id, patient_id, f"{_SAID[kind]} withdrawn", actor=actor, now=now
    )


_SAID: Final = {"statement": "statement for billing", "other": "service of others"}
