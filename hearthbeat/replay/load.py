"""Which device holds which recorded readings: files, people and kinds to devices. Pure."""

import datetime as dt
import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from hearthbeat.recordings.formats import Recording
from hearthbeat.recordings.record import Record
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

NUMBERS: Final = 0x1_0000
"""A meter's record numbers have 16 bits."""

NUMBER_PREFIX: Final = "REC-"
GIVEN_NAME: Final = "Recording"
"""Of every person whom a replay registers."""

_CENSORED: Final = {Special.HI: Flag.RESULT_TOO_HIGH, Special.LO: Flag.RESULT_TOO_LOW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a reading stands in the recordings."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One reading that a device will send, and that the table should then hold."""

    source: Source
    measurement: Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLoad:
    """One device with its memory full."""

    address: str
    """From file, person and kind: a second replay comes from the same device."""
    kind: Kind
    has_electrodes: bool
    """A scale that sends body composition beside the weight."""
    file: str
    person: str
    readings: tuple[Loaded, ...]
    """Oldest first."""

    @property
    def number(self) -> str:
        """The medical record number of the person in this recording."""
        return NUMBER_PREFIX + _digest(self.file, self.person)[:10].upper()

    @property
    def name(self) -> str:
        return f"{self.file} {self.person}".strip()


def device_loads(recordings: Sequence[Recording], *, zone: ZoneInfo) -> list[DeviceLoad]:
    """Every record of every file on a device; `zone` is the home's, for times that name none."""
    return [load for recording in recordings for load in _of_file(recording, zone)]


def _of_file(recording: Recording, zone: ZoneInfo) -> Iterator[DeviceLoad]:
    people: dict[tuple[str, Kind], list[Record]] = {}
    for row in recording.rows:
        if isinstance(row, Record):
            people.setdefault((row.person, row.kind), []).append(row)
    file = recording.file.name
    for (person, kind), records in people.items():
        readings = [
            Loaded(source=Source(file=file, line=record.line), measurement=measurement)
            for record in sorted(records, key=lambda record: _digits(record.at, zone))
            for measurement in measurements(record, zone)
        ]
        yield DeviceLoad(
            address=address(recording.format.name, file, person, kind),
            kind=kind,
            has_electrodes=any("body_fat" in record.values for record in records),
            file=file,
            person=person,
            readings=tuple(readings),
        )


def measurements(record: Record, zone: ZoneInfo) -> Iterable[Measurement]:
    """What a device would have said: one frame, or two from a scale with electrodes."""
    at = _digits(record.at, zone)
    if record.kind is Kind.GLUCOSE:
        special = record.special.get("glucose")
        yield Measurement(
            kind=Kind.GLUCOSE,
            values=record.values,
            special=record.special,
            flags=(_CENSORED[special],) if special else (),
            device_time=at,
            # The line in the file: what lies beside it says from where it came.
            sequence=record.line % NUMBERS,
            details={"unit": "mg/dL"},
        )
        return
    body_fat = record.values.get("body_fat")
    values = {name: value for name, value in record.values.items() if name != "body_fat"}
    if record.kind is Kind.WEIGHT and "bmi" in values:
        # A scale's frame has both or neither; the height follows from what is there.
        values.setdefault("height", round(100 * math.sqrt(values["weight"] / values["bmi"]), 1))
    yield Measurement(kind=record.kind, values=values, device_time=at)
    if body_fat is not None:
        yield Measurement(kind=Kind.BODY_COMPOSITION, values={"body_fat": body_fat}, device_time=at)


def address(*words: str) -> str:
    """A Bluetooth address that these words always give."""
    digest = _digest(*words)
    # 0xC2 begins a random static address: no real device has it from its maker.
    return ":".join(["C2", *(digest[at : at + 2].upper() for at in range(0, 10, 2))])


def _digits(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """As the device's clock showed it."""
    return at if at.tzinfo is None else at.astimezone(zone).replace(tzinfo=None)


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
