"""In which service a patient is enrolled for billing, by whom, and what has to be shown for it."""

import datetime as dt
import re
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from billing.eligibility.facts import Pause
from billing.parties import checks
from billing.parties.practitioners import find_practitioner
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError
from care.fields import one_of, text
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "parties.sql")
SERVICE: Final = re.compile(r"[a-z][a-z0-9]{1,15}")
MONITORING: Final = ("rpm", "rtm")
RTM_KINDS: Final = ("respiratory", "musculoskeletal", "cognitive_behavioural")


class Terms(Struct, frozen=True, kw_only=True):
    """What is said of an enrolment."""

    practitioner_id: UUID | None = None
    starts_on: dt.date
    established_on: dt.date | None = None
    established_by: str | None = None
    taught_on: dt.date | None = None
    taught_by: str | None = None
    rtm_kind: str = ""
    pauses: tuple[Pause, ...] = ()


class Enrolment(Struct, frozen=True, kw_only=True):
    id: UUID
    service: str
    episode_id: UUID | None
    practitioner: str | None
    """Their name."""
    terms: Terms
    ends_on: dt.date | None
    end_reason: str | None


async def list_enrolments(
    conn: Connection, organisation_id: UUID, patient_id: UUID
) -> list[Enrolment]:
    """Those that go on first."""
    rows = await conn.fetch(QUERIES["enrolments"], organisation_id, patient_id)
    return [
        Enrolment(
            id=row["id"],
            service=row["service"],
            episode_id=row["episode_id"],
            practitioner=row["practitioner"],
            terms=Terms(
                **{name: row[name] for name in _PLAIN},
                pauses=msgspec.json.decode(row["pauses"], type=tuple[Pause, ...]),
            ),
            ends_on=row["ends_on"],
            end_reason=row["end_reason"],
        )
        for row in rows
    ]


_PLAIN: Final = (
    "practitioner_id", "starts_on", "established_on", "established_by", "taught_on", "taught_by",
    "rtm_kind",
)  # fmt: skip


async def find_enrolment(
    conn: Connection, organisation_id: UUID, patient_id: UUID, enrolment_id: UUID
) -> Enrolment:
    rows = await list_enrolments(conn, organisation_id, patient_id)
    found = next((each for each in rows if each.id == enrolment_id), None)
    if found is None:
        raise NotFoundError("enrolment", "there is no such enrolment of this patient")
    return found


async def add_enrolment(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    service: str,
    terms: Terms,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> Enrolment:
    """Bound to the episode of care that the day lies in. One of a service at a time."""
    if SERVICE.fullmatch(service) is None:
        raise InvalidError("service", "is rpm, rtm, ccm or another short name")
    kept = await _checked(conn, organisation_id, service, terms)
    await lock_patient(conn, organisation_id, patient_id)
    await _alone(conn, organisation_id, patient_id, service, kept, None)
    episode = await conn.fetchval(
        QUERIES["episode at"], organisation_id, patient_id, kept.starts_on
    )
    made = await conn.fetchval(
        QUERIES["add enrolment"], organisation_id, patient_id,
        episode if service in MONITORING else None, service, kept.practitioner_id, kept.starts_on,
        *_rest(kept), actor, now,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "enrolled for billing", actor=actor, now=now,
        service=service, starts_on=kept.starts_on,
    )  # fmt: skip
    return await find_enrolment(conn, organisation_id, patient_id, made)


async def change_enrolment(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    enrolment_id: UUID,
    terms: Terms,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> Enrolment:
    await lock_patient(conn, organisation_id, patient_id)
    found = await find_enrolment(conn, organisation_id, patient_id, enrolment_id)
    kept = await _checked(conn, organisation_id, found.service, terms)
    checks.span(kept.starts_on, found.ends_on, "starts_on")
    await _alone(conn, organisation_id, patient_id, found.service, kept, found)
    episode = await conn.fetchval(
        QUERIES["episode at"], organisation_id, patient_id, kept.starts_on
    )
    await conn.execute(
        QUERIES["change enrolment"], organisation_id, patient_id, enrolment_id,
        (episode or found.episode_id) if found.service in MONITORING else None,
        kept.practitioner_id, kept.starts_on, *_rest(kept), actor, now,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "billing enrolment changed", actor=actor, now=now,
        service=found.service,
    )  # fmt: skip
    return await find_enrolment(conn, organisation_id, patient_id, enrolment_id)


async def end_enrolment(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    enrolment_id: UUID,
    *,
    ends_on: dt.date,
    reason: str,
    actor: UUID | None,
    now: dt.datetime,
) -> Enrolment:
    """Its last day; device periods are judged on what they have by then (W-4)."""
    why = text("end_reason", reason)
    await lock_patient(conn, organisation_id, patient_id)
    found = await find_enrolment(conn, organisation_id, patient_id, enrolment_id)
    if found.ends_on is not None:
        raise InvalidError("ends_on", "it has ended already")
    checks.day("ends_on", ends_on)
    checks.span(found.terms.starts_on, ends_on, "ends_on")
    await conn.execute(
        QUERIES["end enrolment"], organisation_id, patient_id, enrolment_id, ends_on, why, actor,
        now,
    )  # fmt: skip
    await note_change(
        conn, organisation_id, patient_id, "billing enrolment ended", actor=actor, now=now,
        reason=why, service=found.service, ends_on=ends_on,
    )  # fmt: skip
    return await find_enrolment(conn, organisation_id, patient_id, enrolment_id)


async def _checked(conn: Connection, organisation_id: UUID, service: str, typed: Terms) -> Terms:
    checks.day("starts_on", typed.starts_on)
    established_by = checks.named("established_by", typed.established_by)
    taught_by = checks.named("taught_by", typed.taught_by)
    _both("established", typed.established_on, established_by)
    _both("taught", typed.taught_on, taught_by)
    if service == "rtm":
        one_of("rtm_kind", typed.rtm_kind, RTM_KINDS)
    elif typed.rtm_kind:
        raise InvalidError("rtm_kind", "belongs to therapeutic monitoring only")
    if typed.practitioner_id is not None:
        await find_practitioner(conn, organisation_id, typed.practitioner_id)
    for pause in typed.pauses:
        checks.span(pause.first, pause.last, "pauses")
    return msgspec.structs.replace(typed, established_by=established_by, taught_by=taught_by)


def _both(name: str, on: dt.date | None, by: str | None) -> None:
    if on is not None:
        checks.day(f"{name}_on", on)
    if on is None and by is not None:
        raise InvalidError(f"{name}_on", "is needed: when was it?")
    if on is not None and by is None:
        raise InvalidError(f"{name}_by", "is needed: who was it?")


async def _alone(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    service: str,
    terms: Terms,
    own: Enrolment | None,
) -> None:
    """E-4: one at a time."""
    for other in await list_enrolments(conn, organisation_id, patient_id):
        if other.service != service or (own is not None and other.id == own.id):
            continue
        over = other.ends_on is not None and other.ends_on < terms.starts_on
        before = (
            own is not None and own.ends_on is not None and (own.ends_on < other.terms.starts_on)
        )
        if not over and not before:
            raise InvalidError(
                "starts_on",
                f"the patient is enrolled in this service since {other.terms.starts_on}: end that "
                "first",
            )


def _rest(terms: Terms) -> tuple[object, ...]:
    pauses = msgspec.json.encode(terms.pauses).decode()
    return (
        terms.established_on, terms.established_by, terms.taught_on, terms.taught_by,
        terms.rtm_kind, pauses,
    )  # fmt: skip
