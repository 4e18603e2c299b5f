"""Cuffs, scales and meters, and who has them."""

import datetime as dt
from typing import Final, Literal
from uuid import UUID

import msgspec
from aiohttp import web
from msgspec import Struct

from care.addresses import called
from care.attribution import Assignment
from care.devices import Device
from care.registry import (
    add_device,
    assign,
    find_device,
    list_assignments,
    list_devices,
    unassign,
)
from care.udis import UNSAID, UdiOfDevice, state_udi, udis_of
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, paged, reply
from vitals.reading import AwareTime


class UdiAnswer(Struct, frozen=True, kw_only=True):
    """What holds, taken apart."""

    text: str
    """As it stands in print."""
    issuer: Literal["gs1", "hibcc", "iccbba"]
    di: str
    """The device identifier."""
    lot: str | None
    serial: str | None
    expires_on: dt.date | None
    made_on: dt.date | None
    source: Literal["person", "device"]
    stated_by: str
    """Empty: a command, or the device."""
    stated_at: dt.datetime
    device_says: str | None
    """What the device itself says, where that is another one."""


class DeviceAnswer(Struct, frozen=True, kw_only=True):
    """Without its passkey, which only its gateway needs."""

    id: UUID
    address: str
    profile: str
    label: str
    serial: str | None
    udi: UdiAnswer | None
    """None: nobody has said one."""
    gateway: str | None
    created_at: dt.datetime
    retired_at: dt.datetime | None


class DevicePage(Struct, frozen=True, kw_only=True):
    items: list[DeviceAnswer]
    next: str | None


class NewDevice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    address: str
    """A Bluetooth address, the UUID that macOS shows for one, or what a source over HTTP calls the
    device: up to 64 characters of plain ASCII."""
    not_bluetooth: bool | None = None
    """true: it is a name of a source's own. false: it is an address, in any spelling. Left out: it
    is either, and a spelling that may be both is refused."""
    profile: str = ""
    label: str = ""
    serial: str | None = None
    udi: str | None = None
    """As it is printed beside the bar code; as a scanner sends it, FNC1 as the control character
    itself or as <GS>; or only the device identifier."""
    passkey: str | None = None
    gateway: str | None = None
    """The hub that it is handed out with."""


class ChangedDevice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    udi: str | None
    """None takes away what people have said."""
    reason: str = ""
    """Needed where it takes the place of what somebody has said."""


class AssignmentAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    patient: UUID
    user_slot: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime | None


class AssignmentPage(Struct, frozen=True, kw_only=True):
    items: list[AssignmentAnswer]
    next: str | None


class NewAssignment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    patient: UUID
    user_slot: int | None = None
    """The user number on a shared device; none for the whole device."""
    starts_at: AwareTime | None = None
    """Now by default."""
    ends_at: AwareTime | None = None
    reason: str = ""


class EndedAssignment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    user_slot: int | None = None
    ends_at: AwareTime | None = None
    """Now by default."""


async def list_all(request: web.Request) -> web.Response:
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        found = await list_devices(conn, caller.organisation_id)
        shown, after = paged(request, found, key=lambda device: device.address)
        udis = await udis_of(conn, caller.organisation_id, [each.id for each in shown])
    items = [_device(each, udis.get(each.id, UNSAID)) for each in shown]
    return reply(DevicePage(items=items, next=after))


async def add(request: web.Request) -> web.Response:
    typed = await read(request, NewDevice)
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.transaction() as conn:
        made = await add_device(
            conn,
            caller.organisation_id,
            address=called(typed.address, own=typed.not_bluetooth),
            profile=typed.profile,
            label=typed.label,
            serial=typed.serial,
            passkey=typed.passkey,
            gateway_id=typed.gateway,
        )
        udi = UNSAID
        if typed.udi is not None:
            udi = await state_udi(
                conn, caller.organisation_id, made.id, typed.udi, actor=caller.user_id,
                now=parts.clock(),
            )  # fmt: skip
    return reply(_device(made, udi), status=201)


async def change(request: web.Request) -> web.Response:
    """Its UDI: what was said before stays on record."""
    typed = await read(request, ChangedDevice)
    caller, parts, device_id = request[CALLER], request.app[PARTS], id_in_path(request)
    async with parts.transaction() as conn:
        device = await find_device(conn, caller.organisation_id, device_id)
        udi = await state_udi(
            conn, caller.organisation_id, device.id, typed.udi, reason=typed.reason,
            actor=caller.user_id, now=parts.clock(),
        )  # fmt: skip
    return reply(_device(device, udi))


async def assignments(request: web.Request) -> web.Response:
    """Ended ones too, oldest first: they say whose the readings of that time are."""
    caller, device_id = request[CALLER], id_in_path(request)
    async with request.app[PARTS].connection() as conn:
        await find_device(conn, caller.organisation_id, device_id)
        found = await list_assignments(conn, caller.organisation_id, device_id=device_id)
    return reply(AssignmentPage(items=[_assignment(each) for each in found], next=None))


async def hand_out(request: web.Request) -> web.Response:
    """From now on, or the given instant, its readings are this patient's."""
    typed = await read(request, NewAssignment)
    caller, parts, device_id = request[CALLER], request.app[PARTS], id_in_path(request)
    async with parts.connection() as conn:
        made = await assign(
            conn,
            caller.organisation_id,
            device_id=device_id,
            patient_id=typed.patient,
            user_slot=typed.user_slot,
            starts_at=typed.starts_at or parts.clock(),
            ends_at=typed.ends_at,
            created_by=caller.user_id,
            reason=typed.reason,
        )
    return reply(_assignment(made), status=201)


async def take_back(request: web.Request) -> web.Response:
    """What was measured before stays with who had it then."""
    typed = await read(request, EndedAssignment)
    caller, parts, device_id = request[CALLER], request.app[PARTS], id_in_path(request)
    async with parts.connection() as conn:
        ended = await unassign(
            conn,
            caller.organisation_id,
            device_id=device_id,
            user_slot=typed.user_slot,
            ends_at=typed.ends_at or parts.clock(),
        )
    return reply(_assignment(ended))


def _device(device: Device, udi: UdiOfDevice) -> DeviceAnswer:
    return DeviceAnswer(
        id=device.id,
        address=device.address,
        profile=device.profile,
        label=device.label,
        serial=device.serial,
        udi=_udi(udi),
        gateway=device.gateway_id,
        created_at=device.created_at,
        retired_at=device.retired_at,
    )


def _udi(udi: UdiOfDevice) -> UdiAnswer | None:
    holds, says = udi.holds, udi.device_says
    if holds is None:
        return None
    told = {name: getattr(holds, name) for name in _OF_STATEMENT}
    return msgspec.convert(
        {**told, "text": holds.udi, "device_says": None if says is None else says.udi}, UdiAnswer
    )


_OF_STATEMENT: Final = (
    "issuer", "di", "lot", "serial", "expires_on", "made_on", "source", "stated_by", "stated_at",
)  # fmt: skip


def _assignment(assignment: Assignment) -> AssignmentAnswer:
    return AssignmentAnswer(
        id=assignment.id,
        patient=assignment.patient_id,
        user_slot=assignment.user_slot,
        starts_at=assignment.starts_at,
        ends_at=assignment.ends_at,
    )
