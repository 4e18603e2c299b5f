"""Who pays for a patient from when to when, what was authorised, and where claims say they live."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from billing.months.records import Address
from billing.parties import checks
from billing.parties.payers import find_payer
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError
from care.fields import text
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")
RANKS: Final = (1, 2, 3)


class Coverage(Struct, frozen=True, kw_only=True):
    id: UUID
    payer: UUID
    payer_name: str
    payer_key: str
    member_id: str | None
    prior_auth: str | None
    starts_on: dt.date
    ends_on: dt.date | None
    rank: int
    """1 pays first."""


class Authorisation(Struct, frozen=True, kw_only=True):
    id: UUID
    coverage_id: UUID
    number: str
    codes: tuple[str, ...]
    first_on: dt.date
    last_on: dt.date | None


async def list_coverages(
    conn: Connection, organisation_id: UUID, patient_id: UUID
) -> list[Coverage]:
    """Those that go on first, by rank."""
    rows = await conn.fetch(QUERIES["coverages"], organisation_id, patient_id)
    return [Coverage(**dict(row)) for row in rows]


async def add_coverage(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    payer: UUID,
    member_id: str | None = None,
    prior_auth: str | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    rank: int = 1,
    actor: UUID | None,
    now: dt.datetime,
) -> UUID:
    """Refuses a second payer of the same rank on the same days."""
    known = await find_payer(conn, organisation_id, payer)
    checks.day("starts_on", starts_on)
    checks.span(starts_on, ends_on, "ends_on")
    if rank not in RANKS:
        raise InvalidError("rank", "must be 1, 2 or 3")
    member, authorised = checks.member_id(member_id), checks.named("prior_auth", prior_auth)
    await lock_patient(conn, organisation_id, patient_id)
    for other in await list_coverages(conn, organisation_id, patient_id):
        if other.rank == rank and _meet(starts_on, ends_on, other.starts_on, other.ends_on):
            raise InvalidError(
                "starts_on",
                f"{other.payer_name} pays then already: end that coverage first, or choose "
                "another rank",
            )
    made = await conn.fetchval(
        QUERIES["add coverage"], organisation_id, patient_id, payer, member, authorised, starts_on,
        ends_on, rank, actor, now,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "coverage added", actor=actor, now=now, payer=known.key,
        starts_on=starts_on, ends_on=ends_on, rank=rank,
    )  # fmt: skip
    return cast("UUID", made)


async def correct_coverage(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    coverage_id: UUID,
    *,
    payer: UUID,
    member_id: str | None,
    prior_auth: str | None = None,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """What was entered wrongly and never was so; what has changed since is another coverage. Of
    months that are locked an adjustment comes of it.
    """
    known = await find_payer(conn, organisation_id, payer)
    member, authorised = checks.member_id(member_id), checks.named("prior_auth", prior_auth)
    why = text("reason", reason)
    await lock_patient(conn, organisation_id, patient_id)
    rows = await list_coverages(conn, organisation_id, patient_id)
    if all(each.id != coverage_id for each in rows):
        raise NotFoundError("coverage", "there is no such coverage of this patient")
    await conn.execute(
        QUERIES["correct coverage"], organisation_id, patient_id, coverage_id, payer, member,
        authorised,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "coverage corrected", actor=actor, now=now, reason=why,
        payer=known.key,
    )  # fmt: skip


async def end_coverage(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    coverage_id: UUID,
    *,
    ends_on: dt.date,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """Its last day; it may be said anew."""
    await lock_patient(conn, organisation_id, patient_id)
    rows = await list_coverages(conn, organisation_id, patient_id)
    found = next((each for each in rows if each.id == coverage_id), None)
    if found is None:
        raise NotFoundError("coverage", "there is no such coverage of this patient")
    checks.day("ends_on", ends_on)
    checks.span(found.starts_on, ends_on, "ends_on")
    await conn.execute(QUERIES["end coverage"], organisation_id, patient_id, coverage_id, ends_on)
    await note_change(
        conn, organisation_id, patient_id, "coverage ended", actor=actor, now=now,
        payer=found.payer_key, ends_on=ends_on,
    )  # fmt: skip


async def list_authorisations(
    conn: Connection, organisation_id: UUID, patient_id: UUID
) -> list[Authorisation]:
    rows = await conn.fetch(QUERIES["authorisations"], organisation_id, patient_id)
    return [Authorisation(**{**dict(row), "codes": tuple(row["codes"])}) for row in rows]


async def add_authorisation(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    coverage_id: UUID,
    *,
    number: str,
    codes: Sequence[str],
    first_on: dt.date,
    last_on: dt.date | None = None,
    actor: UUID | None,
    now: dt.datetime,
) -> UUID:
    named = text("number", number)
    kept = [checks.code(each, "codes") for each in codes]
    if not kept:
        raise InvalidError("codes", "name at least one, as 99454")
    checks.day("first_on", first_on)
    checks.span(first_on, last_on, "last_on")
    await lock_patient(conn, organisation_id, patient_id)
    rows = await list_coverages(conn, organisation_id, patient_id)
    if all(each.id != coverage_id for each in rows):
        raise NotFoundError("coverage", "there is no such coverage of this patient")
    made = await conn.fetchval(
        QUERIES["add authorisation"], organisation_id, coverage_id, named, kept, first_on, last_on,
        actor, now,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "authorisation added", actor=actor, now=now, codes=kept,
        first_on=first_on, last_on=last_on,
    )  # fmt: skip
    return cast("UUID", made)


async def address_of(conn: Connection, organisation_id: UUID, patient_id: UUID) -> Address | None:
    found = await conn.fetchval(QUERIES["address"], organisation_id, patient_id)
    return None if found is None else msgspec.json.decode(found, type=Address)


async def set_address(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    address: Address,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    kept = checks.address(address)
    if kept is None:
        raise InvalidError("line_1", "must not be empty")
    await lock_patient(conn, organisation_id, patient_id)
    told = msgspec.json.encode(kept).decode()
    await conn.execute(QUERIES["set address"], organisation_id, patient_id, told, actor, now)
    await note_change(
        conn, organisation_id, patient_id, "billing address set", actor=actor, now=now
    )


def _meet(
    first: dt.date, last: dt.date | None, others_first: dt.date, others_last: dt.date | None
) -> bool:
    return (others_last is None or first <= others_last) and (last is None or others_first <= last)
