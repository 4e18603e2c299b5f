"""What became of messages: for who looks after the clinic's, without their words and addresses."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from alerts.telling.contact_checks import masked
from alerts.telling.contacts import Contact
from alerts.telling.notify.outbox import QUERIES
from care.errors import NotFoundError
from store.pool import Connection

LATELY: Final = dt.timedelta(days=30)


class Delivery(Struct, frozen=True, kw_only=True):
    """One message."""

    id: UUID
    what: str
    """`alert`, `test`, `reminder` or `receipt`."""
    channel: str
    address: str
    """Masked: enough to recognise for who knows it."""
    username: str | None
    mrn: str | None
    """Of the patient that it goes to."""
    alert_id: UUID | None
    state: str
    """queued, sending, sent, delivered (the provider says so), failed, cancelled."""
    attempts: int
    last_error: str | None
    created_at: dt.datetime
    next_at: dt.datetime
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None


async def list_deliveries(
    conn: Connection,
    organisation_id: UUID,
    *,
    states: Sequence[str] | None = None,
    whats: Sequence[str] | None = None,
    before: tuple[dt.datetime | None, UUID | None] = (None, None),
    most: int = 100,
) -> list[Delivery]:
    """The latest first; from the place `before` on."""
    rows = await conn.fetch(QUERIES["list"], organisation_id, states, whats, *before, most)
    return [_delivery(dict(row)) for row in rows]


async def find_delivery(conn: Connection, organisation_id: UUID, message_id: UUID) -> Delivery:
    row = await conn.fetchrow(QUERIES["one"], organisation_id, message_id)
    if row is None:
        raise NotFoundError("message", f"there is no message {message_id}")
    return _delivery(dict(row))


async def deliveries_to(
    conn: Connection, organisation_id: UUID, contact: Contact, *, now: dt.datetime
) -> list[Delivery]:
    """The last 20 of a month, to one contact."""
    rows = await conn.fetch(
        QUERIES["to_contact"], organisation_id, contact.channel, contact.address,
        contact.user_id, contact.patient_id, now - LATELY,
    )  # fmt: skip
    return [_delivery(dict(row)) for row in rows]


async def report_delivery(
    conn: Connection, message_id: UUID, *, state: str, error: str | None, now: dt.datetime
) -> bool:
    """What the provider of an SMS says; False where it is no news, or of no message of ours."""
    return await conn.fetchval(QUERIES["reported"], message_id, state, error, now) is not None


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(**row | {"address": masked(row["channel"], row["address"])})
