"""Asking a home to measure again, and looking again when the time for it is over."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from alerts.judging.findings import Finding
from alerts.life.alert import Alert, State
from alerts.life.lifecycle import Changed
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("alerts", "evaluation.sql")
GRACE: Final = dt.timedelta(seconds=5)
"""A repeat measured in the last second still has to travel."""


class Wait(Struct, frozen=True, kw_only=True):
    """A first value, and until when its repeat may come."""

    organisation_id: UUID
    patient_id: UUID
    rule: str
    kind: str
    since: dt.datetime
    until: dt.datetime

    @classmethod
    def of(cls, finding: Finding, organisation_id: UUID) -> "Wait | None":
        if finding.waits_until is None:
            return None
        return cls(
            organisation_id=organisation_id,
            patient_id=finding.patient_id,
            rule=finding.rule,
            kind=finding.kind,
            since=finding.onset_at,
            until=finding.waits_until,
        )


async def look_again(conn: Connection, waits: Sequence[Wait]) -> None:
    """Make the patients due for evaluation when their waits are over."""
    if waits:
        await conn.execute(
            QUERIES["look_again"],
            [wait.organisation_id for wait in waits],
            [wait.patient_id for wait in waits],
            [f"{wait.rule}/{wait.since.isoformat()}" for wait in waits],
            [wait.until + GRACE for wait in waits],
            [wait.since for wait in waits],
            [wait.kind for wait in waits],
        )


async def ask_again(
    conn: Connection, asked: Sequence[tuple[Alert, dt.datetime]], *, now: dt.datetime
) -> None:
    """Each alert that waits, and until when: ingest tells the home's gateway from the rows."""
    if asked:
        await conn.execute(
            QUERIES["ask_again"],
            [alert.id for alert, _ in asked],
            [until for _, until in asked],
            now,
        )


async def end_asking(conn: Connection, changes: Iterable[Changed], *, now: dt.datetime) -> None:
    """Homes need not be asked any longer for what has been answered, or given up."""
    over = [
        change.alert
        for change in changes
        if change.from_state is State.AWAITING_REPEAT
        and change.alert.state is not State.AWAITING_REPEAT
    ]
    if over:
        await conn.execute(
            QUERIES["answered"],
            [alert.id for alert in over],
            now,
            [str(alert.state) for alert in over],
        )
