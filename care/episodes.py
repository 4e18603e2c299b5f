"""Stretches of time in which a patient is monitored in a programme."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError, TakenError
from care.plan_withdrawal import withdraw_plan
from care.plans import end_plan, list_plans, standing
from care.programmes import find_programme
from care.spans import ends_after, has_been, meets
from store.pool import Connection
from store.queries import load
from store.schema import EPISODE_ENDS

QUERIES: Final = load("care", "episodes.sql")


class Episode(Struct, frozen=True, kw_only=True):
    id: UUID
    programme: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    start_reason: str
    end_reason: str | None
    end_note: str | None
    created_by: UUID | None
    created_at: dt.datetime


async def start_episode(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    programme: str,
    starts_at: dt.datetime,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Episode:
    """Raises TakenError where the patient is in that programme then already.

    An episode sets no plan: which limits hold is said by a person.
    """
    why = fields.text("reason", reason, needed=False)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        await find_programme(conn, programme)
        for each in await list_episodes(conn, organisation_id, patient_id):
            if each.programme == programme and meets(
                (starts_at, None), (each.starts_at, each.ends_at)
            ):
                said = each.starts_at.isoformat(timespec="seconds")
                raise TakenError("programme", f"there is an episode of it from {said} already")
        record = await conn.fetchrow(
            QUERIES["start"], organisation_id, patient_id, programme, starts_at, why, actor
        )
        assert record is not None  # noqa: S101 - INSERT … RETURNING without ON CONFLICT
        made = Episode(**record)
        await note_change(
            conn, organisation_id, patient_id, "episode started", actor=actor, now=now,
            reason=why, episode=made.id, programme=programme, starts_at=starts_at,
        )  # fmt: skip
        return made


async def end_episode(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    episode_id: UUID,
    *,
    ends_at: dt.datetime,
    reason: str,
    note: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Episode:
    """The plan of its programme ends with it, now: what was measured meanwhile was looked at."""
    fields.one_of("reason", reason, EPISODE_ENDS)
    remark = fields.text("note", note, needed=False)
    has_been("ends_at", ends_at, now=now)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        found = [
            each
            for each in await list_episodes(conn, organisation_id, patient_id)
            if each.id == episode_id
        ]
        if not found:
            raise NotFoundError("episode", f"there is no episode {episode_id} of this patient")
        if found[0].ends_at is not None:
            raise InvalidError("episode", "has ended already")
        ends_after("ends_at", ends_at, found[0].starts_at)
        record = await conn.fetchrow(QUERIES["end"], episode_id, ends_at, reason, remark or None)
        assert record is not None  # noqa: S101 - its row is locked by the patient's
        await note_change(
            conn, organisation_id, patient_id, "episode ended", actor=actor, now=now,
            reason=reason, episode=episode_id, ends_at=ends_at, note=remark,
        )  # fmt: skip
        await _end_its_plan(conn, organisation_id, patient_id, found[0], actor=actor, now=now)
        return Episode(**record)


async def list_episodes(conn: Connection, organisation_id: UUID, patient_id: UUID) -> list[Episode]:
    """Ended ones too, in the order in which they began."""
    records = await conn.fetch(QUERIES["list"], organisation_id, patient_id)
    return [Episode(**record) for record in records]


async def _end_its_plan(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    episode: Episode,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    why = "the episode has ended"
    while plans := standing(await list_plans(conn, organisation_id, patient_id)):
        last = plans[-1]
        if last.effective_to is not None or last.programme != episode.programme:
            return
        if last.effective_from <= now:
            # One that begins in this very instant holds for the shortest time there is.
            at = max(now, last.effective_from + dt.timedelta(microseconds=1))
            await end_plan(
                conn, organisation_id, patient_id, at=at, reason=why, actor=actor, now=now
            )
            return
        await withdraw_plan(
            conn, organisation_id, patient_id, version=last.version, reason=why, actor=actor,
            now=now,
        )  # fmt: skip
