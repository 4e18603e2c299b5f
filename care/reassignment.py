"""Saying whose a reading is: this patient's, another's, nobody's. Undone by saying otherwise.

Both patients are judged anew from the instant of the reading on, in whatever rested on it: alerts,
trends, days. What was known before stays in `attribution_changes`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from care import fields
from care.attribution import Reason, State
from care.changes import note_change
from care.errors import InvalidError, NotFoundError, TakenError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "reassignment.sql")

REASSIGNED: Final = "reassigned"
QUARANTINED: Final = "quarantined"
IN_DOUBT: Final = frozenset({State.AMBIGUOUS.value, QUARANTINED})
ABOUT_WHOM: Final = frozenset({*Reason, "unknown_device", "conflict"})
"""Held back because nobody knew whose it is, or which of two is right: a person can say so. What
was held back for its values, or for the hub that it came from, is not made good by a name."""


class Owned(Struct, frozen=True, kw_only=True):
    """Whose a reading is."""

    attribution: str
    reason: str | None
    patient_id: UUID | None
    local_day: dt.date


def in_doubt(owned: Owned) -> bool:
    """It waits for somebody to say whose it is."""
    return owned.attribution in IN_DOUBT and not is_nobodys(owned)


def is_nobodys(owned: Owned) -> bool:
    """Somebody has said so."""
    return owned.attribution == QUARANTINED and owned.reason == Reason.NOBODYS


def _as_ever(_: Owned) -> bool:
    return True


class ShownReading(Struct, frozen=True, kw_only=True):
    """What a reading is, without what it says: values stay off terminals."""

    id: UUID
    kind: str
    measured_at: dt.datetime
    device: str
    mrn: str | None
    """Whose; None: nobody's."""
    attribution: str
    reason: str | None


class Reassigned(Struct, frozen=True, kw_only=True):
    """What came of it."""

    reading: UUID
    before: Owned
    after: Owned

    @property
    def changed(self) -> bool:
        return self.before != self.after


class AttributionChange(Struct, frozen=True, kw_only=True):
    """One line of a reading's history."""

    at: dt.datetime
    actor: UUID | None
    """None: Hearthbeat itself, or somebody at the clinic's own machine."""
    username: str | None
    why: str
    from_attribution: str
    from_reason: str | None
    from_patient: UUID | None
    from_day: dt.date
    to_attribution: str
    to_reason: str | None
    to_patient: UUID | None
    to_day: dt.date


def local_day(measured_at: dt.datetime, *, zone: ZoneInfo | None, utc_offset_s: int) -> dt.date:
    """In the patient's zone; what is nobody's counts by the clock of the home it came from."""
    offset = dt.timezone(dt.timedelta(seconds=utc_offset_s))
    return measured_at.astimezone(zone or offset).date()


def given(before: Owned, patient_id: UUID | None, *, day: dt.date) -> Owned:
    """Whose it is when somebody has said so. Raises InvalidError where that is not the question."""
    if patient_id is not None and patient_id == before.patient_id:
        return before
    if before.reason is not None and before.reason not in ABOUT_WHOM:
        raise InvalidError("reading", f"is held back as {before.reason}, whoever it is of")
    if patient_id is None:
        return Owned(
            attribution=QUARANTINED, reason=Reason.NOBODYS.value, patient_id=None, local_day=day
        )
    return Owned(attribution=REASSIGNED, reason=None, patient_id=patient_id, local_day=day)


async def reassign(
    conn: Connection,
    organisation_id: UUID,
    reading_id: UUID,
    *,
    patient_id: UUID | None,
    actor: UUID | None,
    reason: str,
    now: dt.datetime,
    as_seen: Callable[[Owned], bool] = _as_ever,
) -> Reassigned:
    """Give the reading to a patient of the clinic, or to nobody; again, it changes nothing.

    `as_seen`: whether it stands as whoever decides now has seen it. Raises TakenError where it does
    not, NotFoundError, and InvalidError without a reason or for a reading whose values are what is
    wrong with it.
    """
    why = fields.text("reason", reason)
    async with conn.transaction():
        row = await conn.fetchrow(QUERIES["reading"], organisation_id, reading_id)
        if row is None:
            raise NotFoundError("reading", f"there is no reading {reading_id}")
        zone = await _zone(conn, organisation_id, patient_id)
        before = Owned(**{name: row[name] for name in Owned.__struct_fields__})
        day = local_day(row["measured_at"], zone=zone, utc_offset_s=row["utc_offset_s"])
        after = given(before, patient_id, day=day)
        done = Reassigned(reading=reading_id, before=before, after=after)
        if done.changed and not as_seen(before):
            raise TakenError("reading", "somebody has said whose it is since you looked")
        if done.changed:
            await _write(conn, organisation_id, dict(row), done, actor=actor, why=why, now=now)
        return done


async def list_attribution(
    conn: Connection, organisation_id: UUID, reading_id: UUID
) -> list[AttributionChange]:
    """All that was ever said about whose it is, in order; nothing where nobody had to."""
    records = await conn.fetch(QUERIES["changes"], organisation_id, reading_id)
    return [AttributionChange(**record) for record in records]


async def find_reading(conn: Connection, organisation_id: UUID, reading_id: UUID) -> ShownReading:
    """Raises NotFoundError where this organisation has none such."""
    record = await conn.fetchrow(QUERIES["shown"], organisation_id, reading_id)
    if record is None:
        raise NotFoundError("reading", f"there is no reading {reading_id}")
    return ShownReading(**record)


async def is_known(conn: Connection, organisation_id: UUID, reading_id: UUID) -> bool:
    """Whether it is a reading of this organisation, whoever's."""
    known: bool = await conn.fetchval(QUERIES["known"], organisation_id, reading_id)
    return known


async def _zone(
    conn: Connection, organisation_id: UUID, patient_id: UUID | None
) -> ZoneInfo | None:
    if patient_id is None:
        return None
    name = await conn.fetchval(QUERIES["zone"], organisation_id, patient_id)
    if name is None:
        raise NotFoundError("patient", f"there is no patient {patient_id}")
    return ZoneInfo(name)


async def _write(
    conn: Connection,
    organisation_id: UUID,
    row: Mapping[str, Any],
    done: Reassigned,
    *,
    actor: UUID | None,
    why: str,
    now: dt.datetime,
) -> None:
    before, after, at, kind = done.before, done.after, row["measured_at"], row["kind"]
    await conn.execute(
        QUERIES["move"], at, done.reading, after.attribution, after.reason, after.patient_id,
        after.local_day,
    )  # fmt: skip
    await conn.execute(
        QUERIES["note"], organisation_id, done.reading, at, kind,
        before.attribution, before.reason, before.patient_id, before.local_day,
        after.attribution, after.reason, after.patient_id, after.local_day, actor, why, now,
    )  # fmt: skip
    concerned = [each for each in (before.patient_id, after.patient_id) if each is not None]
    await conn.execute(QUERIES["enqueue"], organisation_id, at, kind, concerned)
    for patient in concerned:
        # Not whose it was or is besides: this is one patient's record.
        what = "reading received" if patient == after.patient_id else "reading given away"
        await note_change(
            conn, organisation_id, patient, what, actor=actor, now=now, reason=why,
            reading=str(done.reading), kind=kind, measured_at=at.isoformat(),
        )  # fmt: skip
