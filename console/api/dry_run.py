"""Limits tried on a patient's past, or on that of a few: counts, and episodes to draw."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web
from msgspec import Meta, Struct, field

from alerts.dry_run.limits import Limits, always, of_resolved
from alerts.dry_run.raised import STANDING, Raised
from alerts.dry_run.result import DryRunResult
from alerts.dry_run.stored import Stretch, acted_on, parts, patients_of, refused, stored_batch
from alerts.dry_run.trial import DryRun
from alerts.judging.batch import moment
from care.errors import FaultsError, InvalidError, NotFoundError
from care.faults import Fault
from care.overrides import read_overrides, resolve
from care.plans import in_force, list_plans
from care.programme import Overrides, Plan, Programme, Resolved, Silence, WorkingHours
from care.programmes import find_programme
from care.registry import list_organisations
from care.rules import Lane, Severity
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import reply
from store.pool import Connection
from vitals.kinds import Kind
from vitals.reading import AwareTime

PATIENTS_MOST: Final = 20
DAYS_MOST: Final = 366
READINGS_MOST: Final = 50_000
"""Of all patients together: a second or two of one core, while others wait for theirs."""
EPISODES_MOST: Final = 2_000
BYTES_MAX: Final = 64 * 1024
AT_ONCE: Final = asyncio.Semaphore(1)


class LimitsTrial(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    patients: Annotated[tuple[UUID, ...], Meta(min_length=1)]
    """At most 20."""
    since: AwareTime = field(name="from")
    to: AwareTime | None = None
    """Now by default; at most 366 days after `from`."""
    programme: str | None = None
    """Each patient's own by default."""
    version: int | None = None
    """Of the programme: the newest by default, or that of the patient's own plan."""
    overrides: dict[str, Any] | None = None
    """As in `/patients/{id}/limits`; without them, and without a programme, what holds now."""


class TriedEpisode(Struct, frozen=True, kw_only=True):
    """An alert that would have been, in event time."""

    patient: UUID
    rule: str
    kind: Kind
    severity: Severity
    lane: Lane
    late: bool
    onset_at: dt.datetime
    opened_at: dt.datetime
    """Later than the onset where a value had to be confirmed."""
    cleared_at: dt.datetime | None
    """null: open after the last reading."""


class TrialAnswer(DryRunResult, frozen=True, kw_only=True):
    episodes: list[TriedEpisode]
    """By onset; at most 2,000 of them."""
    more_episodes: int
    """How many were left out."""


async def try_limits(request: web.Request) -> web.Response:
    """Nothing is changed. `against` are the plans that hold now."""
    parts_, caller = request.app[PARTS], request[CALLER]
    typed, now = await read(request, LimitsTrial, bytes_max=BYTES_MAX), parts_.clock()
    async with AT_ONCE, parts_.connection() as conn:
        return reply(await tried(conn, caller.organisation_id, typed, now=now))


async def tried(
    conn: Connection, organisation_id: UUID, typed: LimitsTrial, *, now: dt.datetime
) -> TrialAnswer:
    """Within AT_ONCE: others are served meanwhile."""
    stretch = Stretch(organisation_id=organisation_id, since=typed.since, until=_until(typed, now))
    whose = await _tried(conn, typed, organisation_id, now=now)
    zone = await _zone(conn, organisation_id)
    run = DryRun(_name(typed), zone=zone, now=now, span=stretch.span)
    held_back = await refused(conn, list(whose), stretch)
    counted = [part async for part in parts(conn, list(whose), stretch)]
    total = sum(count for _, count in counted)
    if total > READINGS_MOST:
        raise InvalidError(
            "from", f"{total:,} readings since then; at most {READINGS_MOST:,}: take fewer "
            "patients or a shorter time",
        )  # fmt: skip
    episodes: list[tuple[UUID, Raised]] = []
    for patients, _ in counted:
        found = await _run(conn, run, [whose[patient] for patient in patients], stretch)
        episodes += [(patients[one.chart], one) for one in found]
    result = run.result(
        read=total + sum(held_back.values()), refused=held_back, against="the plans that hold now"
    )
    return _answer(result, episodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patient:
    id: UUID
    plan: Plan
    current: Plan


def _until(typed: LimitsTrial, now: dt.datetime) -> dt.datetime:
    if len(typed.patients) > PATIENTS_MOST:
        raise InvalidError("patients", f"at most {PATIENTS_MOST} at once")
    if len(set(typed.patients)) < len(typed.patients):
        raise InvalidError("patients", "names somebody twice")
    until = typed.to or now
    if until <= typed.since:
        raise InvalidError("to" if typed.to else "from", "`to` must be after `from`")
    if until - typed.since > dt.timedelta(days=DAYS_MOST):
        raise InvalidError("from", f"lies more than {DAYS_MOST} days before `to`")
    if typed.version is not None and typed.programme is None:
        raise InvalidError("version", "of which programme? Name it too")
    return until


def _name(typed: LimitsTrial) -> str:
    base = typed.programme or "each patient's own programme"
    if typed.programme is None and typed.overrides is None:
        return "the plans that hold now"
    return base if typed.overrides is None else f"{base} with overrides"


async def _tried(
    conn: Connection, typed: LimitsTrial, organisation_id: UUID, *, now: dt.datetime
) -> dict[UUID, _Patient]:
    """By patient, in the order of ids. Raises NotFoundError for those of others."""
    known = await patients_of(conn, organisation_id, typed.patients)
    for place, patient in enumerate(typed.patients):
        if patient not in known:
            raise NotFoundError(f"patients/{place}", "there is no such patient")
    overrides = None if typed.overrides is None else _overrides(typed.overrides)
    named = None
    if typed.programme is not None:
        named = (await find_programme(conn, typed.programme, typed.version)).programme
    return {
        patient: await _of(conn, organisation_id, patient, named, overrides, now=now)
        for patient in known
    }


async def _of(
    conn: Connection,
    organisation_id: UUID,
    patient: UUID,
    named: Programme | None,
    overrides: Overrides | None,
    *,
    now: dt.datetime,
) -> _Patient:
    holding = in_force(await list_plans(conn, organisation_id, patient), at=now)
    current = _NOTHING if holding is None else of_resolved(holding, name="now")
    tried = current
    if named is not None or overrides is not None:
        programme = named
        if programme is None:
            if holding is None:
                raise InvalidError("programme", "must be given: a patient here has no plan")
            known = await find_programme(conn, holding.programme, holding.programme_version)
            programme = known.programme
        tried = of_resolved(_resolved(programme, overrides or Overrides()), name="tried")
    elif holding is None:
        raise InvalidError("programme", "must be given: a patient here has no plan")
    return _Patient(id=patient, plan=always(tried), current=always(current))


_NOTHING: Final = Limits(name="none", rules=(), ladders=(), hours=WorkingHours(), silence=Silence())


def _overrides(data: dict[str, Any]) -> Overrides:
    try:
        return read_overrides(data)
    except FaultsError as error:
        raise _within_overrides(error) from None


def _resolved(programme: Programme, overrides: Overrides) -> Resolved:
    try:
        return resolve(programme, overrides)
    except FaultsError as error:
        raise _within_overrides(error) from None


def _within_overrides(error: FaultsError) -> FaultsError:
    return FaultsError(
        [Fault(path=("overrides", *fault.path), message=fault.message) for fault in error.faults]
    )


async def _zone(conn: Connection, organisation_id: UUID) -> ZoneInfo:
    found = {each.id: each.time_zone for each in await list_organisations(conn)}
    return ZoneInfo(found[organisation_id])


async def _run(
    conn: Connection, run: DryRun, some: Sequence[_Patient], stretch: Stretch
) -> list[Raised]:
    patients = [each.id for each in some]
    batch = await stored_batch(conn, patients, [each.plan for each in some], stretch)
    past = await acted_on(conn, patients, stretch)
    against = [each.current for each in some]
    # Not on the loop: others are served meanwhile.
    return await asyncio.to_thread(run.add, batch, against=against, past=past)


def _answer(result: DryRunResult, episodes: list[tuple[UUID, Raised]]) -> TrialAnswer:
    ordered = sorted(episodes, key=lambda each: (each[1].onset, each[0].int, each[1].rule))
    return TrialAnswer(
        **{name: getattr(result, name) for name in DryRunResult.__struct_fields__},
        episodes=[_shown(patient, one) for patient, one in ordered[:EPISODES_MOST]],
        more_episodes=max(0, len(ordered) - EPISODES_MOST),
    )


def _shown(patient: UUID, one: Raised) -> TriedEpisode:
    return TriedEpisode(
        patient=patient,
        rule=one.rule,
        kind=one.kind,
        severity=one.severity,
        lane=one.lane,
        late=one.late,
        onset_at=moment(one.onset),
        opened_at=moment(one.opened),
        cleared_at=None if one.end == STANDING else moment(one.end),
    )
