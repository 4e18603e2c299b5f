"""The stage that turns persisted frames into numbered readings, some hundred in one transaction."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from gateway import journal
from gateway.clock import ClockRules
from gateway.interpretation import Made, Outcome, Refused, interpret
from gateway.journal import Frame
from gateway.outbox import Outbox, insert
from gateway.outbox_file import OutboxFile
from gateway.own_clock import Moment
from vitals.reading import Reading

MOST_FRAMES: Final = 2000
PER_TRANSACTION: Final = 200
SENT_TWICE_WITHIN_S: Final = 10
"""Equal frames without time or number, this near to each other, are one measurement."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one pass made."""

    made: int = 0
    again: int = 0
    """Records that were there already."""
    undecodable: int = 0


class ReadingMaker:
    """Remembers the last frames without time or number, to know one that was sent twice."""

    def __init__(self, file: OutboxFile, outbox: Outbox) -> None:
        self._file = file
        self._outbox = outbox
        self._lately: dict[tuple[str, str, bytes], tuple[int, float]] = {}

    def run(self, *, moment: Moment, zone: ZoneInfo, rules: ClockRules) -> Tally:
        """Interpret all that waits. `moment` must be from a trusted clock. Raises DiskFull."""
        made = again = undecodable = 0
        after = 0
        while frames := journal.waiting(self._file, after=after, most=MOST_FRAMES):
            after = frames[-1].id
            outcomes = interpret(frames, moment=moment, zone=zone, rules=rules)
            for start in range(0, len(outcomes), PER_TRANSACTION):
                part = outcomes[start : start + PER_TRANSACTION]
                fresh = self._commit(part, moment)
                readings = sum(isinstance(outcome, Made) for outcome in part)
                made += len(fresh)
                again += readings - len(fresh)
                undecodable += sum(isinstance(outcome, Refused) for outcome in part)
        if undecodable:
            log.warning("frames cannot be decoded", count=undecodable)
        return Tally(made=made, again=again, undecodable=undecodable)

    def _commit(self, outcomes: Sequence[Outcome], moment: Moment) -> list[Reading]:
        readings = [
            outcome.reading
            for outcome in outcomes
            if isinstance(outcome, Made) and not self._sent_twice(outcome)
        ]
        self._outbox.reserve(len(readings))
        write = _settled(outcomes, readings, moment)
        return self._file.write(write)

    def _sent_twice(self, made: Made) -> bool:
        if made.reading.device_time is not None or made.reading.sequence is not None:
            return False  # Its id says whether it is the same record.
        frame = made.frames[0]
        key = (frame.device, frame.characteristic, frame.data)
        first, first_up_s = self._lately.get(key, (frame.id, frame.captured.up_s))
        if first != frame.id and 0 <= frame.captured.up_s - first_up_s < SENT_TWICE_WITHIN_S:
            return True
        self._lately[key] = (frame.id, frame.captured.up_s)
        while len(self._lately) > PER_TRANSACTION:
            self._lately.pop(next(iter(self._lately)))
        return False


def _settled(
    outcomes: Sequence[Outcome], readings: list[Reading], moment: Moment
) -> Callable[[sqlite3.Connection], list[Reading]]:
    """Frames go and readings come in one transaction: never both, never neither."""

    def work(connection: sqlite3.Connection) -> list[Reading]:
        fresh = insert(connection, readings, now=moment.now)
        for outcome in outcomes:
            for frame in outcome.frames:
                _settle_frame(connection, outcome, frame)
        return fresh

    return work


def _settle_frame(connection: sqlite3.Connection, outcome: Outcome, frame: Frame) -> None:
    if isinstance(outcome, Refused):
        journal.refuse(connection, frame, outcome.error)
    else:
        journal.drop(connection, frame)
