"""Who has a device, or one user slot of it, and from when until when."""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from care import fields
from care.attribution import Assignment
from care.errors import InvalidError, NotFoundError, TakenError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "assignments.sql")


def overlapping(wanted: Assignment, others: Iterable[Assignment]) -> Assignment | None:
    """The first of a device's other assignments that would own a reading together with `wanted`.

    Spans are half-open: one may end at the instant at which the next begins. The whole device
    (no slot) goes with no slot of it.
    """
    return next((each for each in others if _same_slot(wanted, each) and _meet(wanted, each)), None)


async def assign(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    *,
    device_id: UUID,
    patient_id: UUID,
    user_slot: int | None = None,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    created_by: UUID | None = None,
    reason: str = "",
) -> Assignment:
    """Raises TakenError where somebody has that slot at any time of the span."""
    if ends_at is not None and ends_at <= starts_at:
        raise InvalidError("ends_at", "must be after starts_at")
    async with conn.transaction():
        others = await _lock(conn, organisation_id, device_id)
        if not await conn.fetchval(QUERIES["has_patient"], organisation_id, patient_id):
            raise NotFoundError("patient", f"there is no patient {patient_id}")
        wanted = Assignment(
            id=UUID(int=0),
            patient_id=patient_id,
            user_slot=fields.user_slot(user_slot),
            starts_at=starts_at,
            ends_at=ends_at,
        )
        taken = overlapping(wanted, others)
        if taken is not None:
            raise TakenError("device", f"is assigned {_span(taken)} already")
        record = await conn.fetchrow(
            QUERIES["add"], organisation_id, device_id, patient_id, user_slot, starts_at, ends_at,
            created_by, fields.text("reason", reason, needed=False),
        )  # fmt: skip
        assert record is not None  # noqa: S101 - INSERT … RETURNING without ON CONFLICT
        return Assignment(**record)


async def unassign(
    conn: Connection,
    organisation_id: UUID,
    *,
    device_id: UUID,
    user_slot: int | None = None,
    ends_at: dt.datetime,
) -> Assignment:
    """End the assignment that holds at `ends_at`, there; what was measured before stays theirs."""
    async with conn.transaction():
        held = [
            each
            for each in await _lock(conn, organisation_id, device_id)
            if each.user_slot == user_slot and each.holds(ends_at)
        ]
        if not held:
            raise NotFoundError("device", f"is assigned to nobody at {ends_at.isoformat()}")
        if held[0].starts_at == ends_at:
            raise InvalidError("ends_at", "must be after the assignment began")
        await conn.execute(QUERIES["end"], held[0].id, ends_at)
        return replace(held[0], ends_at=ends_at)


async def list_assignments(
    conn: Connection, organisation_id: UUID, *, device_id: UUID
) -> list[Assignment]:
    """All of a device's assignments, ended ones too, oldest first."""
    records = await conn.fetch(QUERIES["of_device"], organisation_id, device_id)
    return [Assignment(**record) for record in records]


async def _lock(conn: Connection, organisation_id: UUID, device_id: UUID) -> list[Assignment]:
    """The device's assignments, with nobody else changing them until the transaction ends."""
    if await conn.fetchval(QUERIES["lock_device"], organisation_id, device_id) is None:
        raise NotFoundError("device", f"there is no device {device_id}")
    return await list_assignments(conn, organisation_id, device_id=device_id)


def _same_slot(one: Assignment, other: Assignment) -> bool:
    return None in (one.user_slot, other.user_slot) or one.user_slot == other.user_slot


def _meet(one: Assignment, other: Assignment) -> bool:
    return (one.ends_at is None or other.starts_at < one.ends_at) and (
        other.ends_at is None or one.starts_at < other.ends_at
    )


def _span(taken: Assignment) -> str:
    until = "until further notice" if taken.ends_at is None else f"to {taken.ends_at.isoformat()}"
    slot = "" if taken.user_slot is None else f" in slot {taken.user_slot}"
    return f"from {taken.starts_at.isoformat()} {until}{slot}"
