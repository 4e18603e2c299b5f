"""Evidence and superbills from the database."""

import datetime as dt
from typing import Final
from uuid import UUID

from billing.exports.errors import NoSuchLineError
from billing.exports.evidence import Evidence, Stamp, evidence_of
from billing.exports.ledger import QUERIES
from billing.exports.superbill import Superbill, superbill_of
from billing.months.history import events_of
from billing.months.reading import head_of, patient_of
from billing.months.records import Status
from billing.months.views import LineEvent
from care.errors import NotFoundError
from store.pool import Connection

NO_LINE: Final = "there is no such line"
WORDS: Final[dict[Status, str]] = {
    Status.DRAFT: "Worked out",
    Status.READY: "Ready to be approved",
    Status.HELD: "Held",
    Status.APPROVED: "Approved",
    Status.EXPORTED: "Sent in an export",
    Status.ACCEPTED: "Accepted by the payer",
    Status.PAID: "Paid",
    Status.DENIED: "Denied by the payer",
    Status.CORRECTED: "Corrected",
    Status.VOID: "Void",
}


async def evidence_for(
    conn: Connection, organisation_id: UUID, line_id: UUID, *, now: dt.datetime
) -> Evidence:
    """With everything that ever became of the line. Raises NotFoundError."""
    place = await conn.fetchrow(QUERIES["place of line"], organisation_id, line_id)
    if place is None:
        raise NotFoundError("line", NO_LINE)
    month = place["month"]
    head = await head_of(conn, organisation_id, month, now=now)
    patient = await patient_of(conn, organisation_id, month, place["patient_id"], now=now)
    events = await events_of(conn, organisation_id, line_id)
    try:
        # Of the version under which this patient was frozen: what came of others is none of it.
        return evidence_of(
            patient.sealed or head, patient, line_id, stamps=[stamp_of(each) for each in events]
        )
    except NoSuchLineError as error:
        # The line is void: what is worked out by now has none of it.
        raise NotFoundError("line", NO_LINE) from error


async def superbill_for(
    conn: Connection, organisation_id: UUID, month: str, patient_id: UUID, *, now: dt.datetime
) -> Superbill:
    """Raises NotFoundError."""
    head = await head_of(conn, organisation_id, month, now=now)
    patient = await patient_of(conn, organisation_id, month, patient_id, now=now)
    return superbill_of(patient.sealed or head, patient)


def stamp_of(event: LineEvent) -> Stamp:
    return Stamp(
        at=event.at,
        who=event.actor_name or "Hearthbeat",
        what=WORDS[event.status],
        reason=event.reason,
    )
