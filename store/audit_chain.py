"""Whether a chain of the audit log is as it was written: walked row by row, and held against
checkpoints that were kept elsewhere.

A chain proves that nothing in it was changed, taken out of the middle or moved. That its end was
cut off it cannot prove: whoever kept its size and its last hash somewhere else can.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from store.audit import BEGINNING, QUERIES, Row, hash_of
from store.pool import Connection

AT_ONCE: Final = 2_000


class Checkpoint(Struct, frozen=True, kw_only=True):
    """How far a chain had come at a moment."""

    organisation: UUID
    size: int
    hash: str
    """Of the row at that place, in hexadecimal."""
    at: dt.datetime


class Fault(Struct, frozen=True, kw_only=True):
    """The first thing that is wrong with a chain."""

    position: int
    what: str


class Verdict(Struct, frozen=True, kw_only=True):
    """What came of walking one chain."""

    organisation: UUID
    size: int
    """Rows that were walked, up to a fault where there is one."""
    hash: str
    fault: Fault | None = None

    @property
    def sound(self) -> bool:
        return self.fault is None


class Walk:
    """One chain, row after row. Pure; `fault` is the first thing that was wrong."""

    def __init__(self, checkpoints: Iterable[Checkpoint] = ()) -> None:
        self.size = 0
        self.hash = BEGINNING
        self.fault: Fault | None = None
        self._kept = {each.size: each for each in checkpoints}

    def step(self, row: Row) -> bool:
        """Whether to go on."""
        expected = self.size + 1
        found = self._wrong(row, expected)
        if found is not None:
            self.fault = found
            return False
        self.size, self.hash = expected, row["hash"]
        return True

    def end(self) -> None:
        """No row is left."""
        if self.fault is None and (beyond := max(self._kept, default=0)) > self.size:
            at = self._kept[beyond].at.isoformat(timespec="seconds")
            self.fault = Fault(
                position=self.size + 1,
                what=f"the end was cut off: there were {beyond} rows at {at}",
            )

    def _wrong(self, row: Row, expected: int) -> Fault | None:
        position = row["position"]
        if position != expected:
            return Fault(position=expected, what="a row was taken out here")
        if row["hash"] != hash_of(row):
            return Fault(position=position, what="this row was changed after it was written")
        if row["previous"] != self.hash:
            return Fault(position=position, what="this row does not follow the one before it")
        kept = self._kept.get(position)
        if kept is not None and kept.hash != row["hash"].hex():
            return Fault(position=position, what="this row is not the one of the checkpoint")
        return None


async def verify(
    conn: Connection, organisation_id: UUID, checkpoints: Sequence[Checkpoint] = ()
) -> Verdict:
    """Walk one chain to its end, or to its first fault."""
    walk = Walk(each for each in checkpoints if each.organisation == organisation_id)
    more = True
    while more:
        rows = await conn.fetch(QUERIES["part"], organisation_id, walk.size, AT_ONCE)
        more = all(walk.step(row) for row in rows) and len(rows) == AT_ONCE
    walk.end()
    return Verdict(
        organisation=organisation_id, size=walk.size, hash=walk.hash.hex(), fault=walk.fault
    )


async def chains(conn: Connection) -> list[UUID]:
    """Every organisation that has one, and nobody's."""
    return [row["organisation_id"] for row in await conn.fetch(QUERIES["chains"])]


async def checkpoints_now(
    conn: Connection, *, now: dt.datetime, organisation_id: UUID | None = None
) -> list[Checkpoint]:
    """How far the chains have come: to be kept out of reach of whoever reaches the database."""
    return [
        Checkpoint(
            organisation=row["organisation_id"],
            size=row["position"],
            hash=row["hash"].hex(),
            at=now,
        )
        for row in await conn.fetch(QUERIES["heads"], organisation_id)
    ]
