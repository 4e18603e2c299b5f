"""Where a patient's row stands in the queue, and which patient comes before and after.

The queue's own lines, order and filter: what the list counts is what the chart counts. Rows of
hubs and devices count too; one goes past them, for they have no chart.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs
from uuid import UUID

from aiohttp import web

from console.api.queue_filters import filter_of
from console.api.queue_standing import PATIENT, Line, read_listing
from console.parts import CALLER
from store.pool import Connection

FIELDS_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to go on."""

    patient: UUID
    alert: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    before: Place | None
    after: Place | None
    number: int | None
    """Of this patient's row, from 1; None where it is not in the queue, or not in its filter."""
    of: int
    """Rows of the queue, or those that its filter shows."""
    filtered: bool = False


async def neighbours(
    request: web.Request, conn: Connection, patient_id: UUID, from_: str, *, now: dt.datetime
) -> Neighbours:
    caller = request[CALLER]
    asked = parse_qs(from_, max_num_fields=FIELDS_MOST)
    wanted = filter_of({name: ",".join(values) for name, values in asked.items()})
    listing = await read_listing(
        conn, caller.organisation_id, wanted, caller=caller.user_id, now=now
    )
    return around(listing.meant, patient_id, filtered=bool(wanted.query))


def around(rows: Sequence[Line], patient_id: UUID, *, filtered: bool = False) -> Neighbours:
    """Pure. From a patient who is no longer in the queue one goes on with the first."""
    name = (PATIENT, str(patient_id))
    here = next((place for place, row in enumerate(rows) if row.name == name), None)
    before = [] if here is None else rows[:here]
    after = rows if here is None else rows[here + 1 :]
    return Neighbours(
        before=_nearest(reversed(before)),
        after=_nearest(after),
        number=None if here is None else here + 1,
        of=len(rows),
        filtered=filtered,
    )


def _nearest(rows: Iterable[Line]) -> Place | None:
    for row in rows:
        if (patient := row.first.patient_id) is not None:
            return Place(patient=patient, alert=row.first.id)
    return None
