"""The fifth step: the hub that goes into the home, and the devices that are this patient's."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from care import addresses
from care.changes import lock_patient
from care.enrolments import choose_gateway
from care.errors import InvalidError
from care.gateways import CODE_LIFETIME, add_gateway
from care.kits import (
    DeviceChoice,
    HubState,
    hand_out,
    hub_state,
    kit_code,
    list_hubs,
    list_stock,
)
from console.clinic.asking import Asking, asking
from console.clinic.claim_code import ClaimCode, claim_code, server_of
from console.clinic.faults import REFUSALS, said
from console.clinic.steps import Progress, path_of, progress_of
from console.seen import seen
from console.web.forms import Form, form_of
from console.web.page import render, see_other

NEW: Final = "new"
DEVICE_FIELDS: Final = ("stock", "address", "not_bluetooth", "label", "udi", "passkey", "slot")
NOT_ON_THE_AIR: Final = (
    "that is no Bluetooth address: it has six pairs, as AA:BB:CC:DD:EE:FF, and stands on the "
    "device or its box. If the device has none, tick so below"
)
LABELS: Final = {
    "gateway": "Hub",
    "label": "Label",
    "address": "Address",
    "udi": "UDI",
    "passkey": "Passkey",
    "slot": "User number",
    "stock": "Device",
}


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {})


async def send_hub(request: web.Request) -> web.Response:
    """One from stock, or a new one."""
    form = await form_of(request)
    try:
        async with asking(request) as it:
            # Whoever writes a label for a new hub means a new one.
            new = NEW if form.text("hub_label") else ""
            if not (chosen := form.text("gateway") or new):
                raise InvalidError("gateway", "choose a hub, or a new one")
            if chosen == NEW:
                chosen = await _new_hub(it, form.text("hub_label"))
            await choose_gateway(it.conn, *it.whose, chosen)
    except REFUSALS as error:
        return await _page(request, form, said(error), status=422)
    return see_other(path_of(it.patient.id, "kit"))


async def _new_hub(it: Asking, label: str) -> str:
    """A button that is pressed twice makes one hub: the second finds the first, still without its
    box.
    """
    await lock_patient(it.conn, *it.whose)
    whose, there = it.caller.organisation_id, (await progress_of(it)).enrolment.gateway_id
    if there is not None:
        state = await hub_state(it.conn, whose, there, now=it.now)
        if state.enrolled_at is None and state.label == label:
            return there
    made = await add_gateway(it.conn, whose, label=label, time_zone=it.patient.time_zone)
    return made.id


async def send_code(request: web.Request) -> web.Response:
    """The code, shown this once: only its hash is kept. Asking again makes a new one."""
    try:
        async with asking(request) as it:
            chosen = (await progress_of(it)).enrolment.gateway_id
            if chosen is None:
                raise InvalidError("gateway", "choose a hub first")
            code = await kit_code(
                it.conn, it.caller.organisation_id, chosen, replacing=it.is_admin, now=it.now
            )
    except REFUSALS as error:
        return await _page(request, None, said(error), status=422)
    return await _page(request, None, {}, claim=claim_code(code, server=server_of(request)))


async def send_device(request: web.Request) -> web.Response:
    form = await form_of(request)
    try:
        async with asking(request) as it:
            enrolment = (await progress_of(it)).enrolment
            await hand_out(
                it.conn,
                *it.whose,
                address=address_of(form),
                label=form.text("label"),
                udi=form.given("udi"),
                passkey=form.given("passkey"),
                user_slot=slot_of(form.text("slot")),
                gateway_id=enrolment.gateway_id,
                **it.by,
            )
    except REFUSALS as error:
        return await _page(request, form, said(error, names={"user_slot": "slot"}), status=422)
    return see_other(path_of(it.patient.id, "kit"), told="Handed out.")


async def state(request: web.Request) -> web.Response:
    """How far the hub has come: a part of the page, asked for by its script."""
    async with asking(request) as it:
        progress = await progress_of(it)
        context = {"hub": await _hub(it, progress), "patient": it.patient}
    return render(request, "clinic/hub_state.html", context)


def address_of(form: Form) -> str:
    """One from stock as it is called there; what is typed is a Bluetooth address in its one
    spelling, unless it is said that the device has none. Raises InvalidError.
    """
    typed = form.text("address")
    if not typed:
        return form.text("stock")
    own = form.ticked("not_bluetooth")
    try:
        return addresses.called(typed, own=own)
    except InvalidError:
        if own or addresses.mistyped(typed):
            raise
        raise InvalidError("address", NOT_ON_THE_AIR) from None


def slot_of(text: str) -> int | None:
    """A user number of a device; none for the whole of it."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):  # noqa: PLR2004
        raise InvalidError(
            "slot", "must be a number from 0 to 254, or nothing for the whole device"
        )
    return int(text)


async def stock(it: Asking, request: web.Request) -> list[tuple[str, str]]:
    """Devices as choices: those that nobody has first, then those of others, with whose."""
    choices = await list_stock(it.conn, it.caller.organisation_id, now=it.now)
    seen(request, *(patient for each in choices for patient in each.patients))
    return [
        ("", "A device that is not listed"),
        *((each.address, _device(each)) for each in choices),
    ]


def _device(choice: DeviceChoice) -> str:
    where = f"with {'; '.join(choice.holders)}" if choice.holders else "in stock"
    return f"{choice.label or choice.profile or 'Device'}, {choice.address}: {where}"


async def _page(
    request: web.Request,
    form: Form | None,
    faults: Mapping[str, str],
    *,
    status: int = 200,
    claim: ClaimCode | None = None,
) -> web.Response:
    async with asking(request) as it:
        progress = await progress_of(it)
        hub, hubs = await _hub(it, progress), await _hubs(it)
        context: dict[str, Any] = {
            "steps": progress.steps(it.patient.id),
            "here": "kit",
            "banner": await it.banner(),
            "patient": it.patient,
            "progress": progress,
            "hub": hub,
            # Nothing is chosen by a press too early.
            "hubs": hubs if hub else [("", _first_words(hubs)), *hubs],
            "no_hubs": len(hubs) == 1,
            "stock": await stock(it, request),
            "claim": claim,
            "claim_hours": int(CODE_LIFETIME.total_seconds() // 3600),
            "choosing": hub is None or "choose" in request.query or "gateway" in faults,
            "may_replace": it.is_admin,
            "values": {name: form.text(name) if form else "" for name in DEVICE_FIELDS},
            "chosen": form.text("gateway") if form else "",
            "hub_label": form.text("hub_label") if form else "",
            "faults": faults,
            "labels": LABELS,
        }
    return render(request, "clinic/kit_step.html", context, status=status)


async def _hub(it: Asking, progress: Progress) -> HubState | None:
    chosen = progress.enrolment.gateway_id
    if chosen is None:
        return None
    return await hub_state(it.conn, it.caller.organisation_id, chosen, now=it.now)


async def _hubs(it: Asking) -> list[tuple[str, str]]:
    """Choices: a new one, as for most; those in stock; those in homes, which people may share."""
    found = await list_hubs(it.conn, it.caller.organisation_id, now=it.now)
    return [
        (NEW, "A new hub"),
        *(
            (each.id, f"{each.label or each.id} ({each.id}): {_where(each.homes)}")
            for each in found
        ),
    ]


def _first_words(hubs: list[tuple[str, str]]) -> str:
    """Of the field before anything is chosen: a clinic that has no hub has nothing to look for."""
    return "Choose a hub" if len(hubs) > 1 else "None yet: a new one"


def _where(homes: tuple[str, ...]) -> str:
    return f"in the home of {', '.join(homes)}" if homes else "in stock"
