"""Who bills and who pays, over the API: the practice, practitioners, payers, fees."""

import datetime as dt
from typing import Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from billing.parties.fee_file import FeeLine
from billing.parties.fees import Schedule, fees_of, import_fees, list_schedules
from billing.parties.payers import (
    PayerRow,
    PayerTerms,
    RuleRow,
    RuleTerms,
    add_payer,
    add_rule,
    change_payer,
    find_payer,
    list_payers,
    list_rules,
    withdraw_rule,
)
from billing.parties.practice import Profile, practice_of, set_practice
from billing.parties.practitioners import (
    Practitioner,
    add_practitioner,
    list_practitioners,
    retire_practitioner,
)
from care.errors import FaultsError
from care.faults import Fault
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply

FILE_MOST: Final = 4 * 1024 * 1024


class PracticeBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    profile: Profile


class PractitionerList(Struct, frozen=True, kw_only=True):
    items: list[Practitioner]


class NewPractitioner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    family_name: str
    given_name: str = ""
    npi: str | None = None
    credential: str = ""
    user: UUID | None = None
    """The account of the same person."""


class PayerList(Struct, frozen=True, kw_only=True):
    items: list[PayerRow]


class NewPayer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: str
    """By which its rules are looked up, as `medicare_ffs`."""
    terms: PayerTerms


class ChangedPayer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    terms: PayerTerms


class RuleList(Struct, frozen=True, kw_only=True):
    items: list[RuleRow]


class NewRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    terms: RuleTerms


class ScheduleList(Struct, frozen=True, kw_only=True):
    items: list[Schedule]


class FeeFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: str
    """CSV with a header: code, modifier, amount, and charge where it differs."""
    name: str
    effective_from: dt.date
    effective_to: dt.date | None = None
    payer: UUID | None = None
    """None: for payers that have no file of their own."""


class FeeList(Struct, frozen=True, kw_only=True):
    items: list[FeeLine]


async def get_practice(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        found = await practice_of(conn, request[CALLER].organisation_id)
    return reply(found)


async def put_practice(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, PracticeBody)
    async with parts.transaction() as conn:
        done = await set_practice(
            conn, caller.organisation_id, typed.profile, actor=caller.user_id, now=parts.clock()
        )
    return reply(done)


async def get_practitioners(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        found = await list_practitioners(conn, request[CALLER].organisation_id)
    return reply(PractitionerList(items=found))


async def post_practitioner(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, NewPractitioner)
    async with parts.transaction() as conn:
        made = await add_practitioner(
            conn, caller.organisation_id, family_name=typed.family_name,
            given_name=typed.given_name, npi=typed.npi, credential=typed.credential,
            user_id=typed.user, actor=caller.user_id, now=parts.clock(),
        )  # fmt: skip
    return reply(made, status=201)


async def retire(request: web.Request) -> web.Response:
    parts, caller, practitioner_id = request.app[PARTS], request[CALLER], id_in_path(request)
    async with parts.transaction() as conn:
        await retire_practitioner(
            conn, caller.organisation_id, practitioner_id, actor=caller.user_id, now=parts.clock()
        )
    return web.Response(status=204)


async def get_payers(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        found = await list_payers(conn, request[CALLER].organisation_id)
    return reply(PayerList(items=found))


async def post_payer(request: web.Request) -> web.Response:
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, NewPayer)
    async with parts.transaction() as conn:
        made = await add_payer(
            conn, caller.organisation_id, typed.key, typed.terms, actor=caller.user_id,
            now=parts.clock(),
        )  # fmt: skip
    return reply(made, status=201)


async def put_payer(request: web.Request) -> web.Response:
    parts, caller, payer_id = request.app[PARTS], request[CALLER], id_in_path(request)
    typed = await read(request, ChangedPayer)
    async with parts.transaction() as conn:
        done = await change_payer(
            conn, caller.organisation_id, payer_id, typed.terms, actor=caller.user_id,
            now=parts.clock(),
        )  # fmt: skip
    return reply(done)


async def get_rules(request: web.Request) -> web.Response:
    payer_id = id_in_path(request)
    whose = request[CALLER].organisation_id
    async with request.app[PARTS].connection() as conn:
        found = await list_rules(conn, whose, (await find_payer(conn, whose, payer_id)).id)
    return reply(RuleList(items=found))


async def post_rule(request: web.Request) -> web.Response:
    parts, caller, payer_id = request.app[PARTS], request[CALLER], id_in_path(request)
    typed = await read(request, NewRule)
    async with parts.transaction() as conn:
        await add_rule(
            conn, caller.organisation_id, payer_id, typed.terms, actor=caller.user_id,
            now=parts.clock(),
        )  # fmt: skip
        found = await list_rules(conn, caller.organisation_id, payer_id)
    return reply(RuleList(items=found), status=201)


async def take_rule_back(request: web.Request) -> web.Response:
    """That it stood stays on record."""
    parts, caller, payer_id = request.app[PARTS], request[CALLER], id_in_path(request)
    rule_id = id_in_path(request, "item")
    async with parts.transaction() as conn:
        await withdraw_rule(
            conn, caller.organisation_id, payer_id, rule_id, actor=caller.user_id,
            now=parts.clock(),
        )  # fmt: skip
        found = await list_rules(conn, caller.organisation_id, payer_id)
    return reply(RuleList(items=found))


async def get_schedules(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        found = await list_schedules(conn, request[CALLER].organisation_id)
    return reply(ScheduleList(items=found))


async def post_fees(request: web.Request) -> web.Response:
    """All of a file or none of it; what is wrong is told with its line."""
    parts, caller = request.app[PARTS], request[CALLER]
    typed = await read(request, FeeFile, bytes_max=FILE_MOST)
    try:
        async with parts.transaction() as conn:
            made = await import_fees(
                conn, caller.organisation_id, typed.text, payer=typed.payer, name=typed.name,
                effective_from=typed.effective_from, effective_to=typed.effective_to,
                actor=caller.user_id, now=parts.clock(),
            )  # fmt: skip
    except FaultsError as error:
        raise FaultsError([_in_text(each) for each in error.faults]) from error
    return reply(made, status=201)


def _in_text(fault: Fault) -> Fault:
    """A line of a file is no place in a body: it is said in words."""
    line = "" if fault.line is None else f"line {fault.line}"
    said = ": ".join(part for part in (line, fault.key, fault.message) if part)
    return Fault(path=("text",), message=said)


async def get_fees(request: web.Request) -> web.Response:
    schedule_id = id_in_path(request)
    async with request.app[PARTS].connection() as conn:
        found = await fees_of(conn, request[CALLER].organisation_id, schedule_id)
    return reply(FeeList(items=found))
