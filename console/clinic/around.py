"""What is done around one patient: team, consents, orders, episodes, devices; seen and changed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from care.consent_texts import current_text
from care.consents import list_consents, withdraw_consent
from care.enrolments import find_enrolment
from care.episodes import end_episode, list_episodes
from care.errors import InvalidError, NotFoundError
from care.kits import hand_out, list_held, take_back
from care.orders import correct_order, end_order, list_orders
from care.own_accounts import own_account
from care.teams import list_team, remove_member
from console.clinic import consent_form, words
from console.clinic.asking import Asking, asking
from console.clinic.faults import REFUSALS, said
from console.clinic.kit_step import DEVICE_FIELDS, address_of, slot_of, stock
from console.clinic.order_step import diagnoses_in, join, record_order, staff
from console.clinic.words import kind_words
from console.replies import id_in_path
from console.routing import Handler
from console.seen import because
from console.web.consent_words import CONSENT_KINDS, METHODS
from console.web.form_key import make_key
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from vitals.kinds import Kind

Deed = Callable[[Asking, Form, web.Request], Awaitable[str]]
NAMES: Final = {"given_at": "given_on", "ordered_at": "ordered_on", "user_slot": "slot",
                "user": "team", "ends_at": ""}  # fmt: skip
ORDER_FIELDS: Final = ("ordered_by", "npi", "diagnoses", "note", "ordered_on")


async def page(request: web.Request) -> web.Response:
    return await _page(request, None, {}, "")


def doing(deed: Deed, section: str) -> Handler:
    """A form of this page: what it does is said; what is wrong stands at its own section."""

    async def handler(request: web.Request) -> web.StreamResponse:
        form = await form_of(request)
        because(request, form.text("reason"))
        try:
            async with asking(request) as it:
                done = await deed(it, form, request)
        except REFUSALS as error:
            return await _page(request, form, said(error, names=NAMES), section, status=422)
        return see_other(f"/patients/{it.patient.id}/care#{section}", told=done)

    return handler


async def add_to_team(it: Asking, form: Form, _: web.Request) -> str:
    if not form.text("team"):
        raise InvalidError("team", "choose somebody")
    await join(it, form.all("team"))
    return "Added to the team."


async def leave_team(it: Asking, form: Form, request: web.Request) -> str:
    await remove_member(
        it.conn, *it.whose, id_in_path(request, "item"), ends_at=it.now,
        reason=form.text("reason"), **it.by,
    )  # fmt: skip
    return "Not in the team any more. That they were stays on record."


async def add_consents(it: Asking, form: Form, _: web.Request) -> str:
    if not form.all("kinds"):
        raise InvalidError("consent_kinds", "tick at least one")
    made = await consent_form.record(it, form, form.all("kinds"))
    return "Consent is recorded." if made else "It is on record already: nothing was changed."


async def withdraw(it: Asking, form: Form, request: web.Request) -> str:
    """With the consent to monitoring the episode may end too: that is for a person to say."""
    reason = form.text("reason")
    gone = await withdraw_consent(
        it.conn, *it.whose, id_in_path(request, "item"), withdrawn_at=it.now, reason=reason,
        **it.by,
    )  # fmt: skip
    if gone.kind != "monitoring" or not form.ticked("end"):
        return "The consent is withdrawn."
    for each in await list_episodes(it.conn, *it.whose):
        if each.ends_at is None and each.starts_at < it.now:
            await end_episode(
                it.conn, *it.whose, each.id, ends_at=it.now, reason="patient_request",
                note=reason, **it.by,
            )  # fmt: skip
    return "The consent is withdrawn, and monitoring has ended."


async def add_one_order(it: Asking, form: Form, _: web.Request) -> str:
    await record_order(it, form)
    return "The order is recorded."


async def mend_order(it: Asking, form: Form, request: web.Request) -> str:
    await correct_order(
        it.conn, *it.whose, id_in_path(request, "item"), ordered_by=form.text("ordered_by"),
        npi=form.given("npi"), diagnoses=diagnoses_in(form.text("diagnoses")),
        reason=form.text("reason"), **it.by,
    )  # fmt: skip
    return "The order is corrected. Of months of billing that are locked an adjustment comes of it."


async def stop_order(it: Asking, form: Form, request: web.Request) -> str:
    await end_order(
        it.conn, *it.whose, id_in_path(request, "item"), ends_at=it.now,
        reason=form.text("reason"), **it.by,
    )  # fmt: skip
    return "The order has ended."


async def stop_episode(it: Asking, form: Form, request: web.Request) -> str:
    await end_episode(
        it.conn, *it.whose, id_in_path(request, "item"), ends_at=it.now,
        reason=form.text("reason"), note=form.text("note"), **it.by,
    )  # fmt: skip
    return "The episode has ended, and its plan with it."


async def give_device(it: Asking, form: Form, _: web.Request) -> str:
    try:
        gateway_id = (await find_enrolment(it.conn, *it.whose)).gateway_id
    except NotFoundError:
        gateway_id = None
    await hand_out(
        it.conn,
        *it.whose,
        address=address_of(form),
        label=form.text("label"),
        udi=form.given("udi"),
        passkey=form.given("passkey"),
        user_slot=slot_of(form.text("slot")),
        gateway_id=gateway_id,
        **it.by,
    )
    return "Handed out."


async def take_device(it: Asking, form: Form, request: web.Request) -> str:
    await take_back(
        it.conn, *it.whose, id_in_path(request, "item"), user_slot=slot_of(form.text("slot")),
        reason=form.text("reason"), **it.by,
    )  # fmt: skip
    return "Taken back. What it measured until now stays this patient's."


async def _page(
    request: web.Request,
    form: Form | None,
    faults: Mapping[str, str],
    section: str,
    *,
    status: int = 200,
) -> web.Response:
    async with asking(request) as it:
        team = await list_team(it.conn, *it.whose)
        held = await list_held(it.conn, *it.whose)
        context: dict[str, Any] = {
            "banner": await it.banner(),
            "patient": it.patient,
            "may_change": it.may_change,
            "now": it.now,
            "section": section,
            "faults": faults,
            "own": await own_account(it.conn, *it.whose, now=it.now),
            "form_key": make_key(),
            "team": team,
            "consents": await list_consents(it.conn, *it.whose),
            "orders": await list_orders(it.conn, *it.whose),
            "episodes": await list_episodes(it.conn, *it.whose),
            "held": held,
            "kind_words": kind_words,
            "consent_words": dict(CONSENT_KINDS),
            "method_words": dict(METHODS),
            "end_words": dict(words.EPISODE_ENDS),
            "today": it.today.isoformat(),
            **(await _choices(it, request, form, team) if it.may_change else {}),
        }
    return render(request, "clinic/around.html", context, status=status)


async def _choices(
    it: Asking, request: web.Request, form: Form | None, team: list[Any]
) -> dict[str, Any]:
    """What the forms offer, for those who may use them."""
    there: set[UUID] = {each.user_id for each in team if each.ends_at is None}
    people = [each for each in await staff(it) if each.id not in there]
    typed = form or Form()
    ordered = {name: typed.text(name) for name in ORDER_FIELDS}
    ordered["ordered_on"] = ordered["ordered_on"] or it.today.isoformat()
    return {
        "people": [
            ("", "Choose"),
            *((str(each.id), f"{each.name} ({each.role})") for each in people),
        ],
        "consent_values": consent_form.values(it, form if "given_on" in typed else None),
        "consent_kinds": CONSENT_KINDS,
        "methods": METHODS,
        "givers": words.GIVERS,
        "text": await current_text(
            it.conn, it.caller.organisation_id, it.patient.language, now=it.now
        ),
        "order_values": ordered,
        "kinds": [(each.value, kind_words(each)) for each in Kind],
        "ticked": typed.all("kinds"),
        "clinicians": [each.name for each in people if each.role == "clinician"],
        "ends": words.EPISODE_ENDS,
        "device_values": {name: typed.text(name) for name in DEVICE_FIELDS},
        "stock": await stock(it, request),
    }
