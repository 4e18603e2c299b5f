"""A clinician's orders for monitoring: who ordered what for which diagnoses, from when on."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError
from care.spans import ends_after, has_been
from store.pool import Connection
from store.queries import load
from vitals.kinds import Kind

QUERIES: Final = load("care", "orders.sql")

DIAGNOSIS: Final = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
"""An ICD-10-CM code as it is written."""
NPI_DIGITS: Final = 10
NPI_PREFIX: Final = "80840"
"""The card issuer number that an NPI's check digit is reckoned with (45 CFR 162.406)."""


class Order(Struct, frozen=True, kw_only=True):
    id: UUID
    ordered_by: str
    npi: str | None
    """The National Provider Identifier of who ordered."""
    ordered_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    diagnoses: tuple[str, ...]
    kinds: tuple[str, ...]
    """Of measurement: vitals.kinds."""
    note: str
    recorded_by: UUID | None
    created_at: dt.datetime


async def add_order(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    ordered_by: str,
    kinds: Sequence[str],
    ordered_at: dt.datetime,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    npi: str | None = None,
    diagnoses: Sequence[str] = (),
    note: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Order:
    """Raises InvalidError with the field that is wrong."""
    has_been("ordered_at", ordered_at, now=now)
    ends_after("ends_at", ends_at, starts_at)
    values = (
        fields.text("ordered_by", ordered_by),
        None if npi is None else check_npi(npi),
        ordered_at,
        starts_at,
        ends_at,
        [check_diagnosis(each) for each in diagnoses],
        _kinds(kinds),
        fields.text("note", note, needed=False),
    )
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        record = await conn.fetchrow(QUERIES["add"], organisation_id, patient_id, *values, actor)
        assert record is not None  # noqa: S101 - INSERT … RETURNING without ON CONFLICT
        made = _order(dict(record))
        await note_change(
            conn, organisation_id, patient_id, "order added", actor=actor, now=now,
            order=made.id, kinds=made.kinds, starts_at=starts_at, ends_at=ends_at,
        )  # fmt: skip
        return made


async def correct_order(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    order_id: UUID,
    *,
    ordered_by: str,
    npi: str | None,
    diagnoses: Sequence[str],
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
) -> Order:
    """What was entered wrongly of who ordered it, and for what: the order itself has not
    changed. One that has is ended, and another one recorded.
    """
    values = (
        fields.text("ordered_by", ordered_by),
        None if npi is None else check_npi(npi),
        [check_diagnosis(each) for each in diagnoses],
    )
    why = fields.text("reason", reason)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        found = await list_orders(conn, organisation_id, patient_id)
        if all(each.id != order_id for each in found):
            raise NotFoundError("order", f"there is no order {order_id} for this patient")
        record = await conn.fetchrow(QUERIES["correct"], order_id, *values)
        assert record is not None  # noqa: S101 - its row is locked by the patient's
        made = _order(dict(record))
        await note_change(
            conn, organisation_id, patient_id, "order corrected", actor=actor, now=now,
            reason=why, order=order_id, ordered_by=made.ordered_by, diagnoses=made.diagnoses,
        )  # fmt: skip
        return made


async def end_order(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    order_id: UUID,
    *,
    ends_at: dt.datetime,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Order:
    why = fields.text("reason", reason, needed=False)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        found = [
            each
            for each in await list_orders(conn, organisation_id, patient_id)
            if each.id == order_id
        ]
        if not found:
            raise NotFoundError("order", f"there is no order {order_id} for this patient")
        if found[0].ends_at is not None and found[0].ends_at <= now:
            raise InvalidError("order", "has ended already")
        ends_after("ends_at", ends_at, found[0].starts_at)
        record = await conn.fetchrow(QUERIES["end"], order_id, ends_at)
        assert record is not None  # noqa: S101 - its row is locked by the patient's
        await note_change(
            conn, organisation_id, patient_id, "order ended", actor=actor, now=now, reason=why,
            order=order_id, ends_at=ends_at,
        )  # fmt: skip
        return _order(dict(record))


async def list_orders(conn: Connection, organisation_id: UUID, patient_id: UUID) -> list[Order]:
    """Ended ones too, in the order in which they begin."""
    records = await conn.fetch(QUERIES["list"], organisation_id, patient_id)
    return [_order(dict(record)) for record in records]


def check_npi(typed: str) -> str:
    """Ten digits of which the last proves the others, by Luhn's rule."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) == NPI_DIGITS):
        raise InvalidError("npi", "must be ten digits")
    if _luhn(NPI_PREFIX + typed) != 0:
        raise InvalidError("npi", "has a digit wrong: its check digit does not fit")
    return typed


def check_diagnosis(typed: str) -> str:
    code = typed.strip().upper()
    if DIAGNOSIS.fullmatch(code) is None:
        raise InvalidError("diagnoses", f"{typed!r} is no ICD-10 code such as I10 or E11.65")
    return code


def _luhn(digits: str) -> int:
    """0 where the check digit, the last one, fits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value // 10 + value % 10
    return total % 10


def _kinds(typed: Sequence[str]) -> list[str]:
    if not typed:
        raise InvalidError("kinds", f"needs at least one of {', '.join(Kind)}")
    for each in typed:
        fields.one_of("kinds", each, tuple(Kind))
    return list(dict.fromkeys(typed))


def _order(record: dict[str, Any]) -> Order:
    arrays = {name: tuple(record[name]) for name in ("diagnoses", "kinds")}
    return Order(**{**record, **arrays})
