"""A patient's plan: a programme with overrides, in versions that follow each other without overlap.

One that begins before a version that is still to begin holds until that one begins.
Each version says who set it, when and why; what it said is kept as it was resolved then.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
from care.errors import FaultsError, InvalidError, NotFoundError, TakenError
from care.faults import Fault
from care.overrides import read_overrides, resolve
from care.programme import Overrides, Plan, Resolved
from care.programmes import find_programme, register
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "plans.sql")

CHANNEL: Final = "hearthbeat_plans"
"""A trigger notifies it of each change, with the patient's id."""

TOLERANCE: Final = dt.timedelta(minutes=5)
"""A form that was open for a while backdates nothing worth asking about."""
AHEAD_MAX: Final = dt.timedelta(days=366)
EARLIEST: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""No reading is older; looking back from the calendar's first day would fall off it."""


class PlanVersion(Plan, frozen=True, kw_only=True):
    """A plan with who made it so, when and why."""

    reason: str
    created_by: UUID | None
    """None: somebody at the clinic's own machine, by a command."""
    username: str | None
    created_at: dt.datetime
    ended_by: UUID | None
    end_reason: str | None
    """Of a plan that ended without another one after it."""
    withdrawn_at: dt.datetime | None
    """Of one that was withdrawn before it began: it never is in force."""
    withdrawn_by: UUID | None
    withdrawn_username: str | None
    withdraw_reason: str | None


class PlanSet(Struct, frozen=True, kw_only=True):
    plan: PlanVersion
    changed: bool
    """False: it said just this already."""


async def set_plan(  # noqa: PLR0913 - a version's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    programme: str,
    overrides: Overrides | Mapping[str, Any],
    effective_from: dt.datetime,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
    version: int | None = None,
    allow_backdate: bool = False,
) -> PlanSet:
    """A new version from `effective_from` on; the one before ends there.

    It holds until the next one begins that was set to begin later, which stays as it was.

    `version` is the programme's: the newest by default. Raises FaultsError for overrides that
    cannot be, InvalidError, NotFoundError, TakenError: then the running plan stays as it was.
    """
    why = fields.text("reason", reason)
    wanted = overrides if isinstance(overrides, Overrides) else _read(overrides)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        known = await find_programme(conn, programme, version)
        resolved = _resolved(known.programme, wanted)
        versions = await list_plans(conn, organisation_id, patient_id)
        held = in_force(versions, at=effective_from)
        before, after = neighbours(versions, effective_from)
        if held is not None and _same(held, after, known.key, wanted, now=now):
            return PlanSet(plan=held, changed=False)
        check_start(effective_from, versions, now=now, allow_backdate=allow_backdate)
        if known.registered_at is None:
            await register(conn, known.programme)
        if before is not None and before.end_reason is None:
            await conn.execute(QUERIES["close"], before.id, effective_from)
        number = versions[0].version + 1 if versions else 1
        until = None if after is None else after.effective_from
        await conn.execute(
            QUERIES["add"], organisation_id, patient_id, number, effective_from, until, *known.key,
            _json(wanted), _json(resolved), why, actor, now,
        )  # fmt: skip
        (made,) = await list_plans(conn, organisation_id, patient_id, most=1)
        await note_change(
            conn, organisation_id, patient_id, "plan set", actor=actor, now=now, reason=why,
            version=made.version, programme=f"{programme} {known.programme.version}",
            effective_from=effective_from, effective_to=until,
        )  # fmt: skip
        if effective_from < now:
            await _evaluate_since(conn, effective_from, made, before)
        return PlanSet(plan=made, changed=True)


async def end_plan(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    at: dt.datetime,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
    allow_backdate: bool = False,
) -> PlanVersion:
    """From `at` on nothing is expected of the patient, and no rule looks at readings."""
    why = fields.text("reason", reason)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        versions = standing(await list_plans(conn, organisation_id, patient_id))
        last = versions[-1] if versions else None
        if last is None or last.effective_to is not None:
            raise NotFoundError("plan", "there is none in force that could end")
        if at <= last.effective_from:
            said = last.effective_from.isoformat(timespec="seconds")
            raise InvalidError("at", f"must be after the plan's start, {said}")
        _not_long_ago("at", at, now=now, allowed=allow_backdate)
        await conn.execute(QUERIES["end"], last.id, at, actor, why)
        await note_change(
            conn, organisation_id, patient_id, "plan ended", actor=actor, now=now, reason=why,
            version=last.version, at=at,
        )  # fmt: skip
        if at < now:
            await _evaluate_since(conn, at, last)
        found = await list_plans(conn, organisation_id, patient_id)
        return next(each for each in found if each.id == last.id)


async def list_plans(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, most: int | None = None
) -> list[PlanVersion]:
    """A patient's versions, the one that was made last first; withdrawn ones are among them."""
    records = await conn.fetch(QUERIES["history"], organisation_id, patient_id, most)
    return [plan_of(PlanVersion, dict(record)) for record in records]


async def own_programme(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, at: dt.datetime
) -> str | None:
    """Of the version that `own_version` finds."""
    found = await own_version(conn, organisation_id, patient_id, at=at)
    return None if found is None else found.programme


async def own_version(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, at: dt.datetime
) -> PlanVersion | None:
    """The version that began last by then, or else the first to begin."""
    versions = standing(await list_plans(conn, organisation_id, patient_id))
    begun = [each for each in versions if each.effective_from <= at]
    found = begun[-1:] or versions[:1]
    return found[0] if found else None


def standing(versions: Iterable[PlanVersion]) -> list[PlanVersion]:
    """Those that were not withdrawn, in the order in which they begin."""
    return sorted(
        (each for each in versions if each.withdrawn_at is None),
        key=lambda each: each.effective_from,
    )


def neighbours(
    versions: Iterable[PlanVersion], at: dt.datetime
) -> tuple[PlanVersion | None, PlanVersion | None]:
    """The last that begins before an instant, and the first that begins after it."""
    found = standing(versions)
    before = [each for each in found if each.effective_from < at]
    after = [each for each in found if each.effective_from > at]
    return (before[-1] if before else None), (after[0] if after else None)


def in_force(versions: Iterable[PlanVersion], *, at: dt.datetime) -> PlanVersion | None:
    """The one that holds at an instant, which counts to the version that begins there."""
    return next((each for each in versions if each.withdrawn_at is None and holds(each, at)), None)


def holds(plan: Plan, at: dt.datetime) -> bool:
    return plan.effective_from <= at and (plan.effective_to is None or at < plan.effective_to)


def check_start(
    effective_from: dt.datetime,
    versions: Sequence[PlanVersion],
    *,
    now: dt.datetime,
    allow_backdate: bool,
) -> None:
    """Whether a version may begin there. Raises TakenError for overlap, InvalidError else.

    What has begun is history: only between versions that have not begun is there room.
    """
    _not_taken(effective_from, standing(versions), now=now)
    if effective_from < EARLIEST:
        raise InvalidError("effective_from", f"lies before {EARLIEST:%Y}")
    if effective_from > now + AHEAD_MAX:
        raise InvalidError("effective_from", f"lies more than {AHEAD_MAX.days} days ahead")
    _not_long_ago("effective_from", effective_from, now=now, allowed=allow_backdate)


def _not_taken(
    effective_from: dt.datetime, versions: Sequence[PlanVersion], *, now: dt.datetime
) -> None:
    for each in reversed(versions):
        said = each.effective_from.isoformat(timespec="seconds")
        if each.effective_from <= now and effective_from <= each.effective_from:
            raise TakenError(
                "effective_from", f"version {each.version} begins at {said}: begin after that"
            )
        if effective_from == each.effective_from:
            raise TakenError(
                "effective_from",
                f"version {each.version} begins at {said}: withdraw it, or begin before or after",
            )
        if each.end_reason and each.effective_to and holds(each, effective_from):
            said = each.effective_to.isoformat(timespec="seconds")
            raise TakenError(
                "effective_from", f"version {each.version} holds until {said}: begin then or later"
            )


def plan_of(kind: type[Any], record: Mapping[str, Any]) -> Any:
    """A Plan, or a PlanVersion, from a row with its JSON as text."""
    values = dict(record)
    resolved = msgspec.json.decode(values.pop("resolved"), type=Resolved)
    overrides = msgspec.json.decode(values.pop("overrides"), type=Overrides)
    parts = {name: getattr(resolved, name) for name in Resolved.__struct_fields__}
    return kind(**values, **parts, overrides=overrides)


def _not_long_ago(field: str, at: dt.datetime, *, now: dt.datetime, allowed: bool) -> None:
    if at < now - TOLERANCE and not allowed:
        raise InvalidError(
            field, "lies in the past: alerts since then would be judged anew; say so to mean it"
        )


def _read(data: Mapping[str, Any]) -> Overrides:
    try:
        return read_overrides(data)
    except FaultsError as error:
        raise _within(error) from None


def _resolved(programme: Any, overrides: Overrides) -> Resolved:
    try:
        return resolve(programme, overrides)
    except FaultsError as error:
        raise _within(error) from None


def _within(error: FaultsError) -> FaultsError:
    """Faults of the overrides as faults of what was asked."""
    return FaultsError(
        [Fault(path=("overrides", *fault.path), message=fault.message) for fault in error.faults]
    )


def _same(
    held: PlanVersion,
    after: PlanVersion | None,
    key: tuple[str, int],
    overrides: Overrides,
    *,
    now: dt.datetime,
) -> bool:
    """Whether the version that holds then says this already, for as long as a new one would."""
    return (
        held.end_reason is None
        and (after is None or after.effective_from > now)
        and (held.programme, held.programme_version) == key
        and held.overrides == overrides
    )


async def _evaluate_since(conn: Connection, at: dt.datetime, *plans: Plan | None) -> None:
    first = next(plan for plan in plans if plan is not None)
    kinds = sorted({rule.kind for plan in plans if plan is not None for rule in plan.rules})
    await conn.execute(
        QUERIES["evaluate_since"], first.organisation_id, first.patient_id, at, kinds
    )


def _json(value: Struct) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
