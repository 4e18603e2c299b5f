"""What a home is given: a hub, and devices that are its patient's from then on."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.assignments import assign, list_assignments, overlapping, unassign
from care.attribution import Assignment
from care.changes import lock_patient, note_change
from care.devices import Device, add_device, find_device
from care.errors import InvalidError, NotFoundError, TakenError
from care.gateways import issue_code
from care.patients import find_patient
from care.udis import state_udi
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "kits.sql")


class Hub(Struct, frozen=True, kw_only=True):
    """A hub that may be handed out."""

    id: str
    label: str
    enrolled_at: dt.datetime | None
    homes: tuple[str, ...]
    """Names of the patients who have it, or devices that came with it; empty: in stock."""


class HubState(Struct, frozen=True, kw_only=True):
    """How far a hub has come on its way into a home."""

    id: str
    label: str
    enrolled_at: dt.datetime | None
    code_until: dt.datetime | None
    """An enrolment code was given out, and is good until then."""
    heard_at: dt.datetime | None
    online: bool
    trouble: str | None


class Held(Struct, frozen=True, kw_only=True):
    """A device, or one slot of it, that a patient has or had."""

    device_id: UUID
    address: str
    label: str
    profile: str
    gateway_id: str | None
    user_slot: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    heard_at: dt.datetime | None
    """When the last reading of it came that is this patient's."""


class Arrived(Struct, frozen=True, kw_only=True):
    """The newest reading of a patient."""

    kind: str
    measured_at: dt.datetime
    received_at: dt.datetime


class DeviceChoice(Struct, frozen=True, kw_only=True):
    """A device of the clinic, and who has it now."""

    address: str
    profile: str
    label: str
    holders: list[str]
    patients: list[UUID]


async def hand_out(  # noqa: PLR0913 - a device's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    address: str,
    label: str = "",
    passkey: str | None = None,
    user_slot: int | None = None,
    gateway_id: str | None = None,
    udi: str | None = None,
    actor: UUID | None,
    now: dt.datetime,
) -> Device:
    """From now on what the device measures is this patient's; one not known yet is added.

    A device that comes again is told its new hub, label and passkey. Handing out what the patient
    has already changes nothing. Raises TakenError, saying who has it, InvalidError.
    """
    slot = fields.user_slot(user_slot)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        device = await _device(conn, organisation_id, address, label, passkey, gateway_id)
        if udi is not None:
            await _label(conn, organisation_id, device, udi, actor=actor, now=now)
        held = await list_assignments(conn, organisation_id, device_id=device.id)
        wanted = Assignment(
            id=UUID(int=0), patient_id=patient_id, user_slot=slot, starts_at=now, ends_at=None
        )
        clash = overlapping(wanted, held)
        if clash is not None and clash.patient_id == patient_id and clash.user_slot == slot:
            return device
        if clash is not None:
            raise TakenError("address", await _clash(conn, organisation_id, clash))
        await assign(
            conn, organisation_id, device_id=device.id, patient_id=patient_id, user_slot=slot,
            starts_at=now, created_by=actor,
        )  # fmt: skip
        await note_change(
            conn, organisation_id, patient_id, "device handed out", actor=actor, now=now,
            device=device.address, user_slot=slot,
        )  # fmt: skip
        return device


async def take_back(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    device_id: UUID,
    *,
    user_slot: int | None = None,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """What was measured before stays the patient's. Raises NotFoundError where they have it not."""
    why = fields.text("reason", reason, needed=False)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        device = await find_device(conn, organisation_id, device_id)
        held = await list_assignments(conn, organisation_id, device_id=device_id)
        theirs = [each for each in held if each.patient_id == patient_id and each.holds(now)]
        if user_slot not in {each.user_slot for each in theirs}:
            raise NotFoundError("device", "is not with this patient any more")
        await unassign(conn, organisation_id, device_id=device_id, user_slot=user_slot, ends_at=now)
        await note_change(
            conn, organisation_id, patient_id, "device taken back", actor=actor, now=now,
            reason=why, device=device.address, user_slot=user_slot,
        )  # fmt: skip


async def list_hubs(conn: Connection, organisation_id: UUID, *, now: dt.datetime) -> list[Hub]:
    """Hubs for homes that are not shut out: those in stock first."""
    records = await conn.fetch(QUERIES["hubs"], organisation_id, now)
    return [Hub(**{**record, "homes": tuple(record["homes"])}) for record in records]


async def list_stock(
    conn: Connection, organisation_id: UUID, *, now: dt.datetime
) -> list[DeviceChoice]:
    """Devices that can be handed out: those that nobody has first."""
    records = await conn.fetch(QUERIES["choices"], organisation_id, now)
    return [DeviceChoice(**record) for record in records]


async def hub_state(
    conn: Connection, organisation_id: UUID, gateway_id: str, *, now: dt.datetime
) -> HubState:
    """Raises NotFoundError."""
    record = await conn.fetchrow(QUERIES["hub"], organisation_id, gateway_id, now)
    if record is None:
        raise NotFoundError("gateway", f"there is no gateway {gateway_id!r}")
    return HubState(**record)


async def list_held(conn: Connection, organisation_id: UUID, patient_id: UUID) -> list[Held]:
    """Those that were taken back too; those that the patient has now first."""
    records = await conn.fetch(QUERIES["held"], organisation_id, patient_id)
    return [Held(**record) for record in records]


async def newest_reading(
    conn: Connection, organisation_id: UUID, patient_id: UUID
) -> Arrived | None:
    record = await conn.fetchrow(QUERIES["newest"], organisation_id, patient_id)
    return None if record is None else Arrived(**record)


async def _device(
    conn: Connection,
    organisation_id: UUID,
    address: str,
    label: str,
    passkey: str | None,
    gateway_id: str | None,
) -> Device:
    named = fields.address(address)
    try:
        known = await find_device(conn, organisation_id, named)
    except NotFoundError:
        return await add_device(
            conn, organisation_id, address=named, label=label, passkey=passkey,
            gateway_id=gateway_id,
        )  # fmt: skip
    if known.retired_at is not None:
        raise TakenError("address", f"{known.address} is out of use: take another device")
    await conn.execute(
        QUERIES["place"], organisation_id, known.id, gateway_id,
        fields.text("label", label, needed=False),
        None if passkey is None else fields.passkey(passkey),
    )  # fmt: skip
    return await find_device(conn, organisation_id, known.id)


async def _label(
    conn: Connection,
    organisation_id: UUID,
    device: Device,
    typed: str,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """Whoever hands it out has its label before them. Raises InvalidError where that says otherwise
    than what somebody has said before: then one of the two is another device.
    """
    try:
        await state_udi(conn, organisation_id, device.id, typed, actor=actor, now=now)
    except InvalidError as error:
        if error.field != "reason":
            raise
        raise InvalidError(
            "udi",
            f"is another one than was entered for {device.address} before. Compare label and "
            "address; if the one on record is wrong, correct it on the device's page",
        ) from error


async def _clash(conn: Connection, organisation_id: UUID, clash: Assignment) -> str:
    """Who has it, in words for whoever holds the device in their hand."""
    who = await find_patient(conn, organisation_id, clash.patient_id)
    slot = "the whole device" if clash.user_slot is None else f"user {clash.user_slot} of it"
    since = f"{clash.starts_at:%d %b %Y}"
    return (
        f"is with {who.name} (number {who.mrn}), who has {slot} since {since}: take it back there "
        "first, or hand out another one"
    )


async def kit_code(
    conn: Connection, organisation_id: UUID, gateway_id: str, *, replacing: bool, now: dt.datetime
) -> str:
    """A one-time code for a hub that goes into a home.

    Of one that has joined before, a code would let another box take its place: that is for those
    who may say so (`replacing`). Raises InvalidError, NotFoundError.
    """
    state = await hub_state(conn, organisation_id, gateway_id, now=now)
    if state.enrolled_at is not None and not replacing:
        raise InvalidError(
            "gateway",
            "has joined already; a new code, for a new box, is an administrator's to give",
        )
    return await issue_code(conn, organisation_id, gateway_id, now=now)
