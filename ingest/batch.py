"""What was taken off the line together, on its way into one transaction."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from ingest.admission import Admission
from ingest.dead_letters import Letter
from ingest.health_rows import Said
from ingest.reasons import Refusal
from ingest.receipts import Receipting
from store.batch import Row
from wire.delivery import Delivery


class Refused(NamedTuple):
    """A reading that could not be taken, where its id is legible: its gateway is told."""

    gateway: str
    reading: UUID


class Batch:
    """Filled by unpacking, stored by the committer, answered by the worker."""

    __slots__ = (
        "admission",
        "also_received",
        "deliveries",
        "letters",
        "received_at",
        "refused",
        "rows",
        "said",
    )

    def __init__(self, admission: Admission, *, received_at: dt.datetime) -> None:
        self.admission = admission
        self.received_at = received_at
        self.deliveries: list[Delivery] = []
        self.rows: list[Row] = []
        self.letters: list[Letter] = []
        self.refused: list[Refused] = []
        self.also_received: list[tuple[str, int]] = []
        """Outbox numbers of readings that go to the dead letters: they are not missing."""
        self.said: list[Said] = []

    @property
    def empty(self) -> bool:
        """Nothing to store: acknowledge and go on."""
        return not (self.rows or self.letters or self.said)


class Landed(NamedTuple):
    """What became of the rows of a batch, all of it committed."""

    stored: Sequence[Row]
    duplicates: Sequence[Row]
    reused: Sequence[Row]
    conflicts: dict[UUID, UUID]
    bad: Sequence[tuple[Row, str]]
    """Rows that the database refuses, each with the rule."""


CONFLICT = "conflict"
"""The store's own reason: another reading claims the same device and instant."""


def answers(batch: Batch, landed: Landed) -> Receipting:
    """The fate of every reading, for the receipts."""
    fates = Receipting()
    conflicts = landed.conflicts
    for row in landed.stored:
        reading, standing = row.reading.id, row.standing
        conflict = conflicts and reading in conflicts
        fates.stored(standing.gateway_id, reading, CONFLICT if conflict else standing.reason)
    for row in landed.duplicates:
        fates.stored(row.gateway_id, row.reading.id, None)
    for row in landed.reused:
        fates.rejected(row.gateway_id, row.reading.id, Refusal.ID_REUSED)
    for row, _ in landed.bad:
        fates.rejected(row.gateway_id, row.reading.id, Refusal.UNSTORABLE)
    for gateway, reading in batch.refused:
        fates.rejected(gateway, reading, Refusal.UNREADABLE)
    return fates
