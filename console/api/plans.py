"""A patient's limits: the plan in force, every version before it, and setting a new one."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from care.errors import InvalidError
from care.plan_withdrawal import withdraw_plan
from care.plans import PlanVersion, end_plan, in_force, list_plans, own_programme, set_plan
from care.programme import Ladder, Measure, Overrides, Silence, WorkingHours
from care.rules import Rule
from console.access import SELF
from console.api.asked import asked
from console.api.patient_in_path import patient_in_path
from console.parts import CALLER, PARTS
from console.replies import reply
from store.pool import Connection
from vitals.reading import AwareTime

LIMITS_BYTES_MAX: Final = 64 * 1024


class PlanAnswer(Struct, frozen=True, kw_only=True):
    id: UUID
    """Of the plan version: what an alert names."""
    version: int
    programme: str
    programme_version: int
    effective_from: dt.datetime
    effective_to: dt.datetime | None
    overrides: Overrides
    measures: tuple[Measure, ...]
    rules: tuple[Rule, ...]
    ladders: tuple[Ladder, ...]
    hours: WorkingHours
    silence: Silence
    reason: str
    set_by: str | None
    """The user name; none for a command at the clinic's own machine."""
    set_at: dt.datetime
    end_reason: str | None
    withdrawn_at: dt.datetime | None
    """It never was in force, and never is."""
    withdrawn_by: str | None
    withdraw_reason: str | None


class LimitsAnswer(Struct, frozen=True, kw_only=True):
    plan: PlanAnswer | None
    """What holds now."""
    history: list[PlanAnswer]
    """Every version, the last made first, also of those to come and withdrawn. Not for patients."""


class NewLimits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    programme: str | None = None
    """The patient's own by default."""
    version: int | None = None
    """Of the programme: the newest by default."""
    overrides: dict[str, Any] = {}
    """All that differs for this patient, in place of what did before: see docs/programmes.md."""
    effective_from: AwareTime | None = None
    """Now by default."""
    backdate: bool = False
    """`effective_from` lies in the past, and is meant to."""
    reason: str


class EndedLimits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at: AwareTime | None = None
    """Now by default."""
    reason: str


class WithdrawnLimits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int | None = None
    """Of the plan; the only one that has not begun by default."""
    reason: str


async def get_limits(request: web.Request) -> web.Response:
    """Patients see what holds for them, without the clinic's remarks."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
        return reply(
            await _limits(
                conn,
                caller.organisation_id,
                patient_id,
                now=parts.clock(),
                of_self=caller.role in SELF,
            )
        )


async def put_limits(request: web.Request) -> web.Response:
    """A new version; the answer is as that of GET. Saying the same again changes nothing."""
    async with asked(request, NewLimits, bytes_max=LIMITS_BYTES_MAX) as it:
        starts = it.typed.effective_from or it.now
        programme = it.typed.programme or await _programme_of(
            it.conn, it.organisation_id, it.patient_id, at=starts
        )
        await set_plan(
            it.conn,
            it.organisation_id,
            it.patient_id,
            programme=programme,
            version=it.typed.version,
            overrides=it.typed.overrides,
            effective_from=starts,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
            allow_backdate=it.typed.backdate,
        )
        return reply(await _limits(it.conn, it.organisation_id, it.patient_id, now=it.now))


async def end_limits(request: web.Request) -> web.Response:
    """From then on nothing is expected of the patient, and no rule looks at readings."""
    async with asked(request, EndedLimits) as it:
        await end_plan(
            it.conn,
            it.organisation_id,
            it.patient_id,
            at=it.typed.at or it.now,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
        return reply(await _limits(it.conn, it.organisation_id, it.patient_id, now=it.now))


async def withdraw_limits(request: web.Request) -> web.Response:
    """A version that has not begun never will; the one before it holds on."""
    async with asked(request, WithdrawnLimits) as it:
        await withdraw_plan(
            it.conn,
            it.organisation_id,
            it.patient_id,
            version=it.typed.version,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
        return reply(await _limits(it.conn, it.organisation_id, it.patient_id, now=it.now))


async def _limits(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    now: dt.datetime,
    of_self: bool = False,
) -> LimitsAnswer:
    versions = await list_plans(conn, organisation_id, patient_id)
    holding = in_force(versions, at=now)
    plan = None if holding is None else _answer(holding, of_self=of_self)
    return LimitsAnswer(plan=plan, history=[] if of_self else [_answer(each) for each in versions])


async def _programme_of(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, at: dt.datetime
) -> str:
    found = await own_programme(conn, organisation_id, patient_id, at=at)
    if found is None:
        raise InvalidError("programme", "must be given: the patient has no plan yet")
    return found


def _answer(plan: PlanVersion, *, of_self: bool = False) -> PlanAnswer:
    return PlanAnswer(
        id=plan.id,
        version=plan.version,
        programme=plan.programme,
        programme_version=plan.programme_version,
        effective_from=plan.effective_from,
        effective_to=plan.effective_to,
        overrides=plan.overrides,
        measures=plan.measures,
        rules=plan.rules,
        ladders=plan.ladders,
        hours=plan.hours,
        silence=plan.silence,
        reason="" if of_self else plan.reason,
        set_by=None if of_self else plan.username,
        set_at=plan.created_at,
        end_reason=None if of_self else plan.end_reason,
        withdrawn_at=plan.withdrawn_at,
        withdrawn_by=None if of_self else plan.withdrawn_username,
        withdraw_reason=None if of_self else plan.withdraw_reason,
    )
