"""Recorded readings as columns: parsed and judged plausible as a replay's would be."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from hearthbeat.dry_run import blocks
from hearthbeat.dry_run.columns import EPOCH, MICROSECOND, Columns
from hearthbeat.recordings import formats, generic_csv
from hearthbeat.recordings.record import Refusal, Row
from hearthbeat.replay.load import measurements
from ingest.judgement import FUTURE_MAX, doubt
from vitals.flags import Special
from vitals.kinds import Kind

TOLD_EVERY: Final = 10_000


class _Told(Struct):
    """As much of a reading as admission looks at."""

    kind: Kind
    values: dict[str, float]
    special: dict[str, Special]
    flags: Sequence[str]
    measured_at: dt.datetime


@dataclass(slots=True, kw_only=True)
class Gathered:
    columns: Columns = field(default_factory=Columns)
    read: int = 0
    """Readings; a body fat beside a weight is one of its own."""
    refused: Counter[str] = field(default_factory=Counter)


def gather(
    files: Sequence[Path],
    *,
    named: str | None,
    ignored: Collection[str] = (),
    zone: ZoneInfo,
    now: dt.datetime,
    report: Callable[[int], None] = lambda _: None,
) -> Gathered:
    """Raises RecordingError. `report` hears now and then how many rows have been read."""
    gathered = Gathered()
    for number, file in enumerate(files):
        recording = formats.open_file(file, named, ignored=ignored)
        _Reading(str(number), gathered, zone, now + FUTURE_MAX, report).take(recording)
    return gathered


@dataclass(slots=True)
class _Reading:
    """One file on its way."""

    file: str
    gathered: Gathered
    zone: ZoneInfo
    latest: dt.datetime
    report: Callable[[int], None]

    def take(self, recording: formats.Opened) -> None:
        if recording.format.name == generic_csv.NAME:
            self._by_stretches(recording.lines())
            return
        for number, row in enumerate(recording.rows()):
            self._row(row)
            if number % TOLD_EVERY == 0:
                self.report(self.gathered.read)

    def _by_stretches(self, lines: Iterable[str]) -> None:
        # A day less: what is so near to now is looked at by itself.
        newest = self.latest.astimezone(self.zone).replace(tzinfo=None) - dt.timedelta(days=1)
        columns = self.gathered.columns
        one_by_one = 0

        def row(found: Row) -> None:
            nonlocal one_by_one
            one_by_one += 1
            self._row(found)

        taker = blocks.Taker(
            file=self.file,
            columns=columns,
            latest=(newest - EPOCH) // MICROSECOND,
            row=row,
            people={},
        )
        for count in taker.take(lines):
            self.gathered.read += count - one_by_one
            one_by_one = 0
            self.report(self.gathered.read)

    def _row(self, row: Row) -> None:
        gathered = self.gathered
        if isinstance(row, Refusal):
            gathered.read += 1
            gathered.refused[row.reason] += 1
            return
        person = gathered.columns.person(self.file, row.person)
        for one in measurements(row, self.zone):
            gathered.read += 1
            digits = one.device_time or row.at
            at = digits.replace(tzinfo=self.zone)
            told = _Told(one.kind, one.values, one.special, one.flags, at)
            reason = doubt(told, latest=self.latest)
            if reason is not None:
                gathered.refused[reason] += 1
                continue
            gathered.columns.of(one.kind).add(
                person, (digits - EPOCH) // MICROSECOND, one.values, one.special
            )
