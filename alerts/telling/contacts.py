"""How people of the clinic and patients are reached: added, listed, ended, tried out."""

import datetime as dt
import secrets
from typing import Final
from uuid import UUID

from msgspec import Struct
from structlog import get_logger

from alerts.telling import contact_checks
from alerts.telling.notices import TEST
from alerts.telling.notify.message import Channel
from care import fields
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError, TakenError
from care.rules import Severity
from store.pool import Connection
from store.queries import load

log = get_logger()

QUERIES: Final = load("alerts", "contacts.sql")
OF_PATIENTS: Final = (Channel.SMS, Channel.EMAIL, Channel.NTFY)
"""A webhook or the console is nothing that a patient reads."""
STAFF: Final = ("admin", "nurse", "clinician", "biller", "auditor")
SAID: Final = "said "
"""How `stopped_why` begins where the person themselves wrote a stop word."""
CONTACTS_MOST: Final = 20
"""Of one person: each can be sent tests, and short messages cost."""
TEST_EXPIRES: Final = dt.timedelta(minutes=30)


class Contact(Struct, frozen=True, kw_only=True):
    """One way to reach one person; without its secret, which nobody sees twice."""

    id: UUID
    user_id: UUID | None
    username: str | None
    patient_id: UUID | None
    mrn: str | None
    channel: Channel
    address: str
    min_severity: Severity
    """Of people of the clinic: alerts less grave are not sent here."""
    quiet_from: str | None
    quiet_to: str | None
    """On the wall clock of the clinic, or the patient's."""
    receipts: bool
    """Of patients: a word when a measurement has arrived."""
    created_at: dt.datetime
    stopped_at: dt.datetime | None
    stopped_why: str | None


class Added(Struct, frozen=True, kw_only=True):
    contact: Contact
    secret: str | None
    """What signs this webhook, shown this once."""


async def add_contact(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    *,
    user_id: UUID | None = None,
    patient_id: UUID | None = None,
    channel: str,
    address: str = "",
    min_severity: str = "low",
    quiet_from: str | None = None,
    quiet_to: str | None = None,
    receipts: bool = False,
    actor: UUID | None,
    now: dt.datetime,
) -> Added:
    """For one person, or one patient. One that was ended is taken up again.

    Raises InvalidError, NotFoundError; TakenError where it is there already, or where its number
    has said STOP, which only that number can take back.
    """
    if (user_id is None) == (patient_id is None):
        raise InvalidError("user", "name a person of the clinic or a patient: one of them")
    known = Channel(fields.one_of("channel", channel, tuple(Channel)))
    where = contact_checks.address(known, address)
    grave = fields.one_of("min_severity", min_severity, tuple(Severity))
    quiet = contact_checks.quiet(quiet_from, quiet_to)
    secret = secrets.token_urlsafe(32) if known is Channel.WEBHOOK else None
    async with conn.transaction():
        there = await list_contacts(conn, organisation_id, user_id=user_id, patient_id=patient_id)
        if len(there) >= CONTACTS_MOST:
            raise InvalidError("address", f"would be one more than {CONTACTS_MOST}: end one first")
        if patient_id is not None:
            await _patient_may(conn, organisation_id, patient_id, known, grave)
        elif user_id is not None:
            await _person_may(conn, organisation_id, user_id, receipts=receipts)
        made = await _taken_up_or_made(
            conn, organisation_id, user_id, patient_id, known, where, secret, grave, *quiet,
            receipts, now,
        )  # fmt: skip
        if patient_id is not None:
            await note_change(
                conn, organisation_id, patient_id, "contact added", actor=actor, now=now,
                contact=made, channel=known, receipts=receipts,
            )  # fmt: skip
        contact = await find_contact(conn, organisation_id, made)
    log.info("contact added", contact=str(made), channel=known)
    return Added(contact=contact, secret=secret)


async def list_contacts(
    conn: Connection,
    organisation_id: UUID,
    *,
    user_id: UUID | None = None,
    patient_id: UUID | None = None,
    ended: bool = False,
) -> list[Contact]:
    """All of the clinic's, or one person's, or one patient's; `ended` ones too."""
    rows = await conn.fetch(QUERIES["list"], organisation_id, user_id, patient_id, ended)
    return [_contact(dict(row)) for row in rows]


async def unreachable(conn: Connection, *, now: dt.datetime) -> list[str]:
    """Clinics whose alerts would reach nobody: patients have limits, and no colleague a contact."""
    return [row["name"] for row in await conn.fetch(QUERIES["unreachable"], now)]


async def find_contact(conn: Connection, organisation_id: UUID, contact_id: UUID) -> Contact:
    row = await conn.fetchrow(QUERIES["find"], organisation_id, contact_id)
    if row is None:
        raise NotFoundError("contact", f"there is no contact {contact_id}")
    return _contact(dict(row))


async def end_contact(
    conn: Connection,
    organisation_id: UUID,
    contact_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> Contact:
    """Nothing goes there any more, what is still queued neither; that it was stays on record."""
    async with conn.transaction():
        contact = await find_contact(conn, organisation_id, contact_id)
        if contact.stopped_at is not None:
            raise InvalidError("contact", "is not in use any more")
        if contact.patient_id is not None:
            await lock_patient(conn, organisation_id, contact.patient_id)
            await note_change(
                conn, organisation_id, contact.patient_id, "contact ended", actor=actor, now=now,
                contact=contact_id, channel=contact.channel,
            )  # fmt: skip
        await conn.execute(QUERIES["end"], contact_id, now, "ended")
        await conn.execute(
            QUERIES["hush"], contact.channel, contact.address, contact.user_id,
            contact.patient_id, now,
        )  # fmt: skip
        log.info("contact ended", contact=str(contact_id), channel=contact.channel)
        return await find_contact(conn, organisation_id, contact_id)


async def try_contact(
    conn: Connection, organisation_id: UUID, contact_id: UUID, *, now: dt.datetime
) -> UUID:
    """Queue a message that says only that it is one; at most one a minute. Answers its id."""
    contact = await find_contact(conn, organisation_id, contact_id)
    if contact.stopped_at is not None:
        raise InvalidError("contact", "is not in use any more")
    key = f"test/{contact_id}/{now.astimezone(dt.UTC):%Y%m%d%H%M}"
    await conn.execute(
        QUERIES["test"], organisation_id, contact.user_id, contact.patient_id, contact.channel,
        contact.address, TEST.subject, TEST.body, key, now, now + TEST_EXPIRES,
    )  # fmt: skip
    made: UUID = await conn.fetchval(QUERIES["by_key"], organisation_id, key)
    return made


async def _patient_may(
    conn: Connection, organisation_id: UUID, patient_id: UUID, channel: Channel, severity: str
) -> None:
    await lock_patient(conn, organisation_id, patient_id)
    if channel not in OF_PATIENTS:
        raise InvalidError("channel", f"of a patient is one of {', '.join(OF_PATIENTS)}")
    if severity != Severity.LOW:
        raise InvalidError("min_severity", "is for people of the clinic: patients get no alerts")


async def _person_may(
    conn: Connection, organisation_id: UUID, user_id: UUID, *, receipts: bool
) -> None:
    account = await conn.fetchrow(QUERIES["account"], organisation_id, user_id)
    if account is None:
        raise NotFoundError("user", f"there is no user {user_id}")
    if account["disabled_at"] is not None:
        raise InvalidError("user", "cannot sign in any more")
    if account["role"] not in STAFF:
        raise InvalidError("user", f"is a {account['role']}: add the contact to the patient")
    if receipts:
        raise InvalidError("receipts", "are for patients, when a measurement of theirs has arrived")


async def _taken_up_or_made(
    conn: Connection,
    organisation_id: UUID,
    user_id: UUID | None,
    patient_id: UUID | None,
    channel: Channel,
    address: str,
    secret: str | None,
    *more: object,
) -> UUID:
    whose = (organisation_id, user_id, patient_id, channel, address)
    same = await conn.fetchrow(QUERIES["same"], *whose)
    if same is None:
        made: UUID | None = await conn.fetchval(QUERIES["add"], *whose, secret, *more)
        if made is not None:
            return made
    if same is None or same["stopped_at"] is None:
        raise TakenError("address", "is a contact of theirs already")
    if same["stopped_why"].startswith(SAID):
        raise TakenError(
            "address", f"{same['stopped_why']} on {same['stopped_at']:%Y-%m-%d}: only START, sent"
            " from that number, takes it back",
        )  # fmt: skip
    await conn.execute(QUERIES["take_up"], same["id"], secret, *more)
    found: UUID = same["id"]
    return found


def _contact(row: dict[str, object]) -> Contact:
    return Contact(
        **row
        | {
            "channel": Channel(str(row["channel"])),
            "min_severity": Severity(str(row["min_severity"])),
        }  # type: ignore[arg-type]
    )
