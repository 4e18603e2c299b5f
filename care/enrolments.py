"""Enrolling a patient, step by step: what is chosen is kept, and nothing begins before consent."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
from care.consents import monitored_from
from care.episodes import Episode, list_episodes, start_episode
from care.errors import InvalidError, NotFoundError
from care.overrides import read_overrides, resolve
from care.patients import find_patient
from care.plans import AHEAD_MAX, in_force, list_plans, set_plan
from care.programme import Overrides
from care.programmes import find_programme
from care.wall_clock import beginning
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "enrolments.sql")
BEGINS: Final = "enrolled"
"""Why a plan was set where nobody changed anything in the programme's limits."""


class Enrolment(Struct, frozen=True, kw_only=True):
    """How far it has come, and what was chosen meanwhile."""

    patient_id: UUID
    programme: str | None
    programme_version: int | None
    overrides: Overrides
    reason: str
    """Why the limits differ from the programme's."""
    starts_on: dt.date | None
    """A day where the patient lives; None: as soon as there is consent."""
    gateway_id: str | None
    started_by: UUID | None
    started_at: dt.datetime
    finished_at: dt.datetime | None


class Unfinished(Struct, frozen=True, kw_only=True):
    """A patient whose enrolment somebody has still to go on with."""

    patient_id: UUID
    mrn: str
    given_name: str
    family_name: str
    started_at: dt.datetime
    started_by: str | None


async def begin_enrolment(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, actor: UUID | None,
    now: dt.datetime,
) -> Enrolment:  # fmt: skip
    """Or the one that is under way; one that was finished begins anew, with nothing chosen."""
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        await conn.execute(QUERIES["begin"], patient_id, organisation_id, actor, now)
        return await find_enrolment(conn, organisation_id, patient_id)


async def find_enrolment(conn: Connection, organisation_id: UUID, patient_id: UUID) -> Enrolment:
    """Raises NotFoundError for a patient who was never enrolled step by step."""
    record = await conn.fetchrow(QUERIES["one"], organisation_id, patient_id)
    if record is None:
        raise NotFoundError("enrolment", "this patient's enrolment has not been begun here")
    values = {**record, "overrides": msgspec.json.decode(record["overrides"], type=Overrides)}
    return Enrolment(**values)


async def list_unfinished(conn: Connection, organisation_id: UUID) -> list[Unfinished]:
    """The one that was begun last first."""
    records = await conn.fetch(QUERIES["unfinished"], organisation_id)
    return [Unfinished(**record) for record in records]


async def choose_programme(  # noqa: PLR0913 - what is chosen, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    programme: str,
    version: int | None = None,
    overrides: Mapping[str, Any],
    reason: str = "",
    starts_on: dt.date | None = None,
    now: dt.datetime,
) -> Enrolment:
    """Kept until there is consent. Raises FaultsError for changes that cannot be, InvalidError."""
    known = await find_programme(conn, programme, version)
    wanted = read_overrides(overrides)
    resolve(known.programme, wanted)
    why = fields.text("reason", reason, needed=wanted != Overrides())
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        if await _running(conn, organisation_id, patient_id, now=now) is not None:
            raise InvalidError("programme", "monitoring has begun: change the limits in the chart")
        patient = await find_patient(conn, organisation_id, patient_id)
        _not_far("starts_on", starts_on, ZoneInfo(patient.time_zone), now=now)
        await conn.execute(
            QUERIES["choose"], organisation_id, patient_id, *known.key,
            msgspec.json.encode(wanted, order="deterministic").decode(), why, starts_on,
        )  # fmt: skip
        return await find_enrolment(conn, organisation_id, patient_id)


async def choose_gateway(
    conn: Connection, organisation_id: UUID, patient_id: UUID, gateway_id: str
) -> Enrolment:
    """The hub of this home; the patient's devices are heard by it from now on. Raises NotFoundError
    for one that is not there, or shut out.
    """
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        done = await conn.fetchval(
            QUERIES["choose_gateway"], organisation_id, patient_id, gateway_id
        )
        if done is None:
            raise NotFoundError("gateway", f"there is no gateway {gateway_id!r} in use")
        await conn.execute(QUERIES["move_devices"], organisation_id, patient_id, gateway_id)
        return await find_enrolment(conn, organisation_id, patient_id)


async def begin_monitoring(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, actor: UUID | None,
    now: dt.datetime,
) -> Episode:  # fmt: skip
    """The episode and its plan, from what was chosen. Doing it again changes nothing.

    Raises InvalidError for `consent` where none to monitoring holds: nobody is monitored before.
    """
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        running = await _running(conn, organisation_id, patient_id, now=now)
        if running is not None:
            return running
        chosen = await find_enrolment(conn, organisation_id, patient_id)
        if chosen.programme is None:
            raise InvalidError("programme", "must be chosen first")
        if await monitored_from(conn, organisation_id, patient_id, at=now) is None:
            raise InvalidError("consent", "to monitoring must be recorded first")
        patient = await find_patient(conn, organisation_id, patient_id)
        starts = starting(chosen.starts_on, ZoneInfo(patient.time_zone), now=now)
        made = await start_episode(
            conn, organisation_id, patient_id, programme=chosen.programme, starts_at=starts,
            reason=BEGINS, actor=actor, now=now,
        )  # fmt: skip
        # A plan that was set before, by command or in the chart, is somebody's decision.
        if in_force(await list_plans(conn, organisation_id, patient_id), at=starts) is None:
            await set_plan(
                conn, organisation_id, patient_id, programme=chosen.programme,
                version=chosen.programme_version, overrides=chosen.overrides,
                effective_from=starts, reason=chosen.reason or BEGINS, actor=actor, now=now,
            )  # fmt: skip
        return made


async def begin_when_ready(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, actor: UUID | None,
    now: dt.datetime,
) -> Episode | None:  # fmt: skip
    """As `begin_monitoring`, once a programme is chosen and consent holds; None before that."""
    chosen = await find_enrolment(conn, organisation_id, patient_id)
    consent = await monitored_from(conn, organisation_id, patient_id, at=now)
    if chosen.programme is None or consent is None:
        return None
    return await begin_monitoring(conn, organisation_id, patient_id, actor=actor, now=now)


async def finish_enrolment(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, actor: UUID | None,
    now: dt.datetime,
) -> Enrolment:  # fmt: skip
    """Nothing is left to do. Raises InvalidError where monitoring has not begun."""
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        found = await find_enrolment(conn, organisation_id, patient_id)
        if found.finished_at is not None:
            return found
        if await _running(conn, organisation_id, patient_id, now=now) is None:
            raise InvalidError("consent", "monitoring has not begun: consent is missing")
        await conn.execute(QUERIES["finish"], organisation_id, patient_id, actor, now)
        await note_change(
            conn, organisation_id, patient_id, "enrolment finished", actor=actor, now=now
        )
        return await find_enrolment(conn, organisation_id, patient_id)


def starting(day: dt.date | None, zone: ZoneInfo, *, now: dt.datetime) -> dt.datetime:
    """When monitoring begins: as that day does where the patient lives, but never in the past."""
    return now if day is None else max(now, beginning(day, zone))


async def running_episode(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, now: dt.datetime
) -> Episode | None:
    """One that goes on, or is set to begin."""
    return await _running(conn, organisation_id, patient_id, now=now)


async def _running(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, now: dt.datetime
) -> Episode | None:
    found = await list_episodes(conn, organisation_id, patient_id)
    return next((each for each in found if each.ends_at is None or each.ends_at > now), None)


def _not_far(field: str, day: dt.date | None, zone: ZoneInfo, *, now: dt.datetime) -> None:
    if day is None:
        return
    if day < now.astimezone(zone).date():
        raise InvalidError(field, "lies in the past where the patient lives")
    # A plan may not begin later; the day's own length is left as room.
    if day > (now + AHEAD_MAX - dt.timedelta(days=2)).date():
        raise InvalidError(field, "lies more than a year ahead")
