"""Which patient comes before and after, in the order of the queue and within its filter."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs
from uuid import UUID

from aiohttp import web

from console.api.alert_answer import AlertAnswer, shown
from console.api.alerts import QUERIES, UTC, QueueRow, queue_rows
from console.parts import CALLER
from store.pool import Connection

TECHNICAL: Final = frozenset({"technical"})
NO_DATA: Final = frozenset({"compliance"})


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


async def neighbours(
    request: web.Request, conn: Connection, patient_id: UUID, from_: str, *, now: dt.datetime
) -> Neighbours:
    caller = request[CALLER]
    found = await conn.fetch(QUERIES["standing"], caller.organisation_id, now)
    rows = queue_rows(shown(dict(row), zone=UTC, now=now) for row in found)
    return around(filtered(rows, from_), patient_id)


def filtered(rows: Sequence[QueueRow], from_: str) -> list[QueueRow]:
    """Rows of patients with an alert that the queue's filter lets through; `severity=high,low`."""
    asked = {
        name: frozenset(",".join(values).split(","))
        for name, values in parse_qs(from_, max_num_fields=20).items()
    }
    return [
        row
        for row in rows
        if row.patient is not None and any(_passes(alert, asked) for alert in row.alerts)
    ]


def around(rows: Sequence[QueueRow], patient_id: UUID) -> Neighbours:
    """Pure. From a patient who is no longer in the queue one goes on with the first."""
    here = next((place for place, row in enumerate(rows) if row.patient == patient_id), None)
    if here is None:
        return Neighbours(before=None, after=_place(rows, 0), number=None, of=len(rows))
    return Neighbours(
        before=_place(rows, here - 1), after=_place(rows, here + 1), number=here + 1, of=len(rows)
    )


def _place(rows: Sequence[QueueRow], number: int) -> Place | None:
    if not 0 <= number < len(rows):
        return None
    row = rows[number]
    assert row.patient is not None  # noqa: S101 - rows of gateways are filtered out
    return Place(patient=row.patient, alert=row.alerts[0].id)


def _passes(alert: AlertAnswer, asked: dict[str, frozenset[str]]) -> bool:
    kinds = asked.get("kind", frozenset())
    lane = str(alert.lane)
    of_kind = (
        not kinds
        or ("technical" in kinds and lane in TECHNICAL)
        or ("no-data" in kinds and lane in NO_DATA)
        or ("values" in kinds and lane not in TECHNICAL | NO_DATA)
    )
    return of_kind and all(
        name not in asked or value in asked[name]
        for name, value in (
            ("severity", str(alert.severity)),
            ("state", str(alert.state)),
            ("metric", alert.metric or ""),
        )
    )
