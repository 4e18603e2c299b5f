"""Date Time and Current Time: what a device's clock shows, believed only where it can be."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_profiles import current_time, date_time
from device_profiles.current_time import AdjustReason, CurrentTime
from device_profiles.errors import DecodeError, EncodeError

MORNING = dt.datetime(2026, 11, 22, 8, 15, 5)  # noqa: DTZ001 - device digits have no zone
digits = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(9998, 12, 31))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("sent", "believed"),
    [
        ("6b070101000000", None),  # 1899
        ("6c070101000000", dt.datetime(1900, 1, 1)),  # noqa: DTZ001
        ("0e270c1f173b3b", dt.datetime(9998, 12, 31, 23, 59, 59)),  # noqa: DTZ001
        ("0f270101000000", None),  # 9999
        ("00000000121a20", None),
        ("ea070016000000", None),  # Month unknown.
        ("ea070d16000000", None),  # Month 13.
        ("ea070b00000000", None),  # Day unknown.
        ("ea07021d000000", None),  # 29 February of no leap year.
        ("ea070b16180000", None),  # Hour 24.
        ("ea070b16003c00", None),  # Minute 60.
        ("ea070b1600003c", None),  # Second 60.
        ("ea070b16080f05", MORNING),
        ("ffffffffffffff", None),
    ],
)
def test_a_moment_that_cannot_be_is_none(sent: str, believed: dt.datetime | None) -> None:
    assert date_time.parse(bytes.fromhex(sent)) == believed


@given(digits)
def test_a_date_time_round_trips_to_the_second(moment: dt.datetime) -> None:
    assert date_time.parse(date_time.encode(moment)) == moment.replace(microsecond=0)


@given(st.binary(min_size=7, max_size=7))
def test_impossible_digits_round_trip_as_text(sent: bytes) -> None:
    assert date_time.parse_digits(date_time.digits(sent)) == sent


@pytest.mark.parametrize("text", ["", "2026-11-22", "x-y-zT1:2:3", "2026-11-22T08:15:999"])
def test_a_text_that_is_no_date_time_is_refused(text: str) -> None:
    with pytest.raises(EncodeError):
        date_time.parse_digits(text)


def test_an_unknown_moment_is_sent_as_zeros() -> None:
    assert date_time.encode(None) == bytes(7)


@pytest.mark.parametrize(
    ("minutes", "moved"),
    [
        (0, MORNING),
        (-120, MORNING - dt.timedelta(hours=2)),
        (32767, MORNING + dt.timedelta(minutes=32767)),
    ],
)
def test_an_offset_moves_a_moment(minutes: int, moved: dt.datetime) -> None:
    assert date_time.shifted(MORNING, minutes=minutes) == moved


@pytest.mark.parametrize(
    ("moment", "minutes"),
    [
        (dt.datetime(1900, 1, 1), -1),  # noqa: DTZ001
        (dt.datetime(9998, 12, 31, 23, 59), 1),  # noqa: DTZ001
        (dt.datetime(9999, 12, 31, 23, 59), 1),  # noqa: DTZ001
    ],
)
def test_an_offset_out_of_the_years_we_believe_gives_none(
    moment: dt.datetime, minutes: int
) -> None:
    assert date_time.shifted(moment, minutes=minutes) is None


def test_a_current_time_says_when_and_why() -> None:
    shown = current_time.decode(bytes.fromhex("ea070b16080f05078004ff"))
    assert shown == CurrentTime(
        time=MORNING, weekday=7, fractions256=128, adjust_reason=4, extra=b"\xff"
    )


@given(digits)
def test_a_current_time_round_trips_to_the_256th_second(moment: dt.datetime) -> None:
    shown = current_time.decode(current_time.encode(moment, adjust_reason=AdjustReason.TIME_ZONE))
    assert shown.time == moment.replace(microsecond=0)
    assert shown.weekday == moment.isoweekday()
    assert shown.fractions256 == moment.microsecond * 256 // 1_000_000
    assert shown.adjust_reason == AdjustReason.TIME_ZONE


@pytest.mark.parametrize("length", range(10))
def test_a_current_time_cut_short_is_refused(length: int) -> None:
    with pytest.raises(DecodeError):
        current_time.decode(current_time.encode(MORNING)[:length])
