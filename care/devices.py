"""Cuffs, scales and meters, as a clinic hands them out."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.errors import NotFoundError, TakenError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "devices.sql")


class Device(Struct, frozen=True, kw_only=True):
    id: UUID
    organisation_id: UUID
    address: str
    """As readings name it: upper case."""
    profile: str
    """Of device_profiles; '' where the gateway may find out."""
    label: str
    serial: str | None
    passkey: str | None
    gateway_id: str | None
    """The hub that it was handed out with: that one is told to look for it."""
    created_at: dt.datetime
    retired_at: dt.datetime | None


async def add_device(
    conn: Connection,
    organisation_id: UUID,
    *,
    address: str,
    profile: str = "",
    label: str = "",
    serial: str | None = None,
    passkey: str | None = None,
    gateway_id: str | None = None,
) -> Device:
    """Raises TakenError for an address in use, NotFoundError for another's gateway."""
    if gateway_id is not None and not await conn.fetchval(
        QUERIES["has_gateway"], organisation_id, gateway_id
    ):
        raise NotFoundError("gateway", f"there is no gateway {gateway_id!r}")
    record = await conn.fetchrow(
        QUERIES["add"],
        organisation_id,
        fields.address(address),
        fields.profile(profile),
        fields.text("label", label, needed=False),
        None if serial is None else fields.text("serial", serial),
        None if passkey is None else fields.passkey(passkey),
        gateway_id,
    )
    if record is None:
        raise TakenError("address", f"there is a device {address} already")
    return Device(**record)


async def list_devices(conn: Connection, organisation_id: UUID) -> list[Device]:
    return [Device(**record) for record in await conn.fetch(QUERIES["list"], organisation_id)]


async def find_device(conn: Connection, organisation_id: UUID, key: str | UUID) -> Device:
    """By id or address; raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["find"], organisation_id, str(key))
    if record is None:
        raise NotFoundError("device", f"there is no device {key}")
    return Device(**record)
