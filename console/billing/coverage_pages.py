"""One patient, as claims see them: who pays, where they live, in what they are enrolled, and what
nobody can measure.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from billing.eligibility.words import ATTESTED
from billing.exports.claim_checks import unlike_medicare
from billing.months.records import Address
from billing.parties import checks
from billing.parties.coverage import (
    add_authorisation,
    add_coverage,
    address_of,
    correct_coverage,
    end_coverage,
    list_authorisations,
    list_coverages,
    set_address,
)
from billing.parties.enrolments import (
    RTM_KINDS,
    Enrolment,
    Terms,
    add_enrolment,
    change_enrolment,
    end_enrolment,
    list_enrolments,
)
from billing.parties.payers import find_payer, list_payers
from billing.parties.practitioners import list_practitioners
from billing.parties.statements import (
    add_attestation,
    add_other,
    list_others,
    list_statements,
    withdraw_attestation,
    withdraw_other,
)
from console.access import require
from console.billing import typed, words
from console.billing.faults import REFUSALS, said, status_of
from console.billing_access import ENROLLERS, RUNNERS
from console.chart.banner import banner_of
from console.errors import NotFound
from console.parts import CALLER, PARTS
from console.replies import id_in_path, id_or_none
from console.seen import seen
from console.web.forms import Form, form_of
from console.web.page import render, see_other
from store.pool import Connection

STATEMENTS: Final = [(key, text[0].upper() + text[1:]) for key, text in ATTESTED.items()]
UNLIKE: Final = (
    " The member number has not the form of a Medicare number (11 characters, as 1EG4-TE5-MK73):"
    " compare it with the card."
)
ADDRESS: Final = ("line_1", "line_2", "city", "state", "zip_code")


class Doing(Struct, frozen=True, kw_only=True):
    """What a form asks for: of whom, by whom, when."""

    conn: Connection
    organisation: UUID
    patient: UUID
    actor: UUID
    now: Any
    form: Form

    @property
    def place(self) -> tuple[Connection, UUID, UUID]:
        return self.conn, self.organisation, self.patient

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.actor, "now": self.now}

    def row(self, what: str) -> UUID:
        return typed.id_of(self.form, "row", f"names no {what}: open the page anew")


async def page(request: web.Request) -> web.Response:
    return await _page(request, "", {}, {})


async def send(request: web.Request) -> web.Response:
    """One of several forms, each named by the end of its address."""
    caller, parts, form = request[CALLER], request.app[PARTS], await form_of(request)
    patient, name = id_in_path(request), request.match_info["doing"]
    found = DEEDS.get(name)
    if found is None:
        raise NotFound
    deed, told, roles = found
    require(caller, roles)
    try:
        async with parts.transaction() as conn:
            seen(request, patient)
            await deed(
                Doing(
                    conn=conn, organisation=caller.organisation_id, patient=patient,
                    actor=caller.user_id, now=parts.clock(), form=form,
                )
            )  # fmt: skip
            if deed in {_coverage, _coverage_correct}:
                told += await _doubt(conn, caller.organisation_id, form)
    except REFUSALS as error:
        return await _page(request, name, dict(form), said(error), status=status_of(error))
    return see_other(f"/billing/patients/{patient}", told=told)


async def _coverage(do: Doing) -> None:
    rank = typed.whole_or_none(do.form, "rank")
    await add_coverage(
        *do.place,
        payer=typed.id_of(do.form, "payer", "choose who pays"),
        member_id=do.form.given("member_id"),
        prior_auth=do.form.given("prior_auth"),
        starts_on=typed.day(do.form, "starts_on"),
        ends_on=typed.day_or_none(do.form, "ends_on"),
        rank=1 if rank is None else rank,
        **do.by,
    )


async def _coverage_correct(do: Doing) -> None:
    await correct_coverage(
        *do.place,
        do.row("coverage"),
        payer=typed.id_of(do.form, "payer", "choose who pays"),
        member_id=do.form.given("member_id"),
        prior_auth=do.form.given("prior_auth"),
        reason=do.form.text("reason"),
        **do.by,
    )


async def _doubt(conn: Connection, organisation_id: UUID, form: Form) -> str:
    """What is saved all the same, and is mostly a slip of the pen."""
    payer = await find_payer(conn, organisation_id, typed.id_of(form, "payer", "choose who pays"))
    number = checks.member_id(form.given("member_id"))
    return UNLIKE if number and unlike_medicare(payer.terms.filing_code, number) else ""


async def _coverage_end(do: Doing) -> None:
    await end_coverage(
        *do.place, do.row("coverage"), ends_on=typed.day(do.form, "ends_on"), **do.by
    )


async def _authorisation(do: Doing) -> None:
    await add_authorisation(
        *do.place,
        typed.id_of(do.form, "coverage", "choose whose it is"),
        number=do.form.text("number"),
        codes=typed.parts_of(do.form, "codes"),
        first_on=typed.day(do.form, "first_on"),
        last_on=typed.day_or_none(do.form, "last_on"),
        **do.by,
    )


async def _address(do: Doing) -> None:
    address = Address(**{name: do.form.text(name) for name in ADDRESS})
    await set_address(*do.place, address, **do.by)


def _terms_in(form: Form) -> Terms:
    return Terms(
        practitioner_id=id_or_none(form.text("practitioner_id")),
        starts_on=typed.day(form, "starts_on"),
        established_on=typed.day_or_none(form, "established_on"),
        established_by=form.given("established_by"),
        taught_on=typed.day_or_none(form, "taught_on"),
        taught_by=form.given("taught_by"),
        rtm_kind=form.text("rtm_kind"),
    )


async def _enrolment(do: Doing) -> None:
    await add_enrolment(*do.place, do.form.text("service"), _terms_in(do.form), **do.by)


async def _enrolment_change(do: Doing) -> None:
    await change_enrolment(*do.place, do.row("enrolment"), _terms_in(do.form), **do.by)


async def _enrolment_end(do: Doing) -> None:
    await end_enrolment(
        *do.place, do.row("enrolment"), ends_on=typed.day(do.form, "ends_on"),
        reason=do.form.text("end_reason"), **do.by,
    )  # fmt: skip


async def _statement(do: Doing) -> None:
    await add_attestation(
        *do.place,
        what=do.form.text("what"),
        on_day=typed.day(do.form, "on_day"),
        until_day=typed.day_or_none(do.form, "until_day"),
        stated_by=do.form.text("stated_by"),
        **do.by,
    )


async def _statement_withdraw(do: Doing) -> None:
    await withdraw_attestation(*do.place, do.row("statement"), **do.by)


async def _other(do: Doing) -> None:
    await add_other(
        *do.place,
        code=do.form.text("code"),
        service=do.form.given("service"),
        first_on=typed.day_or_none(do.form, "first_on"),
        last_on=typed.day_or_none(do.form, "last_on"),
        note=do.form.text("note"),
        **do.by,
    )


async def _other_withdraw(do: Doing) -> None:
    await withdraw_other(*do.place, do.row("service"), **do.by)


DEEDS: Final[dict[str, tuple[Callable[[Doing], Awaitable[None]], str, frozenset[str]]]] = {
    "coverage": (_coverage, "The coverage is added.", RUNNERS),
    "coverage-correct": (_coverage_correct, "The coverage is corrected.", RUNNERS),
    "coverage-end": (_coverage_end, "Its last day is kept.", RUNNERS),
    "authorisation": (_authorisation, "The authorisation is added.", RUNNERS),
    "address": (_address, "The address is kept.", RUNNERS),
    "enrolment": (_enrolment, "The patient is enrolled for billing.", ENROLLERS),
    "enrolment-change": (_enrolment_change, "The enrolment is changed.", ENROLLERS),
    "enrolment-end": (_enrolment_end, "The enrolment has ended.", ENROLLERS),
    "statement": (_statement, "The statement is kept.", ENROLLERS),
    "statement-withdraw": (_statement_withdraw, "The statement is withdrawn.", ENROLLERS),
    "other": (_other, "The service is kept.", RUNNERS),
    "other-withdraw": (_other_withdraw, "The service is withdrawn.", RUNNERS),
}


async def _page(
    request: web.Request,
    doing: str,
    sent: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    status: int = 200,
) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    patient_id, now = id_in_path(request), parts.clock()
    whose = caller.organisation_id
    async with parts.connection() as conn:
        banner = await banner_of(conn, whose, patient_id, now=now)
        seen(request, patient_id)
        coverages = await list_coverages(conn, whose, patient_id)
        enrolments = await list_enrolments(conn, whose, patient_id)
        address = await address_of(conn, whose, patient_id)
        context: dict[str, Any] = {
            "coverages": coverages,
            "authorisations": await list_authorisations(conn, whose, patient_id),
            "enrolments": enrolments,
            "statements": await list_statements(conn, whose, patient_id),
            "others": await list_others(conn, whose, patient_id),
            "payers": [
                ("", "Choose"),
                *((each.id, each.terms.name) for each in await list_payers(conn, whose)),
            ],
            "practitioners": [
                ("", "Nobody yet"),
                *((each.id, each.name) for each in await list_practitioners(conn, whose)
                  if each.retired_at is None),
            ],
        }  # fmt: skip
    context |= {
        "banner": banner,
        "doing": doing,
        "sent": sent,
        "faults": faults,
        "address": {name: getattr(address, name, "") for name in ADDRESS},
        "services": words.services(),
        "rtm_kinds": [("", "Not therapeutic"), *((each, each.replace("_", " ").capitalize())
                                                 for each in RTM_KINDS)],
        "values_of": values_of,
        "attested": ATTESTED,
        "statement_kinds": STATEMENTS,
        "today": now.astimezone(caller.clinic.zone).date().isoformat(),
        "runs": caller.role in RUNNERS,
        "enrols": caller.role in ENROLLERS,
        "words": words,
    }  # fmt: skip
    return render(request, "billing/coverage.html", context, status=status)


def values_of(enrolment: Enrolment) -> dict[str, str]:
    """For the form that changes it."""
    terms = enrolment.terms
    return {
        name: str(getattr(terms, name) or "")
        for name in ("practitioner_id", "starts_on", "established_on", "established_by",
                     "taught_on", "taught_by", "rtm_kind")
    }  # fmt: skip
