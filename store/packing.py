"""Rows as PostgreSQL's binary COPY takes them. Pure, and made for backlogs.

asyncpg asks a codec for every field of every row: about 8 µs a reading. Here all that is known of
a device and its owner is one ready piece of bytes, kept from batch to batch, and what has a fixed
width is one `struct` call: about 3 µs with the keys and the requests for evaluation.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from struct import Struct, error
from typing import Final, NamedTuple
from uuid import UUID

from msgspec.json import Encoder

from store.batch import Row
from store.digest import digest
from store.instants import DAY_ZERO, local_micros, micros, offset_s
from store.layouts import NULL, OPTIONAL_COLUMNS, READING_COLUMNS, REQUEST_COLUMNS, Layout

UNPACKABLE: Final = (error, ValueError, OverflowError)
"""A value that fits into no column: the ordinary statements say which, as a data error."""
HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL: Final = b"\xff\xff"
OWNERS_MAX: Final = 50_000
TEXT_OID: Final = 25
"""Of the type text in every PostgreSQL."""
LAYOUTS_MAX: Final = 1_000
"""There are a dozen; somebody who sends fields in ever other orders must not fill the memory."""


_length: Final = Struct(">i").pack
_count: Final = Struct(">h").pack
_key: Final = Struct(">hi16siqi16siq").pack
_request: Final = Struct(">i16siq").pack
_json: Final = Encoder().encode


class Owner(NamedTuple):
    """The ready pieces of a device's rows, and the ids that they hold for."""

    organisation_id: UUID
    device_id: UUID | None
    assignment_id: UUID | None
    patient_id: UUID | None
    reading: bytes
    """OWNER_COLUMNS without the last three."""
    plain: bytes
    """OWNER_COLUMNS, the last three empty."""
    request: bytes
    """REQUEST_COLUMNS without the last two."""


class Memory:
    """Owners and layouts, from batch to batch: one for each process will do."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str | None, ...], Owner] = {}
        self._layouts: dict[tuple[bool | str, ...], Layout] = {}

    def layout(self, key: tuple[bool | str, ...]) -> Layout:
        """By which optional columns are absent, and then the names of the metrics."""
        known = self._layouts.get(key)
        if known is not None:
            return known
        if len(self._layouts) >= LAYOUTS_MAX:
            self._layouts.clear()
        bits = key[: len(OPTIONAL_COLUMNS)]
        absent = [name for name, lacks in zip(OPTIONAL_COLUMNS, bits, strict=True) if lacks]
        metrics = [str(name) for name in key[len(OPTIONAL_COLUMNS) :]]
        self._layouts[key] = layout = Layout(absent=absent, metrics=metrics)
        return layout

    def owner(self, row: Row) -> Owner:
        """Compared by the identity of the ids, not by their values, which costs a call in Python
        each: the directory hands out the same ones until it is renewed.
        """
        reading = row.reading
        key = (
            row.gateway_id,
            reading.device,
            reading.kind,
            reading.time_quality,
            reading.profile,
            row.attribution,
            row.reason,
        )
        known = self._owners.get(key)
        if (
            known is not None
            and known.organisation_id is row.organisation_id
            and known.device_id is row.device_id
            and known.assignment_id is row.assignment_id
            and known.patient_id is row.patient_id
        ):
            return known
        if len(self._owners) >= OWNERS_MAX:
            self._owners.clear()
        self._owners[key] = owner = _owner_of(row)
        return owner


class Parcel:
    """The rows of one batch, packed."""

    def __init__(self, memory: Memory, rows: Sequence[Row], received_at: dt.datetime) -> None:
        """Raises one of UNPACKABLE."""
        self._layout = memory.layout
        self._rows = rows
        self._received = micros(received_at)
        self._instants = [micros(row.reading.measured_at) for row in rows]
        self._ids = [row.reading.id.int.to_bytes(16, "big") for row in rows]
        self._owners = [memory.owner(row) for row in rows]
        order = sorted(range(len(rows)), key=self._instants.__getitem__)
        self.keys = self._packed_keys()
        """For `reading_keys`, by id."""
        self.readings = _joined(part for place in order for part in self._reading(place))
        """For `readings`, by the instant of measurement."""
        self.requests = _joined(map(self._request, order))
        """For `evaluation_queue`, likewise."""

    def _packed_keys(self) -> bytes:
        received = self._received
        packed = [
            _key(4, 16, id_, 8, instant, 16, digest(row.reading), 8, received)
            for row, id_, instant in zip(self._rows, self._ids, self._instants, strict=True)
        ]
        packed.sort()  # Their first bytes are all alike, the next ones are the id.
        return _joined(packed)

    def _request(self, place: int) -> bytes:
        return self._owners[place].request + _request(
            16, self._ids[place], 8, self._instants[place]
        )

    def _reading(self, place: int) -> tuple[bytes, ...]:
        row = self._rows[place]
        reading = row.reading
        sent_at, device_time, drift_s = row.sent_at, reading.device_time, reading.clock_drift_s
        sequence, seq, user = reading.sequence, reading.seq, reading.user
        frame = bytes.fromhex(reading.frame)
        layout = self._layout(
            (
                sent_at is None,
                device_time is None,
                drift_s is None,
                sequence is None,
                seq is None,
                user is None,
                *reading.values,
            )
        )
        fixed = layout.pack(
            (
                self._ids[place],
                self._received,
                self._instants[place],
                offset_s(reading.measured_at),
                row.local_day.toordinal() - DAY_ZERO,
                None if sent_at is None else micros(sent_at),
                None if device_time is None else local_micros(device_time),
                drift_s,
                sequence,
                seq,
                user,
            ),
            reading.values,
            len(frame) or -1,
        )
        owner = self._owners[place]
        if reading.flags or row.marks or reading.special or reading.context:
            return (owner.reading, _rare(row), fixed, frame)
        return (owner.plain, fixed, frame)


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join((HEAD, *parts, TAIL))


def _owner_of(row: Row) -> Owner:
    reading = row.reading
    organisation, patient = _uuid(row.organisation_id), _uuid(row.patient_id)
    kind, attribution = _text(reading.kind), _text(row.attribution)
    known = b"".join(
        (
            _count(len(READING_COLUMNS)),
            *(organisation, _text(row.gateway_id), _text(reading.device)),
            *(_uuid(row.device_id), _uuid(row.assignment_id), patient),
            *(kind, _text(reading.time_quality), _text(reading.profile), attribution),
            _text(row.reason),
        )
    )
    return Owner(
        organisation_id=row.organisation_id,
        device_id=row.device_id,
        assignment_id=row.assignment_id,
        patient_id=row.patient_id,
        reading=known,
        plain=known + _texts(()) + NULL + NULL,
        request=b"".join((_count(len(REQUEST_COLUMNS)), organisation, patient, kind, attribution)),
    )


def _rare(row: Row) -> bytes:
    """Flags, special values and context: most readings have none."""
    reading = row.reading
    return _texts(reading.flags + row.marks) + _jsonb(reading.special) + _jsonb(reading.context)


def _field(content: bytes | None) -> bytes:
    return NULL if content is None else _length(len(content)) + content


def _uuid(value: UUID | None) -> bytes:
    return _field(None if value is None else value.bytes)


def _text(value: str | None) -> bytes:
    return _field(None if value is None else value.encode())


def _jsonb(value: object) -> bytes:
    return _field(b"\x01" + _json(value) if value else None)  # 1: the version of the format.


@lru_cache(maxsize=1024)
def _texts(words: tuple[str, ...]) -> bytes:
    """An array: dimensions, whether it holds nulls, the type of its elements, then length, first
    index and the elements.
    """
    if not words:
        return _field(Struct(">iii").pack(0, 0, TEXT_OID))
    head = Struct(">iiiii").pack(1, 0, TEXT_OID, len(words), 1)
    return _field(head + b"".join(map(_text, words)))
