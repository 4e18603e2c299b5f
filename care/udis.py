"""The UDI of each device: what people have said of it and what it says itself, none of it lost.

What a person has said holds before what the device says, for a label can be looked at; what was
said before stays on record, with who said it and why it was changed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from care import fields
from care.errors import InvalidError, NotFoundError
from store.pool import Connection
from store.queries import load
from vitals.udi.errors import UdiError
from vitals.udi.identity import Udi
from vitals.udi.parsing import parse

QUERIES: Final = load("care", "device_udis.sql")
SAID_MOST: Final = 50
"""A device that says another UDI each time says nothing."""


class Statement(Struct, frozen=True, kw_only=True):
    """What somebody, or the device, has said once."""

    id: int
    device_id: UUID
    source: Literal["person", "device"]
    udi: str | None
    """As it stands in print; None: a person has taken away what was said before."""
    issuer: str | None
    di: str | None
    lot: str | None
    serial: str | None
    expires_on: dt.date | None
    made_on: dt.date | None
    gateway_id: str | None
    """The hub that heard the device say so."""
    reason: str
    stated_at: dt.datetime
    stated_by: str
    """Empty: a command, or the device."""


class UdiOfDevice(Struct, frozen=True, kw_only=True):
    """What holds, and what the device says where that is something else."""

    holds: Statement | None = None
    device_says: Statement | None = None
    statements: tuple[Statement, ...] = ()
    """The latest first."""


class Told(Struct, frozen=True, kw_only=True):
    """A gateway's word of what a device says."""

    organisation_id: UUID
    gateway_id: str
    address: str
    udi: str


UNSAID: Final = UdiOfDevice()


def holding(statements: Iterable[Statement]) -> UdiOfDevice:
    """Of one device's, the latest first. Pure."""
    said = tuple(statements)
    person = next((each for each in said if each.source == "person"), None)
    device = next((each for each in said if each.source == "device"), None)
    holds = person if person is not None and person.udi is not None else device
    differs = device is not None and holds is not None and device.udi != holds.udi
    return UdiOfDevice(holds=holds, device_says=device if differs else None, statements=said)


def read(typed: str) -> Udi:
    """As it was typed or scanned. Raises InvalidError with what is wrong and what to do."""
    try:
        return parse(typed)
    except UdiError as error:
        whole = error.part == "UDI"
        message = error.message if whole else f"the {error.part} {error.message}"
        raise InvalidError("udi", message) from error


async def udis_of(
    conn: Connection, organisation_id: UUID, devices: Iterable[UUID]
) -> dict[UUID, UdiOfDevice]:
    """Of devices of which anything has been said."""
    found: dict[UUID, list[Statement]] = {}
    for row in await conn.fetch(QUERIES["said"], organisation_id, list(devices)):
        found.setdefault(row["device_id"], []).append(Statement(**row))
    return {device: holding(said) for device, said in found.items()}


async def udi_of(conn: Connection, organisation_id: UUID, device_id: UUID) -> UdiOfDevice:
    return (await udis_of(conn, organisation_id, [device_id])).get(device_id, UNSAID)


async def state_udi(
    conn: Connection,
    organisation_id: UUID,
    device_id: UUID,
    typed: str | None,
    *,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> UdiOfDevice:
    """None takes away what people have said. Saying again what holds changes nothing; in the place
    of what somebody has said it needs a reason. Raises InvalidError, NotFoundError.
    """
    said = None if typed is None else read(typed)
    why = fields.text("reason", reason, needed=False)
    async with conn.transaction():
        if await conn.fetchval(QUERIES["lock"], organisation_id, device_id) is None:
            raise NotFoundError("device", f"there is no device {device_id}")
        before = _person(await udi_of(conn, organisation_id, device_id))
        if before == (None if said is None else said.text):
            return await udi_of(conn, organisation_id, device_id)
        if before is not None and not why:
            raise InvalidError("reason", f"say why it is no longer {before}")
        await conn.execute(
            QUERIES["state"], organisation_id, device_id, *_columns(said), actor, why, now
        )
        return await udi_of(conn, organisation_id, device_id)


async def hear(conn: Connection, told: Sequence[Told], *, now: dt.datetime) -> None:
    """What devices say of themselves: kept where it is news. What cannot be read says nothing."""
    rows = []
    for each in told:
        try:
            said = parse(each.udi)
        except UdiError:
            continue
        rows.append((each.organisation_id, each.gateway_id, each.address.upper(), *_columns(said)))
    if rows:
        *columns, made = (list(column) for column in zip(*rows, strict=True))
        await conn.execute(QUERIES["hear"], *columns, now, SAID_MOST, made)


def _person(found: UdiOfDevice) -> str | None:
    """What people say that it is."""
    return next((each.udi for each in found.statements if each.source == "person"), None)


def _columns(said: Udi | None) -> tuple[object, ...]:
    if said is None:
        return (None,) * 7
    return (said.text, said.issuer.value, said.di, said.lot, said.serial, said.expires, said.made)
