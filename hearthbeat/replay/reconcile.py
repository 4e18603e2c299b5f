"""Does the table hold what the recordings say? Every row gets one fate, and its reason. Pure."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hearthbeat.recordings.formats import Recording
from hearthbeat.recordings.record import Refusal
from hearthbeat.replay.load import DeviceLoad, Loaded
from vitals.kinds import Kind
from vitals.reading import Measurement

STEPS: Final = {
    # Half of the step in which a frame carries the metric, and room for binary fractions.
    "weight": 0.0026,
    "bmi": 0.051,
    "height": 0.051,
    "body_fat": 0.051,
}
OTHER_STEP: Final = 1e-6
_NOT_SAID: Final = {("mean", "nan"), ("pulse", "nan")}


class Fate(StrEnum):
    """What became of a row."""

    STORED = "stored"  # New in the table, values as recorded.
    DUPLICATE = "duplicate"  # It was in the table before, values as recorded.
    REPEATED = "repeated"  # The recording has the same row twice: one reading.
    QUARANTINED = "quarantined"  # In the table, and held back for a reason.
    REFUSED = "refused"  # No measurement, or not readable: never sent.
    MISSING = "missing"  # Sent, and not in the table.
    DIFFERENT = "different"  # In the table with other values or at another time.


class Presence(StrEnum):
    """How a reading that was sent stands in the table. A row may be two readings, so these are
    counted by themselves.
    """

    NEW = "new"
    THERE_BEFORE = "there_before"
    REPEATED = "repeated"  # It is the same reading as an earlier row's.
    DIFFERENT = "different"
    MISSING = "missing"


TROUBLE: Final = frozenset({Fate.MISSING, Fate.DIFFERENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row of the readings table."""

    id: UUID
    device: str
    kind: Kind
    measured_at: dt.datetime
    device_time: dt.datetime | None
    sequence: int | None
    received_at: dt.datetime
    attribution: str
    reason: str | None
    values: Mapping[str, float]
    special: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Account:
    """What became of one file's rows."""

    file: str
    format: str
    rows: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    reasons: Counter[tuple[Fate, str]] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    """Of rows in trouble."""
    readings: Counter[Presence] = field(default_factory=Counter)
    """Of rows that were sent."""

    @property
    def sent(self) -> int:
        """Rows of which a device made a reading, or two."""
        return self.rows - self.fates[Fate.REFUSED]

    def note(self, fate: Fate, reason: str = "", *, line: int = 0) -> None:
        self.fates[fate] += 1
        if reason:
            self.reasons[fate, reason] += 1
        if fate in TROUBLE:
            self.examples.append(f"{self.file}:{line}: {fate}: {reason}")

    @property
    def settled(self) -> bool:
        """Every row has its fate, and none is in trouble."""
        return sum(self.fates.values()) == self.rows and not any(
            self.fates[fate] for fate in TROUBLE
        )


def accounts(
    recordings: Sequence[Recording],
    loads: Sequence[DeviceLoad],
    stored: Iterable[Stored],
    *,
    began: dt.datetime,
    zone: ZoneInfo,
) -> list[Account]:
    """One for each file, in order. `began` tells new rows from those of an earlier replay."""
    index: dict[_Key, list[Stored]] = defaultdict(list)
    for row in stored:
        index[row.device, row.kind, row.device_time, row.sequence].append(row)
    fates = _Fates(index, began=began, zone=zone)
    by_file: dict[str, list[DeviceLoad]] = defaultdict(list)
    for load in loads:
        by_file[load.file].append(load)
    return [_account(recording, by_file[recording.file.name], fates) for recording in recordings]


_Key = tuple[str, Kind, dt.datetime | None, int | None]


def _account(recording: Recording, loads: Iterable[DeviceLoad], fates: "_Fates") -> Account:
    account = Account(
        file=recording.file.name, format=recording.format.name, rows=len(recording.rows)
    )
    for row in recording.rows:
        if isinstance(row, Refusal):
            account.note(Fate.REFUSED, row.reason, line=row.line)
    for load in loads:
        # A row with a body fat is two readings and one row: it fares as the worse of the two.
        by_line: dict[int, list[_Found]] = defaultdict(list)
        for loaded in load.readings:
            by_line[loaded.source.line].append(fates.of(load.address, loaded))
        for line, found in sorted(by_line.items()):
            account.readings.update(one.presence for one in found)
            worst = max(found, key=lambda one: _SEVERITY[one.fate])
            account.note(worst.fate, worst.reason, line=line)
    return account


_SEVERITY: Final = {
    fate: place
    for place, fate in enumerate(
        (
            Fate.REFUSED,
            Fate.REPEATED,
            Fate.DUPLICATE,
            Fate.STORED,
            Fate.QUARANTINED,
            Fate.DIFFERENT,
            Fate.MISSING,
        )
    )
}


@dataclass(frozen=True, slots=True)
class _Found:
    fate: Fate
    presence: Presence
    reason: str = ""


class _Fates:
    def __init__(
        self, index: Mapping[_Key, Sequence[Stored]], *, began: dt.datetime, zone: ZoneInfo
    ) -> None:
        self._index = index
        self._began = began
        self._zone = zone
        self._claimed: set[UUID] = set()

    def of(self, address: str, loaded: Loaded) -> _Found:
        said = loaded.measurement
        rows = self._index.get((address, said.kind, said.device_time, said.sequence), ())
        if not rows:
            return _Found(Fate.MISSING, Presence.MISSING, "no such row in the table")
        fitting = [row for row in rows if difference(said, row, self._zone) is None]
        if not fitting:
            why = difference(said, rows[0], self._zone) or ""
            return _Found(Fate.DIFFERENT, Presence.DIFFERENT, why)
        row = fitting[0]
        if row.id in self._claimed:
            why = "the same measurement twice in the recording"
            return _Found(Fate.REPEATED, Presence.REPEATED, why)
        self._claimed.add(row.id)
        new = row.received_at >= self._began
        presence = Presence.NEW if new else Presence.THERE_BEFORE
        if row.attribution not in {"assigned", "reassigned"}:
            return _Found(Fate.QUARANTINED, presence, row.reason or row.attribution)
        return _Found(Fate.STORED if new else Fate.DUPLICATE, presence)


def difference(said: Measurement, row: Stored, zone: ZoneInfo) -> str | None:
    """In what the table differs from the recording; None where in nothing.

    Values may differ by half the step in which a device's frame carries them.
    """
    if set(said.values) != set(row.values):
        return f"values {sorted(row.values)} instead of {sorted(said.values)}"
    for name, value in said.values.items():
        if abs(row.values[name] - value) > STEPS.get(name, OTHER_STEP):
            return f"{name} {row.values[name]} instead of {value}"
    # A frame has room for what the recording does not say (a mean pressure): that is not a number.
    special = {name: word for name, word in row.special.items() if (name, word) not in _NOT_SAID}
    if {name: str(word) for name, word in said.special.items()} != special:
        return f"special values {special}"
    if said.device_time is not None and not _same_moment(said.device_time, row.measured_at, zone):
        return f"measured at {row.measured_at.isoformat()} instead of {said.device_time}"
    return None


def _same_moment(digits: dt.datetime, instant: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether a clock on the wall showed these digits then; digits that clocks left out, when they
    went forward, stand for the hour beside them.
    """
    shown = instant.astimezone(zone).replace(tzinfo=None)
    skipped = digits.replace(tzinfo=zone).astimezone(dt.UTC).astimezone(zone)
    return digits == shown or skipped.replace(tzinfo=None) == shown != digits
