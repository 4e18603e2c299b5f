"""Who can see a patient's readings: the patient lets people in, sees that they looked, ends it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import segno
from aiohttp import web

from care import invitations
from care.errors import InvalidError, NotFoundError, TakenError
from console.my.figures import when
from console.my.looks import looks
from console.my.visit import QUERIES, Visit, shown, visit
from console.parts import CALLER, PARTS
from console.web.form_key import make_key, proof_of
from console.web.forms import Form, form_of
from console.web.page import see_other
from store.pool import Connection
from store.schema import RELATIONS

HERE: Final = "/my/people"
QR_BORDER: Final = 4
"""Quiet modules around it that readers need."""


async def people(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        who = await visit(request, conn)
        return await _page(request, conn, who)


async def invite(request: web.Request) -> web.Response:
    """The link stands in the answer itself and nowhere else: loading the page again loses it."""
    form = await form_of(request)
    async with request.app[PARTS].transaction() as conn:
        who = await visit(request, conn)
        try:
            made = await invitations.invite(
                conn,
                who.organisation_id,
                who.patient_id,
                name=form.text("name"),
                relation=form.text("relation"),
                by_patient=True,
                actor=who.caller.user_id,
                now=who.now,
                proof=proof_of(request, form),
            )
        except (InvalidError, TakenError) as error:
            key = "too_many" if isinstance(error, TakenError) else f"{error.field}_fault"
            faults = {error.field: who.words(f"people.{key}")}
            return await _page(request, conn, who, form=form, faults=faults, status=422)
    link = f"{_base(request)}/invitation/{made.code}"
    return shown(
        request,
        who,
        "invited.html",
        {
            "name": form.text("name"),
            "link": link,
            "code": made.code,
            "where": f"{_base(request)}/invitation",
            "until": when(made.expires_at, who.zone, who.words, now=who.now),
            "picture": picture_of(link),
        },
    )


async def take_back(request: web.Request) -> web.Response:
    """An invitation that nobody has used."""
    return await _end(request, "invitation", "people.taken_back")


async def stop(request: web.Request) -> web.Response:
    """Somebody who can look now cannot any more: every session of theirs ends."""
    return await _end(request, "caregiver", "people.stopped")


async def _end(request: web.Request, what: str, told: str) -> web.Response:
    form, caller = await form_of(request), request[CALLER]
    async with request.app[PARTS].transaction() as conn:
        who = await visit(request, conn)
        end = invitations.withdraw if what == "invitation" else invitations.shut_out
        try:
            await end(
                conn,
                who.organisation_id,
                who.patient_id,
                _id(form.text(what)),
                actor=caller.user_id,
                now=who.now,
            )
        except NotFoundError:
            told = "people.gone"
    return see_other(HERE, told=who.words(told))


async def _page(
    request: web.Request,
    conn: Connection,
    who: Visit,
    *,
    form: Form | None = None,
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> web.Response:
    kept = form or Form()
    context: dict[str, Any] = {
        "caregivers": await invitations.list_caregivers(conn, who.organisation_id, who.patient_id),
        "waiting": await invitations.list_waiting(
            conn, who.organisation_id, who.patient_id, now=who.now
        ),
        "looks": await looks(
            conn,
            QUERIES["looks"],
            who.organisation_id,
            who.patient_id,
            but=who.caller.user_id,
            zone=who.zone,
        ),
        "relations": [("", ""), *((each, who.words(f"relation.{each}")) for each in RELATIONS)],
        "typed": {"name": kept.text("name"), "relation": kept.text("relation")},
        "faults": faults or {},
        "form_key": make_key(),
        "when": lambda at: when(at, who.zone, who.words, now=who.now),
    }
    return shown(request, who, "people.html", context, status=status)


def picture_of(link: str) -> dict[str, Any]:
    """A QR code as one path, for a template to draw without styles or pictures from elsewhere."""
    code = segno.make(link, error="m", micro=False)
    rows = [list(row) for row in code.matrix]
    runs = [
        f"M{x + QR_BORDER} {y + QR_BORDER}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    ]
    return {"size": len(rows) + 2 * QR_BORDER, "path": "".join(runs)}


def _base(request: web.Request) -> str:
    """As people reach the console."""
    public = request.app[PARTS].settings.public_url
    return (public or f"{request.scheme}://{request.host}").rstrip("/")


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise NotFoundError("id", "there is none") from None
