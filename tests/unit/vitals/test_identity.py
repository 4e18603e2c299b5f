"""The same record gets the same id; two acts of measuring never share one."""

import datetime as dt
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitals.identity import EPOCH, reading_id
from vitals.kinds import Kind

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
TAKEN = dt.datetime(2026, 11, 22, 11, 59, 30)  # noqa: DTZ001 - device digits have no zone
FRAME = bytes.fromhex("167c0056006100e807060f11111b33000800")


def an_id(
    *,
    device: str = "A0:B1:C2:D3:E4:F5",
    kind: Kind = Kind.BLOOD_PRESSURE,
    frame: bytes = FRAME,
    device_time: dt.datetime | None = TAKEN,
    sequence: int | None = None,
    captured_at: dt.datetime = NOON,
) -> UUID:
    return reading_id(
        device=device,
        kind=kind,
        frame=frame,
        device_time=device_time,
        sequence=sequence,
        captured_at=captured_at,
    )


def test_the_recipe_is_pinned_because_stored_ids_depend_on_it() -> None:
    assert an_id() == UUID("01a20320-2cd0-8ded-a50b-4ceae3f36c01")


def test_an_id_begins_with_the_time_so_that_keys_of_one_day_stand_together() -> None:
    moments = [TAKEN + dt.timedelta(seconds=second) for second in range(1, 5)]
    ids = [an_id(device_time=moment) for moment in moments]
    assert ids == sorted(ids)
    assert {id_.bytes[6] >> 4 for id_ in ids} == {8}
    assert {id_.variant for id_ in ids} == {RFC_4122}


def test_the_time_of_a_record_without_one_is_that_of_its_capture() -> None:
    assert an_id(device_time=None).int >> 80 == int(NOON.timestamp() * 1000)


def test_a_number_without_a_time_promises_no_time() -> None:
    assert an_id(device_time=None, sequence=7).int >> 80 == 0


@pytest.mark.parametrize(
    ("taken", "ms"),
    [
        (dt.datetime(1, 1, 1), 0),  # noqa: DTZ001 - device digits have no zone
        (EPOCH - dt.timedelta(milliseconds=1), 0),
        (EPOCH, 0),
        (EPOCH + dt.timedelta(milliseconds=1), 1),
        (dt.datetime(9999, 12, 31), 253402214400000),  # noqa: DTZ001 - as above
    ],
)
def test_a_clock_that_says_nonsense_still_makes_an_id(taken: dt.datetime, ms: int) -> None:
    assert an_id(device_time=taken).int >> 80 == ms


def test_a_timed_record_is_the_same_reading_whenever_it_is_sent_again() -> None:
    assert an_id(captured_at=NOON) == an_id(captured_at=NOON + dt.timedelta(days=3))


def test_a_numbered_record_is_the_same_reading_whenever_it_is_sent_again() -> None:
    first = an_id(device_time=None, sequence=7)
    assert first == an_id(device_time=None, sequence=7, captured_at=NOON + dt.timedelta(days=3))


def test_a_record_without_time_or_number_is_told_apart_by_when_it_was_captured() -> None:
    today = an_id(device_time=None)
    tomorrow = an_id(device_time=None, captured_at=NOON + dt.timedelta(days=1))
    assert today != tomorrow


def test_the_zone_in_which_the_capture_is_written_does_not_matter() -> None:
    paris = dt.timezone(dt.timedelta(hours=1))
    assert an_id(device_time=None) == an_id(device_time=None, captured_at=NOON.astimezone(paris))


def test_the_case_of_the_device_address_does_not_matter() -> None:
    assert an_id(device="a0:b1:c2:d3:e4:f5") == an_id()


def test_another_device_kind_time_number_or_value_is_another_reading() -> None:
    ids = {
        an_id(),
        an_id(device="A0:B1:C2:D3:E4:F6"),
        an_id(kind=Kind.WEIGHT),
        an_id(device_time=TAKEN + dt.timedelta(seconds=1)),
        an_id(sequence=1),
        an_id(sequence=2),
        an_id(frame=FRAME[:-1] + b"\x01"),
    }
    assert len(ids) == 7


@given(st.binary(min_size=1, max_size=40), st.binary(min_size=1, max_size=40))
def test_frames_share_an_id_only_when_they_are_equal(one: bytes, other: bytes) -> None:
    assert (an_id(frame=one) == an_id(frame=other)) == (one == other)
