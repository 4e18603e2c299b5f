"""A message to a patient, and who they are to us while it is written."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from alerts.telling.notify.message import Channel
from alerts.telling.patient_words import Text
from alerts.telling.quiet_hours import QuietHours, own_or
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("alerts", "patients.sql")


class Reached(Struct, frozen=True, kw_only=True):
    """One contact of one patient who agreed to messages."""

    patient_id: UUID
    organisation_id: UUID
    zone: ZoneInfo
    language: str
    contact_id: UUID
    channel: Channel
    address: str
    own_quiet: QuietHours | None
    """What the contact itself says; None: the usual hours of whoever asks."""

    @property
    def by_sms(self) -> bool:
        return self.channel is Channel.SMS


def reached(row: dict[str, Any]) -> Reached:
    """From a row with the columns of `reachable`."""
    return Reached(
        patient_id=row["patient_id"],
        organisation_id=row["organisation_id"],
        zone=ZoneInfo(row["time_zone"]),
        language=row["language"],
        contact_id=row["contact_id"],
        channel=Channel(row["channel"]),
        address=row["address"],
        own_quiet=own_or(row["quiet_from"], row["quiet_to"], None),
    )


async def reachable(
    conn: Connection, *, now: dt.datetime, patients: Iterable[UUID] | None = None
) -> dict[UUID, list[Reached]]:
    """Contacts of patients who agreed to messages; of all, or of these."""
    asked = None if patients is None else list(patients)
    found: dict[UUID, list[Reached]] = {}
    for row in await conn.fetch(QUERIES["reachable"], now, asked):
        each = reached(dict(row))
        found.setdefault(each.patient_id, []).append(each)
    return found


class ToPatient(Struct, frozen=True, kw_only=True):
    """A row of the outbox to be."""

    to: Reached
    what: str
    key: str
    text: Text
    facts: dict[str, Any]
    next_at: dt.datetime
    expires_at: dt.datetime


async def queue(conn: Connection, messages: Sequence[ToPatient], *, now: dt.datetime) -> int:
    """How many are new: the same key queues nothing again."""
    if not messages:
        return 0
    rows = [
        {
            "organisation_id": each.to.organisation_id,
            "patient_id": each.to.patient_id,
            "channel": each.to.channel,
            "address": each.to.address,
            "subject": each.text.subject,
            "body": each.text.body,
            "key": each.key,
            "what": each.what,
            "facts": each.facts,
            "next_at": each.next_at,
            "expires_at": each.expires_at,
            "created_at": now,
        }
        for each in messages
    ]
    return len(await conn.fetch(QUERIES["notify"], msgspec.json.encode(rows).decode()))
