"""The ledger of time: entries are added; what is wrong is corrected by another that names it.

Raises InvalidError, NotFoundError, TakenError and RefusedError with the field.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from billing.entries import Entry, Work, check_times, checked_work
from billing.locked import refuse_locked
from billing.ranges import from_ranges, to_ranges
from billing.spans import Span, length, union, whole_seconds
from billing.texts import prose
from billing.words import Source
from care.errors import NotFoundError
from care.patients import find_patient
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "time_log.sql")


class Origin(Struct, frozen=True, kw_only=True):
    """Where an entry comes from."""

    source: Source = Source.BY_HAND
    alert_id: UUID | None = None
    alert_version: int | None = None
    timer_id: UUID | None = None


BY_HAND: Final = Origin()


async def add_entry(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    actor: UUID,
    work: Work,
    spans: Sequence[Span],
    reason: str = "",
    origin: Origin = BY_HAND,
    late_for_locked_month: bool = False,
    now: dt.datetime,
) -> Entry:
    """The actor's own work, in these spans; a span that is none is refused by its end.

    `late_for_locked_month`: it may lie in a month that is locked, with a reason.
    """
    why = prose("reason", reason)
    typed = checked_work(work)
    # A span that is none would not be there any more in the length of all.
    counted = length(spans) if len(spans) > 1 else None
    check_times(spans[0][0], spans[-1][1], reason=why, now=now, counted=counted)
    await find_patient(conn, organisation_id, patient_id)
    await refuse_locked(
        conn, organisation_id, spans[0][0], spans[-1][1], late=late_for_locked_month, reason=why
    )
    staff = await conn.fetchrow(QUERIES["staff"], organisation_id, actor)
    if staff is None:
        raise NotFoundError("staff", "there is no such person")
    episode = await conn.fetchrow(QUERIES["episode"], organisation_id, patient_id, spans[0][0])
    made = await insert(
        conn,
        {
            "organisation_id": organisation_id,
            "patient_id": patient_id,
            "user_id": actor,
            **dict(staff),
            "programme": episode["programme"] if episode else None,
            "episode_id": episode["episode_id"] if episode else None,
            **work_of(typed),
            **times_of(spans),
            "source": origin.source,
            "alert_id": origin.alert_id,
            "alert_version": origin.alert_version,
            "timer_id": origin.timer_id,
            "recorded_at": now,
            "recorded_by": actor,
            "reason": why,
        },
    )
    assert made is not None  # noqa: S101 - callers look for what would be in the way
    return await find_entry(conn, organisation_id, made)


async def find_entry(conn: Connection, organisation_id: UUID, entry_id: UUID) -> Entry:
    record = await conn.fetchrow(QUERIES["one"], organisation_id, entry_id)
    if record is None:
        raise NotFoundError("entry", "there is no such entry")
    return entry_of(dict(record))


class Asked(Struct, frozen=True, kw_only=True):
    """Which entries; None: any."""

    patient: UUID | None = None
    staff: UUID | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    """By their start, before this."""
    replaced: bool = False
    """Also those that a correction stands in place of, and withdrawn ones."""


async def list_entries(
    conn: Connection,
    organisation_id: UUID,
    asked: Asked,
    *,
    after: tuple[dt.datetime | None, UUID | None] = (None, None),
    most: int,
) -> list[Entry]:
    """The latest first."""
    records = await conn.fetch(
        QUERIES["page"], organisation_id, asked.patient, asked.staff, asked.since, asked.until,
        asked.replaced, *after, most,
    )  # fmt: skip
    return [entry_of(dict(record)) for record in records]


async def list_beside(
    conn: Connection, organisation_id: UUID, entries: Sequence[Entry]
) -> list[Entry]:
    """Other entries that may share time with any of these, and have to do with it."""
    counting = [each for each in entries if each.counts]
    if not counting:
        return []
    records = await conn.fetch(
        QUERIES["beside"],
        organisation_id,
        [each.id for each in counting],
        list({each.user_id for each in counting}),
        list({each.patient_id for each in counting}),
        min(each.started_at for each in counting),
        max(each.ended_at for each in counting),
    )
    return [entry_of(dict(record)) for record in records]


async def history(conn: Connection, organisation_id: UUID, entry_id: UUID) -> list[Entry]:
    """All rows that stood in this place, the oldest first. Raises NotFoundError."""
    records = await conn.fetch(QUERIES["history"], organisation_id, entry_id)
    if not records:
        raise NotFoundError("entry", "there is no such entry")
    return [entry_of(dict(record)) for record in records]


async def staff_of_log(conn: Connection, organisation_id: UUID) -> list[tuple[UUID, str]]:
    """Everybody whose work is in the log, by name."""
    records = await conn.fetch(QUERIES["staff_of_log"], organisation_id)
    return sorted(((row["user_id"], row["staff_name"]) for row in records), key=lambda one: one[1])


COLUMNS: Final = (
    "organisation_id", "patient_id", "user_id", "staff_name", "credential", "role", "service",
    "programme", "episode_id", "activity", "mode", "with_whom", "note", "started_at", "ended_at",
    "spans", "seconds", "source", "alert_id", "alert_version", "timer_id", "recorded_at",
    "recorded_by", "corrects", "reason", "withdrawn",
)  # fmt: skip


async def insert(conn: Connection, row: dict[str, Any]) -> UUID | None:
    """None where another row stands in the way: a correction, the minutes of an alert, a timer."""
    full = {"corrects": None, "withdrawn": False, **row}
    made: UUID | None = await conn.fetchval(QUERIES["add"], *(full[name] for name in COLUMNS))
    return made


def work_of(work: Work) -> dict[str, Any]:
    return {name: getattr(work, name) for name in Work.__struct_fields__}


def times_of(spans: Sequence[Span]) -> dict[str, Any]:
    whole = union(spans)
    return {
        "started_at": whole[0][0],
        "ended_at": whole[-1][1],
        "spans": to_ranges(whole),
        "seconds": whole_seconds(whole),
    }


def entry_of(record: dict[str, Any]) -> Entry:
    """By name: a column of a newer schema is none of ours."""
    known = {name: value for name, value in record.items() if name in Entry.__struct_fields__}
    known["spans"] = from_ranges(record["spans"])
    known["source"] = Source(record["source"])
    return Entry(**known)
