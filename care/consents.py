"""What a patient has agreed to, how, since when, and until when."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError, TakenError
from care.spans import has_been
from store.pool import Connection
from store.queries import load
from store.schema import CONSENT_GIVERS, CONSENT_KINDS, CONSENT_METHODS

QUERIES: Final = load("care", "consents.sql")


class Consent(Struct, frozen=True, kw_only=True):
    id: UUID
    kind: str
    method: str
    given_at: dt.datetime
    withdrawn_at: dt.datetime | None
    recorded_by: UUID | None
    note: str
    created_at: dt.datetime
    given_by: str
    """patient or representative."""
    representative: str | None
    """Who gave it for the patient."""
    text_id: UUID | None
    """Of care.consent_texts: the words that were read; None where nobody kept them here."""

    def holds(self, at: dt.datetime) -> bool:
        return self.given_at <= at and (self.withdrawn_at is None or at < self.withdrawn_at)


async def add_consent(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    kind: str,
    method: str,
    given_at: dt.datetime,
    note: str = "",
    given_by: str = "patient",
    representative: str | None = None,
    text_id: UUID | None = None,
    actor: UUID | None,
    now: dt.datetime,
) -> Consent:
    """Raises TakenError where one of that kind holds already: withdraw it first."""
    who = _representative(given_by, representative)
    fields.one_of("kind", kind, CONSENT_KINDS)
    fields.one_of("method", method, CONSENT_METHODS)
    has_been("given_at", given_at, now=now)
    remark = fields.text("note", note, needed=False)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        for each in await list_consents(conn, organisation_id, patient_id):
            if each.kind == kind and (each.withdrawn_at is None or each.withdrawn_at > given_at):
                said = each.given_at.isoformat(timespec="seconds")
                raise TakenError("kind", f"consent to {kind} of {said} holds then already")
        record = await conn.fetchrow(
            QUERIES["add"], organisation_id, patient_id, kind, method, given_at, actor, remark,
            given_by, who, text_id,
        )  # fmt: skip
        assert record is not None  # noqa: S101 - INSERT … RETURNING without ON CONFLICT
        made = Consent(**record)
        await note_change(
            conn, organisation_id, patient_id, "consent given", actor=actor, now=now,
            consent=made.id, kind=kind, method=method, given_at=given_at, given_by=given_by,
        )  # fmt: skip
        return made


async def withdraw_consent(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    consent_id: UUID,
    *,
    withdrawn_at: dt.datetime,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Consent:
    """From then on it does not hold; that it did stays on record."""
    has_been("withdrawn_at", withdrawn_at, now=now)
    why = fields.text("reason", reason, needed=False)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        held = [
            each
            for each in await list_consents(conn, organisation_id, patient_id)
            if each.id == consent_id
        ]
        if not held:
            raise NotFoundError("consent", f"there is no consent {consent_id} of this patient")
        if held[0].withdrawn_at is not None:
            raise InvalidError("consent", "is withdrawn already")
        if withdrawn_at < held[0].given_at:
            raise InvalidError("withdrawn_at", "must not be before it was given")
        record = await conn.fetchrow(QUERIES["withdraw"], consent_id, withdrawn_at)
        assert record is not None  # noqa: S101 - its row is locked by the patient's
        await note_change(
            conn, organisation_id, patient_id, "consent withdrawn", actor=actor, now=now,
            reason=why, consent=consent_id, kind=held[0].kind, withdrawn_at=withdrawn_at,
        )  # fmt: skip
        return Consent(**record)


async def list_consents(conn: Connection, organisation_id: UUID, patient_id: UUID) -> list[Consent]:
    """Withdrawn ones too, in the order in which they were given."""
    records = await conn.fetch(QUERIES["list"], organisation_id, patient_id)
    return [Consent(**record) for record in records]


async def monitored_from(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, at: dt.datetime
) -> Consent | None:
    """The consent to monitoring that holds at an instant."""
    for each in await list_consents(conn, organisation_id, patient_id):
        if each.kind == "monitoring" and each.holds(at):
            return each
    return None


def _representative(given_by: str, typed: str | None) -> str | None:
    fields.one_of("given_by", given_by, CONSENT_GIVERS)
    if given_by == "representative":
        return fields.text("representative", typed or "")
    if typed:
        raise InvalidError("representative", "is named where a representative gave the consent")
    return None
