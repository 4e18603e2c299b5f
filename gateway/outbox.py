"""The outbox: what was read from devices, kept until the clinic has answered for it, and longer."""

import datetime as dt
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import structlog

from gateway import seq_floor
from gateway.outbox_file import ROWS_ON_A_FULL_DISK, OutboxFile, Work
from gateway.queries import SQL
from vitals.reading import Reading
from wire.messages import Receipts

ROWS: Final = 200
log = structlog.get_logger()
_json: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A reading without a receipt, as it is sent every time."""

    seq: int
    id: UUID
    body: bytes
    made_at: float
    """Unix time."""


class Outbox:
    """Readings in the file. Numbers have no gaps: each is given in its insert's transaction."""

    def __init__(self, file: OutboxFile, directory: Path) -> None:
        self._file = file
        self._directory = directory
        self._floor = seq_floor.read(directory)
        self._floor_stays = False
        """It could not be moved: said once."""

    @property
    def last_seq(self) -> int:
        return _number(self._file, "last_seq")

    @property
    def queue_depth(self) -> int:
        return _number(self._file, "queue_depth")

    def states(self) -> dict[str, int]:
        """How many readings are pending, committed, quarantined, rejected."""
        return dict(self._file.rows("count_states"))

    def reserve(self, count: int) -> None:
        """Before `count` numbers are given: see gateway.seq_floor."""
        highest = self.last_seq + count
        if highest < self._floor:
            return
        floor = highest + seq_floor.STEP
        try:
            seq_floor.reserve(self._directory, upto=floor)
        except OSError as error:
            # A full disk. The database has the numbers too; this file is the second memory, and
            # has to catch up: the next numbers try again.
            if not self._floor_stays:
                log.warning("could not reserve outbox numbers", error=error.strerror)
            self._floor_stays = True
        else:
            self._floor, self._floor_stays = floor, False

    def add(self, *readings: Reading, now: dt.datetime) -> list[Reading]:
        """Put readings in; the new ones, numbered. A record that is there already is passed over.

        Raises DiskFull, and then none of them is in.
        """
        self.reserve(len(readings))
        return self._file.write(lambda connection: insert(connection, readings, now=now))

    def pending_from(self, after_seq: int, *, most: int) -> list[Pending]:
        """Oldest first."""
        return [_pending(row) for row in self._file.rows("pending_from", after_seq, most)]

    def pending_newest(self, *, most: int) -> list[Pending]:
        """Newest first."""
        return [_pending(row) for row in self._file.rows("pending_newest", most)]

    def pending_among(self, seqs: Iterable[int]) -> list[Pending]:
        """Those of these numbers that have no receipt, oldest first."""
        asked = _json.encode(list(seqs)).decode()
        return [_pending(row) for row in self._file.rows("pending_among", asked)]

    def settle(self, receipts: Receipts, *, now: dt.datetime) -> list[UUID]:
        """Note what the clinic answered; the ids that were waiting for it. Others are ignored.

        Without fsync: a receipt lost in a power cut is given again when the reading is sent again.
        """
        answers: list[Answer]
        answers = [("committed", None, one) for one in receipts.committed]
        answers += [("quarantined", one.reason, one.id) for one in receipts.quarantined]
        answers += [("rejected", one.reason, one.id) for one in receipts.rejected]

        found: list[UUID] = []
        at = now.timestamp()
        while answers:
            portion = ROWS if self._file.has_room else ROWS_ON_A_FULL_DISK
            now_on, answers = answers[:portion], answers[portion:]
            work = _receipts(now_on, at)
            found += self._file.write(work, durable=False, drains=True)
        return found

    def ask_again(self, *, from_seq: int | None = None, ids: list[UUID] | None = None) -> int:
        """Mark receipted readings as pending once more; how many."""

        def work(connection: sqlite3.Connection) -> int:
            count = 0
            if from_seq is not None:
                count += connection.execute(SQL["resend_from"], (from_seq,)).rowcount
            for one in ids or []:
                count += connection.execute(SQL["resend_one"], (str(one),)).rowcount
            return count

        return self._file.write(work)


Answer = tuple[str, str | None, UUID]


def _receipts(answers: list[Answer], at: float) -> Work[list[UUID]]:
    def work(connection: sqlite3.Connection) -> list[UUID]:
        return [
            which
            for state, reason, which in answers
            if connection.execute(SQL["receipt"], (state, reason, at, str(which))).rowcount
        ]

    return work


def insert(
    connection: sqlite3.Connection,
    readings: tuple[Reading, ...] | list[Reading],
    *,
    now: dt.datetime,
) -> list[Reading]:
    """In a transaction: number and freeze each new reading."""
    added: list[Reading] = []
    for reading in readings:
        if connection.execute(SQL["has_reading"], (str(reading.id),)).fetchone():
            continue
        (seq,) = connection.execute(SQL["next_seq"]).fetchone()
        numbered = msgspec.structs.replace(reading, seq=seq)
        body = _json.encode(numbered)
        row = (seq, str(reading.id), body, now.timestamp())
        connection.execute(SQL["add_reading"], row)
        added.append(numbered)
    return added


def _number(file: OutboxFile, query: str) -> int:
    ((value,),) = file.rows(query)
    return int(value)


def _pending(row: tuple[int, str, bytes, float]) -> Pending:
    seq, which, body, made_at = row
    return Pending(seq=seq, id=UUID(which), body=body, made_at=made_at)
