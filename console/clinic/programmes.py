"""Programmes: what is measured, which limits, who is told; who answers for it; its versions."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from aiohttp import web

from care.organisations import only_one, organisation_of
from care.programme import Programme
from care.programme_differences import differences, hours_words, ladder_words
from care.programmes import Known, find_programme, list_programmes
from care.sign_offs import in_use, list_sign_offs, sign_off
from care.users import list_users
from console.access import ADMIN, CLINICIAN
from console.clinic.faults import REFUSALS, said
from console.clinic.words import kind_words, summary
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.web.formats import Units, units_from
from console.web.forms import form_of
from console.web.page import render, see_other
from console.web.rule_words import label_of, labels_of, measure_words, rule_words
from store.pool import Connection

DIGITS_MOST: Final = 9
LEADS: Final = frozenset({ADMIN, CLINICIAN})
"""Who may record that the clinical lead has signed."""
ASKED_MOST: Final = 4
LABELS: Final = {"lead": "Clinical lead", "note": "Remark"}


async def page(request: web.Request) -> web.Response:
    """Each programme once, by its newest version."""
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        known = await list_programmes(conn)
        signed = await list_sign_offs(conn, caller.organisation_id)
        used = await in_use(conn, caller.organisation_id)
    newest = {each.programme.id: each for each in known}
    patients = {
        name: sum(count for (programme, _), count in used.items() if programme == name)
        for name in newest
    }
    context = {
        "programmes": list(newest.values()),
        "signed": signed,
        "patients": patients,
        "may_import": caller.role == ADMIN,
        "may_sign": caller.role in LEADS,
        "summary": summary,
    }
    return render(request, "clinic/programmes.html", context)


async def signers(conn: Connection, organisation_id: UUID) -> list[str]:
    """Whom to ask: those who may record that the clinical lead has signed, clinicians first."""
    people = [
        each
        for each in await list_users(conn, organisation_id)
        if each.role in LEADS and each.disabled_at is None
    ]
    people.sort(key=lambda each: each.role == ADMIN)
    return [f"{each.name} ({each.role})" for each in people[:ASKED_MOST]]


async def one(request: web.Request) -> web.Response:
    return await _one(request, {}, {})


async def send_sign_off(request: web.Request) -> web.Response:
    """For this version, in this clinic. It is added to the record and never taken off."""
    form = await form_of(request)
    caller, parts = request[CALLER], request.app[PARTS]
    programme, version = request.match_info["id"], _version(form.text("version"))
    try:
        async with parts.transaction() as conn:
            await sign_off(
                conn,
                caller.organisation_id,
                programme=programme,
                version=version,
                lead=form.text("lead"),
                note=form.text("note"),
                actor=caller.user_id,
                now=parts.clock(),
            )
    except REFUSALS as error:
        typed = {name: form.text(name) for name in LABELS}
        return await _one(request, typed, said(error), version=version, status=422)
    return see_other(f"/programmes/{programme}?version={version}", told="Signed off.")


async def _one(
    request: web.Request,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    version: int | None = None,
    status: int = 200,
) -> web.Response:
    caller, name = request[CALLER], request.match_info["id"]
    if version is None and (asked := request.query.get("version")) is not None:
        version = _version(asked)
    async with request.app[PARTS].connection() as conn:
        known = await find_programme(conn, name, version)
        versions = [each for each in await list_programmes(conn) if each.programme.id == name]
        signed = await list_sign_offs(conn, caller.organisation_id)
        used = await in_use(conn, caller.organisation_id)
        ask = await signers(conn, caller.organisation_id)
        alone = await only_one(conn)
        units = await units_of_clinic(conn, caller.organisation_id)
    context = {
        **described(known.programme, units),
        "known": known,
        "versions": versions,
        "signed": signed,
        "used": used,
        "differences": _since(known, versions),
        "may_sign": caller.role in LEADS,
        "signers": ask,
        "may_import": caller.role == ADMIN and alone,
        "values": {"lead": caller.name if caller.role == CLINICIAN else "", "note": "", **typed},
        "summary": summary,
        "faults": faults,
        "labels": LABELS,
    }
    return render(request, "clinic/programme.html", context, status=status)


async def units_of_clinic(conn: Connection, organisation_id: UUID) -> Units:
    """Those that its new patients begin with."""
    return units_from(msgspec.structs.asdict(await organisation_of(conn, organisation_id)))


def described(programme: Programme, units: Units) -> dict[str, Any]:
    """A programme in words: rules by what they look at, ladders by how grave they are."""
    labels = labels_of(programme.rules)
    kinds = list(dict.fromkeys(rule.kind for rule in programme.rules))
    return {
        "programme": programme,
        "measures": [
            (kind_words(each.kind), measure_words(each), each) for each in programme.measures
        ],
        "rules": [
            (
                kind_words(kind),
                [
                    (each, label_of(each), rule_words(each, units, labels))
                    for each in programme.rules
                    if each.kind == kind
                ],
            )
            for kind in kinds
        ],
        "ladders": [(each, ladder_words(each)) for each in programme.ladders],
        "hours": hours_words(programme.hours),
    }  # fmt: skip


def _since(known: Known, versions: Sequence[Known]) -> tuple[int, list[Any]] | None:
    """What differs from the version before; None for a first one."""
    before = [each for each in versions if each.programme.version < known.programme.version]
    if not before:
        return None
    old = before[-1].programme
    return old.version, differences(old, known.programme)


def _version(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST):
        raise NotFound
    return int(text)
