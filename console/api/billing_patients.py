"""What a patient is billed by, over the API: who pays, and in which services they are enrolled."""

import datetime as dt
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from billing.months.records import Address
from billing.parties.coverage import (
    Coverage,
    add_coverage,
    address_of,
    correct_coverage,
    end_coverage,
    list_coverages,
    set_address,
)
from billing.parties.enrolments import (
    Enrolment,
    Terms,
    add_enrolment,
    change_enrolment,
    end_enrolment,
    list_enrolments,
)
from billing.parties.statements import (
    Statement,
    add_attestation,
    list_statements,
    withdraw_attestation,
)
from console.api.asked import asked
from console.api.patient_in_path import patient_in_path
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply


class CoverageList(Struct, frozen=True, kw_only=True):
    items: list[Coverage]
    """Ended ones too."""
    address: Address | None
    """As claims have it."""


class NewCoverage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    payer: UUID
    member_id: str | None = None
    prior_auth: str | None = None
    starts_on: dt.date
    ends_on: dt.date | None = None
    rank: int = 1
    """1 pays first."""


class CorrectedCoverage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    payer: UUID
    member_id: str | None = None
    prior_auth: str | None = None
    reason: str = ""
    """Needed: what was wrong."""


class EndedOn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ends_on: dt.date
    """Its last day."""
    reason: str = ""


class AddressBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    address: Address


class EnrolmentList(Struct, frozen=True, kw_only=True):
    items: list[Enrolment]


class NewService(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    service: str
    """rpm, rtm, ccm, pcm, …"""
    terms: Terms


class ChangedService(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    terms: Terms


class StatementList(Struct, frozen=True, kw_only=True):
    items: list[Statement]


class NewStatement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    what: str
    on_day: dt.date
    """Of what happened on a day, that day; of what lasts, its first."""
    until_day: dt.date | None = None
    stated_by: str


async def get_coverages(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id, whose = await patient_in_path(request, conn), request[CALLER].organisation_id
        found = await list_coverages(conn, whose, patient_id)
        address = await address_of(conn, whose, patient_id)
    return reply(CoverageList(items=found, address=address))


async def post_coverage(request: web.Request) -> web.Response:
    async with asked(request, NewCoverage) as it:
        await add_coverage(
            it.conn, it.organisation_id, it.patient_id, payer=it.typed.payer,
            member_id=it.typed.member_id, prior_auth=it.typed.prior_auth,
            starts_on=it.typed.starts_on, ends_on=it.typed.ends_on, rank=it.typed.rank,
            actor=it.actor, now=it.now,
        )  # fmt: skip
        found = await list_coverages(it.conn, it.organisation_id, it.patient_id)
        address = await address_of(it.conn, it.organisation_id, it.patient_id)
    return reply(CoverageList(items=found, address=address), status=201)


async def mend_coverage(request: web.Request) -> web.Response:
    """What was entered wrongly; what has changed since is another coverage."""
    coverage_id = id_in_path(request, "item")
    async with asked(request, CorrectedCoverage) as it:
        await correct_coverage(
            it.conn, it.organisation_id, it.patient_id, coverage_id, payer=it.typed.payer,
            member_id=it.typed.member_id, prior_auth=it.typed.prior_auth, reason=it.typed.reason,
            actor=it.actor, now=it.now,
        )  # fmt: skip
        found = await list_coverages(it.conn, it.organisation_id, it.patient_id)
        address = await address_of(it.conn, it.organisation_id, it.patient_id)
    return reply(CoverageList(items=found, address=address))


async def finish_coverage(request: web.Request) -> web.Response:
    coverage_id = id_in_path(request, "item")
    async with asked(request, EndedOn) as it:
        await end_coverage(
            it.conn, it.organisation_id, it.patient_id, coverage_id, ends_on=it.typed.ends_on,
            actor=it.actor, now=it.now,
        )  # fmt: skip
        found = await list_coverages(it.conn, it.organisation_id, it.patient_id)
        address = await address_of(it.conn, it.organisation_id, it.patient_id)
    return reply(CoverageList(items=found, address=address))


async def put_address(request: web.Request) -> web.Response:
    async with asked(request, AddressBody) as it:
        await set_address(
            it.conn, it.organisation_id, it.patient_id, it.typed.address, actor=it.actor,
            now=it.now,
        )  # fmt: skip
        found = await list_coverages(it.conn, it.organisation_id, it.patient_id)
        address = await address_of(it.conn, it.organisation_id, it.patient_id)
    return reply(CoverageList(items=found, address=address))


async def get_services(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        found = await list_enrolments(conn, request[CALLER].organisation_id, patient_id)
    return reply(EnrolmentList(items=found))


async def post_service(request: web.Request) -> web.Response:
    async with asked(request, NewService) as it:
        made = await add_enrolment(
            it.conn, it.organisation_id, it.patient_id, it.typed.service, it.typed.terms,
            actor=it.actor, now=it.now,
        )  # fmt: skip
    return reply(made, status=201)


async def put_service(request: web.Request) -> web.Response:
    enrolment_id = id_in_path(request, "item")
    async with asked(request, ChangedService) as it:
        done = await change_enrolment(
            it.conn, it.organisation_id, it.patient_id, enrolment_id, it.typed.terms,
            actor=it.actor, now=it.now,
        )  # fmt: skip
    return reply(done)


async def finish_service(request: web.Request) -> web.Response:
    enrolment_id = id_in_path(request, "item")
    async with asked(request, EndedOn) as it:
        done = await end_enrolment(
            it.conn, it.organisation_id, it.patient_id, enrolment_id, ends_on=it.typed.ends_on,
            reason=it.typed.reason, actor=it.actor, now=it.now,
        )  # fmt: skip
    return reply(done)


async def get_statements(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        found = await list_statements(conn, request[CALLER].organisation_id, patient_id)
    return reply(StatementList(items=found))


async def post_statement(request: web.Request) -> web.Response:
    async with asked(request, NewStatement) as it:
        await add_attestation(
            it.conn, it.organisation_id, it.patient_id, what=it.typed.what, on_day=it.typed.on_day,
            until_day=it.typed.until_day, stated_by=it.typed.stated_by, actor=it.actor, now=it.now,
        )  # fmt: skip
        found = await list_statements(it.conn, it.organisation_id, it.patient_id)
    return reply(StatementList(items=found), status=201)


async def take_statement_back(request: web.Request) -> web.Response:
    statement_id = id_in_path(request, "item")
    async with asked(request, Nothing) as it:
        await withdraw_attestation(
            it.conn, it.organisation_id, it.patient_id, statement_id, actor=it.actor, now=it.now
        )
        found = await list_statements(it.conn, it.organisation_id, it.patient_id)
    return reply(StatementList(items=found))


class Nothing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body of no fields."""
