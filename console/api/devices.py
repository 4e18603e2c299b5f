"""Cuffs, scales and meters, and who has them."""

import datetime as dt
from uuid import UUID

from aiohttp import web
from msgspec import Struct

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
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, paged, reply
from vitals.reading import AwareTime


class DeviceAnswer(Struct, frozen=True, kw_only=True):
    """Without its passkey, which only its gateway needs."""

    id: UUID
    address: str
    profile: str
    label: str
    serial: str | None
    gateway: str | None
    created_at: dt.datetime
    retired_at: dt.datetime | None


class DevicePage(Struct, frozen=True, kw_only=True):
    items: list[DeviceAnswer]
    next: str | None


class NewDevice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    address: str
    profile: str = ""
    label: str = ""
    serial: str | None = None
    passkey: str | None = None
    gateway: str | None = None
    """The hub that it is handed out with."""


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
    return reply(DevicePage(items=[_device(each) for each in shown], next=after))


async def add(request: web.Request) -> web.Response:
    typed = await read(request, NewDevice)
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        made = await add_device(
            conn,
            caller.organisation_id,
            address=typed.address,
            profile=typed.profile,
            label=typed.label,
            serial=typed.serial,
            passkey=typed.passkey,
            gateway_id=typed.gateway,
        )
    return reply(_device(made), status=201)


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


def _device(device: Device) -> DeviceAnswer:
    return DeviceAnswer(
        id=device.id,
        address=device.address,
        profile=device.profile,
        label=device.label,
        serial=device.serial,
        gateway=device.gateway_id,
        created_at=device.created_at,
        retired_at=device.retired_at,
    )


def _assignment(assignment: Assignment) -> AssignmentAnswer:
    return AssignmentAnswer(
        id=assignment.id,
        patient=assignment.patient_id,
        user_slot=assignment.user_slot,
        starts_at=assignment.starts_at,
        ends_at=assignment.ends_at,
    )
