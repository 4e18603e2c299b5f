"""What is packed for COPY reads back as what the ordinary statements send."""

import datetime as dt
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.batch import Row
from store.columns import COLUMNS, columns
from store.digest import digest
from store.instants import EPOCH, LOCAL_EPOCH
from store.layouts import AT_ONCE, KEY_COLUMNS, READING_COLUMNS, REQUEST_COLUMNS
from store.packing import HEAD, ROWS_AT_A_TIME, TAIL, UNPACKABLE, Memory, Parcel
from tests.rows import MEASURED, ORGANISATION, PATIENT, RECEIVED, reading, restood, row
from vitals.flags import Special
from vitals.kinds import PANELS, Kind
from vitals.reading import TimeQuality

US: Final = dt.timedelta(microseconds=1)


def number(letter: str) -> Callable[[bytes], Any]:
    return lambda field: struct.unpack(f">{letter}", field)[0]


def moment(field: bytes) -> dt.datetime:
    return EPOCH + int(number("q")(field)) * US


def words(field: bytes) -> list[str]:
    dimensions, _, _ = struct.unpack(">iii", field[:12])
    return [each.decode() for each in fields(field[20:])] if dimensions else []


def json(field: bytes) -> Any:
    assert field[0] == 1
    return msgspec.json.decode(field[1:])


READ: Final[dict[str, Callable[[bytes], Any]]] = (
    dict.fromkeys(COLUMNS, number("d"))
    | dict.fromkeys(("kind", "time_quality", "profile", "attribution", "reason"), bytes.decode)
    | dict.fromkeys(("gateway_id", "device"), bytes.decode)
    | {name: lambda field: UUID(bytes=field) for name in COLUMNS if name.endswith("id")}
    | {"gateway_id": bytes.decode, "reading_id": lambda field: UUID(bytes=field)}
    | dict.fromkeys(("measured_at", "sent_at", "received_at"), moment)
    | {"device_time": lambda field: LOCAL_EPOCH + number("q")(field) * US}
    | {"local_day": lambda field: dt.date(2000, 1, 1) + dt.timedelta(number("i")(field))}
    | {"utc_offset_s": number("i"), "sequence": number("q"), "seq": number("q")}
    | {"user_slot": number("h"), "frame": bytes, "digest": bytes}
    | {"flags": words, "special": json, "context": json}
)


def fields(packed: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(packed):
        (size,) = struct.unpack_from(">i", packed, at)
        yield packed[at + 4 : at + 4 + size]
        at += 4 + size


def tuples(packed: bytes, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The rows of a binary COPY, as PostgreSQL's manual describes it; absent columns left out."""
    assert packed.startswith(HEAD)
    at = len(HEAD)
    while packed[at : at + 2] != TAIL:
        (count,) = struct.unpack_from(">h", packed, at)
        assert count == len(names)
        at += 2
        found = {}
        for name in names:
            (size,) = struct.unpack_from(">i", packed, at)
            at += 4
            if size >= 0:
                found[name] = READ[name](packed[at : at + size])
                at += size
        yield found
    assert at + 2 == len(packed)


def sent_otherwise(of: Row) -> dict[str, Any]:
    """The same row as the statements take it, in the terms of `tuples`."""
    found = {
        name: column[0]
        for name, column in zip(COLUMNS, columns([of]), strict=True)
        if column is not None and column[0] is not None
    }
    found["flags"] = list(of.reading.flags + of.marks)
    for name in ("special", "context"):
        if name in found:
            found[name] = msgspec.json.decode(found[name])
    return found | {"received_at": RECEIVED}


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
whole = st.integers(min_value=0, max_value=2**62)
moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(9998, 1, 1))  # noqa: DTZ001 (digits)
offsets = st.integers(-1080, 1080).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))


@st.composite
def readings_of_any_kind(draw: st.DrawFn) -> Row:
    kind = draw(st.sampled_from(Kind))
    names = [metric.name for metric in PANELS[kind].metrics]
    finite = st.floats(allow_nan=False, allow_infinity=False)
    of = reading(
        id=draw(st.uuids()),
        kind=kind,
        device=draw(texts),
        measured_at=draw(moments).replace(tzinfo=draw(offsets)),
        time_quality=draw(st.sampled_from(TimeQuality)),
        values=draw(st.dictionaries(st.sampled_from(names), finite)),
        device_time=draw(st.none() | moments),
        clock_drift_s=draw(st.none() | finite),
        sequence=draw(st.none() | whole),
        user=draw(st.none() | st.integers(0, 255)),
        special=draw(st.dictionaries(st.sampled_from(names), st.sampled_from(Special))),
        flags=tuple(draw(st.lists(texts, max_size=3))),
        context=draw(st.dictionaries(texts, texts | finite, max_size=3)),
        frame=draw(st.binary(max_size=40)).hex(),
        profile=draw(texts),
        seq=draw(st.none() | whole),
    )
    return row(
        of,
        gateway_id=draw(st.sampled_from(["gw-1", "gw-2"])),
        local_day=draw(moments).date(),
        sent_at=draw(st.none() | st.just(MEASURED)),
        device_id=draw(st.none() | st.uuids()),
        assignment_id=draw(st.none() | st.uuids()),
        patient_id=draw(st.none() | st.just(PATIENT)),
        reason=draw(st.none() | texts),
        marks=draw(st.sampled_from([(), ("late",)])),
    )


MEMORY: Final = Memory()


@given(st.lists(readings_of_any_kind(), max_size=6, unique_by=lambda of: of.reading.id))
def test_any_reading_is_packed_as_the_statements_send_it(rows: list[Row]) -> None:
    parcel = Parcel(MEMORY, rows, RECEIVED)
    in_time = sorted(rows, key=lambda of: of.reading.measured_at)
    expected = [sent_otherwise(of) for of in in_time]
    assert list(tuples(parcel.readings, READING_COLUMNS)) == expected
    assert list(tuples(parcel.requests, REQUEST_COLUMNS)) == [
        {"reading_id" if name == "id" else name: of[name] for name in ("id", *wanted(of))}
        for of in expected
    ]
    assert list(tuples(parcel.keys, KEY_COLUMNS)) == [
        {
            "id": of.reading.id,
            "measured_at": of.reading.measured_at,
            "digest": digest(of.reading),
            "received_at": RECEIVED,
        }
        for of in sorted(rows, key=lambda of: of.reading.id)
    ]


@pytest.mark.parametrize("count", [AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, ROWS_AT_A_TIME + 1])
@pytest.mark.parametrize("alike", [True, False])
def test_many_rows_keep_their_own_values(count: int, *, alike: bool) -> None:
    """In any order of time, some lacking what their neighbours have."""
    rows = [
        row(
            reading(
                measured_at=MEASURED + dt.timedelta(seconds=number * 7919 % count),
                values={"systolic": 100.0 + number, "diastolic": 60.0 + number},
                sequence=number if alike or number % 3 else None,
                user=number % 200 if alike or number % 5 else None,
                frame=f"{number:04x}" if alike or number % 7 else "",
            )
        )
        for number in range(count)
    ]
    parcel = Parcel(MEMORY, rows, RECEIVED)
    in_time = sorted(rows, key=lambda of: of.reading.measured_at)
    found = list(tuples(parcel.readings, READING_COLUMNS))
    assert found == [sent_otherwise(of) for of in in_time]
    asked = [of["reading_id"] for of in tuples(parcel.requests, REQUEST_COLUMNS)]
    assert asked == [of.reading.id for of in in_time]
    said = {of["id"]: of["digest"] for of in tuples(parcel.keys, KEY_COLUMNS)}
    assert said == {of.reading.id: digest(of.reading) for of in rows}


def wanted(of: dict[str, Any]) -> set[str]:
    return set(REQUEST_COLUMNS) & set(of)


def test_an_owner_is_not_taken_for_the_one_before() -> None:
    """The same device, and another patient, assignment or organisation: never the old bytes."""
    memory, first = Memory(), row()
    others = [
        restood(first, patient_id=UUID(int=7)),
        restood(first, patient_id=None, attribution="quarantined", reason="unassigned"),
        restood(first, organisation_id=UUID(int=8)),
        restood(first, assignment_id=UUID(int=9)),
        restood(first, device_id=UUID(int=10)),
        first,
    ]
    for each in [first, *others]:
        (found,) = tuples(Parcel(memory, [each], RECEIVED).readings, READING_COLUMNS)
        assert found == sent_otherwise(each)
    assert first.organisation_id == ORGANISATION


@pytest.mark.parametrize(
    "changes",
    [
        {"user": 2**15},
        {"sequence": 2**63},
        {"frame": "0"},
        {"device": "\ud800"},
        {"values": {"pulse": "x"}},
    ],
)
def test_what_fits_into_no_column_is_said(changes: dict[str, Any]) -> None:
    with pytest.raises(UNPACKABLE):
        Parcel(Memory(), [row(reading(**changes))], RECEIVED)


def test_the_columns_are_those_of_the_statement() -> None:
    left_to_their_defaults = {"conflict_with", "variant"}
    assert {*READING_COLUMNS} == {*COLUMNS, "received_at"} - left_to_their_defaults
    assert len(set(READING_COLUMNS)) == len(READING_COLUMNS)
