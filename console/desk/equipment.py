"""Hubs and devices: which there are, who has them, and how they are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from aiohttp import web

from care.devices import Device
from care.errors import InvalidError
from care.registry import find_device, list_devices
from care.udis import state_udi, udi_of
from console.access import REGISTRARS
from console.api.reading_answer import shown
from console.desk import words
from console.desk.words import OfDevice, Standing
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.replies import id_or_none
from console.seen import because, seen
from console.web.formats import Units
from console.web.forms import Form, form_of
from console.web.measured import measured
from console.web.page import render, see_other
from ingest import progress
from ingest.gaps import judge
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "desk.sql")
TOLD_LATELY: Final = dt.timedelta(days=60)
READ_LATELY: Final = dt.timedelta(days=30)
UNITS: Final = Units()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    row: Mapping[str, Any]
    standing: Standing
    missing: str
    """Numbers of readings that did not come."""
    devices: dict[str, OfDevice]
    """By address, as it said last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A device with all that the list says of it."""

    device: Device
    holders: list[Mapping[str, Any]]
    told: OfDevice
    last_at: dt.datetime | None
    readings: int


async def show_all(request: web.Request) -> web.Response:
    parts, organisation_id = request.app[PARTS], request[CALLER].organisation_id
    now = parts.clock()
    async with parts.connection() as conn:
        hubs = await _hubs(conn, organisation_id, now=now)
        devices = await list_devices(conn, organisation_id)
        holders = await _holders(conn, organisation_id, now=now)
        lately = {
            row["device_id"]: row
            for row in await conn.fetch(
                QUERIES["last_readings"], organisation_id, now - READ_LATELY
            )
        }
    seen(request, *(row["id"] for those in holders.values() for row in those))
    told = {address: each for hub in hubs for address, each in hub.devices.items()}
    listed = [
        Shown(
            device=device,
            holders=holders[device.id],
            told=told.get(device.address, OfDevice()),
            last_at=lately[device.id]["last_at"] if device.id in lately else None,
            readings=lately[device.id]["readings"] if device.id in lately else 0,
        )
        for device in devices
    ]
    return render(request, "desk/equipment.html", {"hubs": hubs, "devices": listed})


async def show_device(request: web.Request) -> web.Response:
    return await _device_page(request, None, {})


async def say_udi(request: web.Request) -> web.Response:
    """What was said before stays on record."""
    form, caller, parts = await form_of(request), request[CALLER], request.app[PARTS]
    because(request, form.text("reason"))
    device_id = id_or_none(request.match_info["id"])
    if device_id is None:
        raise NotFound
    typed = None if form.ticked("remove") else form.text("udi")
    try:
        async with parts.transaction() as conn:
            await state_udi(
                conn, caller.organisation_id, device_id, typed, reason=form.text("reason"),
                actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except InvalidError as error:
        return await _device_page(
            request, form, {error.field: words.sentence(error.message)}, status=422
        )
    return see_other(f"/devices/{device_id}", told="Saved.")


async def _device_page(
    request: web.Request, form: Form | None, faults: Mapping[str, str], *, status: int = 200
) -> web.Response:
    parts, organisation_id = request.app[PARTS], request[CALLER].organisation_id
    now, device_id = parts.clock(), id_or_none(request.match_info["id"])
    async with parts.connection() as conn:
        if device_id is None:
            # The queue knows a device by its address, for so the readings name it.
            found = await find_device(conn, organisation_id, request.match_info["id"])
            return see_other(f"/devices/{found.id}")
        device = await find_device(conn, organisation_id, device_id)
        udi = await udi_of(conn, organisation_id, device.id)
        history = await conn.fetch(QUERIES["history"], organisation_id, device.id)
        rows = await conn.fetch(QUERIES["of_device"], organisation_id, device.id, now - READ_LATELY)
        hub = None
        if device.gateway_id is not None:
            hub = (await _hubs(conn, organisation_id, now=now, only=device.gateway_id))[0]
    seen(request, *(row["id"] for row in history))
    answers = [shown(dict(row)) for row in rows]
    return render(
        request,
        "desk/device.html",
        {
            "device": device,
            "udi": udi,
            "issuers": words.ISSUERS,
            "may_change": request[CALLER].role in REGISTRARS,
            "typed": form or Form(),
            "faults": faults,
            "history": history,
            "hub": hub,
            "told": hub.devices.get(device.address, OfDevice()) if hub else OfDevice(),
            "readings": [
                (each, measured(each.kind, each.values, each.special, UNITS)) for each in answers
            ],
            "drift": words.drift,
            "held": words.held,
        },
        status=status,
    )


async def show_hub(request: web.Request) -> web.Response:
    parts, organisation_id = request.app[PARTS], request[CALLER].organisation_id
    now, hub_id = parts.clock(), request.match_info["id"]
    async with parts.connection() as conn:
        found = await _hubs(conn, organisation_id, now=now, only=hub_id)
        if not found:
            raise NotFound
        devices = [
            each for each in await list_devices(conn, organisation_id) if each.gateway_id == hub_id
        ]
        holders = await _holders(conn, organisation_id, now=now)
        history = await conn.fetch(
            QUERIES["hub_history"], organisation_id, hub_id, now - TOLD_LATELY
        )
    seen(request, *found[0].row["patients"])
    return render(
        request,
        "desk/hub.html",
        {
            "hub": found[0],
            "devices": [(each, holders[each.id]) for each in devices],
            "history": history,
            "drift": words.drift,
        },
    )


async def _hubs(
    conn: Connection, organisation_id: UUID, *, now: dt.datetime, only: str | None = None
) -> list[Hub]:
    rows = await conn.fetch(QUERIES["hubs"], organisation_id, now - TOLD_LATELY, now, only)
    gaps = {
        known.gateway: judge(known, now=now)
        for known, _ in await progress.holes(conn, now=now, organisation=organisation_id)
    }
    made = []
    for row in rows:
        gap = gaps.get(row["id"])
        visible = gap if gap is not None and gap.visible(now) else None
        told = msgspec.json.decode(row["devices"]) if row["devices"] else []
        made.append(
            Hub(
                row=dict(row),
                standing=words.hub_standing(
                    dict(row), missing=visible.count if visible else 0, now=now
                ),
                missing=visible.words if visible else "",
                devices={each["device"]: words.of_device(each) for each in told},
            )
        )
    return made


async def _holders(
    conn: Connection, organisation_id: UUID, *, now: dt.datetime
) -> defaultdict[UUID, list[Mapping[str, Any]]]:
    found: defaultdict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for row in await conn.fetch(QUERIES["holders"], organisation_id, now):
        found[row["device_id"]].append(dict(row))
    return found
