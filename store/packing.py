"""Rows as PostgreSQL's binary COPY takes them. Pure, and made for backlogs.

asyncpg asks a codec for every field of every row: about 8 µs a reading. Here all that is known of
a device and its owner is one ready piece of bytes, kept for as long as that standing holds, and
what has a fixed width goes through `struct` fifty rows at a time: about 3.5 µs, with key
and its request for evaluation.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, repeat
from struct import Struct, error
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from msgspec.json import Encoder
from msgspec.structs import astuple

from store.batch import Row
from store.digest import digests, said_around
from store.instants import DAY_ZERO, local_all, micros, told_all
from store.layouts import (
    KEY_COLUMNS,
    NULL,
    OPTIONAL_COLUMNS,
    READING_COLUMNS,
    REQUEST_COLUMNS,
    Layout,
)

UNPACKABLE: Final = (error, ValueError, OverflowError)
"""A value that fits into no column: the ordinary statements say which, as a data error."""
HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL: Final = b"\xff\xff"
PIECES_MAX: Final = 1_000
"""Of one standing. A device has a few kinds and profiles; strangers send whatever they like."""
TEXT_OID: Final = 25
"""Of the type text in every PostgreSQL."""
ROWS_AT_A_TIME: Final = 250
LAYOUTS_MAX: Final = 1_000
"""There are a dozen; somebody who sends fields in ever other orders must not fill the memory."""


_length: Final = Struct(">i").pack
_count: Final = Struct(">h").pack
_place: Final = Struct(">i16siq").pack
_moment: Final = Struct(">iq").pack
_json: Final = Encoder().encode
_DIGEST_LENGTH: Final = _length(16)


class Pieces(NamedTuple):
    """What readings of one standing, device, kind, time quality and profile have in common."""

    reading: bytes
    """OWNER_COLUMNS without the last three."""
    plain: bytes
    """OWNER_COLUMNS, the last three empty."""
    request: bytes
    """REQUEST_COLUMNS without the last two."""


Shape: TypeAlias = tuple[bool | str, ...]
"""Which optional columns a row lacks, and then the names of its metrics."""


class Memory:
    """Layouts, from batch to batch: one for each process will do."""

    def __init__(self) -> None:
        self._layouts: dict[Shape, Layout] = {}

    def layout(self, shape: Shape) -> Layout:
        known = self._layouts.get(shape)
        if known is not None:
            return known
        if len(self._layouts) >= LAYOUTS_MAX:
            self._layouts.clear()
        bits = shape[: len(OPTIONAL_COLUMNS)]
        absent = [name for name, lacks in zip(OPTIONAL_COLUMNS, bits, strict=True) if lacks]
        metrics = [str(name) for name in shape[len(OPTIONAL_COLUMNS) :]]
        self._layouts[shape] = layout = Layout(absent=absent, metrics=metrics)
        return layout


class Parcel:
    """The rows of one batch, packed, with what is sent for each table."""

    def __init__(self, memory: Memory, rows: Sequence[Row], received_at: dt.datetime) -> None:
        """Raises one of UNPACKABLE."""
        instants, offsets = told_all([row.reading.measured_at for row in rows])
        in_time = sorted(range(len(rows)), key=instants.__getitem__)
        received = _moment(8, micros(received_at))
        keys, readings, requests = list[bytes](), [HEAD], [HEAD]
        for start in range(0, len(rows), ROWS_AT_A_TIME):
            chosen = in_time[start : start + ROWS_AT_A_TIME]
            part = _Part(
                memory,
                [rows[at] for at in chosen],
                instants=[instants[at] for at in chosen],
                offsets=[offsets[at] for at in chosen],
            )
            keys += part.keys
            readings.append(_joined(READING_COLUMNS, repeat(received), *part.readings))
            requests.append(_joined(REQUEST_COLUMNS, *part.requests))
        keys.sort()  # Their first bytes, the length of an id, are all alike, the next are the id.
        self.keys = b"".join((HEAD, _joined(KEY_COLUMNS, keys, repeat(received)), TAIL))
        """For `reading_keys`, by id."""
        self.readings = b"".join((*readings, TAIL))
        """For `readings`, by the instant of measurement."""
        self.requests = b"".join((*requests, TAIL))
        """For `evaluation_queue`, likewise."""


class _Part:
    """Some rows of a batch, column by column: one step in C for all of them costs less than one in
    Python for each. Few enough that what is made of them is still at hand when it is joined.
    """

    def __init__(
        self,
        memory: Memory,
        rows: Sequence[Row],
        *,
        instants: Sequence[int],
        offsets: Sequence[int],
    ) -> None:
        # fmt: off
        (ids, devices, kinds, _, qualities, values, device_times, drifts, sequences, users,
         specials, flags, contexts, frames, profiles, seqs,
        ) = zip(*[astuple(row.reading) for row in rows], strict=True)
        # fmt: on
        sent, _ = told_all([row.sent_at for row in rows])
        days = [row.local_day.toordinal() - DAY_ZERO for row in rows]
        blobs = list(map(bytes.fromhex, frames))
        lengths = [len(blob) or -1 for blob in blobs]
        optional = (sent, local_all(device_times), drifts, sequences, seqs, users)
        fixed = _fixed(memory, (offsets, days), optional, values, lengths)
        places = [
            _place(16, id_.int.to_bytes(16, "big"), 8, instant)
            for id_, instant in zip(ids, instants, strict=True)
        ]
        alike = zip(devices, kinds, qualities, profiles, strict=True)
        pieces = [
            row.standing.packed.get(key) or _pieces(row)
            for row, key in zip(rows, alike, strict=True)
        ]
        owners = [
            piece.reading + _rare(row) if flag or special or context or row.marks else piece.plain
            for row, piece, flag, special, context in zip(
                rows, pieces, flags, specials, contexts, strict=True
            )
        ]
        around = [said_around(context) if context else context for context in contexts]
        said = (devices, kinds, device_times, sequences, users, values, specials, flags, around)
        content = digests(zip(*said, frames, strict=True))
        self.keys = [
            place + _DIGEST_LENGTH + digest for place, digest in zip(places, content, strict=True)
        ]
        self.readings = (owners, places, fixed, blobs)
        self.requests = ([piece.request for piece in pieces], places)


def _joined(columns: Sequence[str], *parts: Iterable[bytes]) -> bytes:
    """Row after row, each from all the parts."""
    return b"".join(chain.from_iterable(zip(repeat(_count(len(columns))), *parts, strict=False)))


def _fixed(
    memory: Memory,
    sure: tuple[Sequence[Any], ...],
    optional: tuple[Sequence[Any], ...],
    values: Sequence[Mapping[str, float]],
    lengths: Sequence[int],
) -> list[bytes]:
    """FIXED_COLUMNS of every row, those of one shape at a time; most batches have a few shapes."""
    shapes: list[Shape] = [
        (a is None, b is None, c is None, d is None, e is None, f is None, *metrics)
        for a, b, c, d, e, f, metrics in zip(*optional, values, strict=True)
    ]
    different = set(shapes)
    columns = (*sure, *optional)
    if len(different) == 1:
        return memory.layout(shapes[0]).pack((*columns, *_metrics(values), lengths))
    packed = [b""] * len(shapes)
    for shape in different:
        places = [place for place, each in enumerate(shapes) if each == shape]
        chosen = [[column[place] for place in places] for column in columns]
        metrics = _metrics([values[place] for place in places])
        own = (*chosen, *metrics, [lengths[place] for place in places])
        for place, block in zip(places, memory.layout(shape).pack(own), strict=True):
            packed[place] = block
    return packed


def _metrics(values: Sequence[Mapping[str, float]]) -> Iterator[tuple[float, ...]]:
    """By column; all have the same names in the same order."""
    return zip(*[each.values() for each in values], strict=True)


def _pieces(row: Row) -> Pieces:
    """Made once for a standing, device, kind, quality and profile."""
    standing, reading = row.standing, row.reading
    organisation, patient = _uuid(standing.organisation_id), _uuid(standing.patient_id)
    kind, attribution = _text(reading.kind), _text(standing.attribution)
    known = b"".join(
        (
            *(organisation, _text(standing.gateway_id), _text(reading.device)),
            *(_uuid(standing.device_id), _uuid(standing.assignment_id), patient),
            *(kind, _text(reading.time_quality), _text(reading.profile), attribution),
            _text(standing.reason),
        )
    )
    made = Pieces(
        reading=known,
        plain=known + _texts(()) + NULL + NULL,
        request=b"".join((organisation, patient, kind, attribution)),
    )
    if len(standing.packed) >= PIECES_MAX:
        standing.packed.clear()
    standing.packed[reading.device, reading.kind, reading.time_quality, reading.profile] = made
    return made


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
