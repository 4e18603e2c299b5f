"""Of all that a patient's month is worked out from, one short word: who has changed has another."""

import datetime as dt
from typing import Final
from uuid import UUID

from billing.months.calendar import DAY
from billing.months.openings import moves_since
from billing.months.seal import digest
from billing.months.sources import Sources
from billing.months.states import BILLED
from billing.rule_numbers import WHOSE
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "months.sql")


async def fingerprints_of(
    conn: Connection, organisation_id: UUID, sources: Sources, *, today: dt.date
) -> dict[UUID, tuple[str, str]]:
    """By patient, in the order of names: by what they are listed, and of what they are made."""
    month = sources.month
    rows = await conn.fetch(
        QUERIES["fingerprints"], organisation_id, month.begins_at, month.ends_at,
        month.begins_at - moves_since(sources.payers), month.ends_at + 2 * DAY, month.name,
        list(WHOSE), month.first, month.last, sorted(BILLED),
    )  # fmt: skip
    # When the month is over, another day makes no difference to it.
    common = digest([sources.digest, min(today, month.last + DAY)])
    clashes = sources.clashes
    return {
        row["patient_id"]: (
            row["sorts_by"],
            digest([common, row["said"], clashes.get(str(row["patient_id"]), "")]),
        )
        for row in rows
    }
