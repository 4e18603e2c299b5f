"""Recorded readings as columns: parsed and judged plausible as a replay's would be."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from hearthbeat.dry_run.columns import EPOCH, MICROSECOND, Columns
from hearthbeat.recordings import formats
from hearthbeat.recordings.record import Refusal
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
        _take(recording, str(number), gathered, zone, now + FUTURE_MAX, report)
    return gathered


def _take(
    recording: formats.Opened,
    file: str,
    gathered: Gathered,
    zone: ZoneInfo,
    latest: dt.datetime,
    report: Callable[[int], None],
) -> None:
    for row in recording.rows():
        if isinstance(row, Refusal):
            gathered.read += 1
            gathered.refused[row.reason] += 1
        else:
            for one in measurements(row, zone):
                gathered.read += 1
                digits = one.device_time or row.at
                told = _Told(
                    one.kind, one.values, one.special, one.flags, digits.replace(tzinfo=zone)
                )
                reason = doubt(told, latest=latest)
                if reason is not None:
                    gathered.refused[reason] += 1
                    continue
                person = gathered.columns.person(file, row.person)
                gathered.columns.of(one.kind).add(
                    person, (digits - EPOCH) // MICROSECOND, one.values, one.special
                )
        if gathered.read % TOLD_EVERY == 0:
            report(gathered.read)
