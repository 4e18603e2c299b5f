import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.instants import EPOCH, LOCAL_EPOCH, local_all, micros, told_all

MICROSECOND = dt.timedelta(microseconds=1)
offsets = st.integers(min_value=-1080, max_value=1080).map(
    lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))
)
digits = st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(9998, 12, 31))  # noqa: DTZ001 (digits of a device)


@given(digits, offsets)
def test_microseconds_are_exact(local: dt.datetime, offset: dt.timezone) -> None:
    moment = local.replace(tzinfo=offset)
    assert micros(moment) == (moment - EPOCH) // MICROSECOND
    assert told_all([None, moment, None])[1] == [None, offset.utcoffset(None).total_seconds(), None]


@given(digits)
def test_a_devices_own_digits_have_no_zone(local: dt.datetime) -> None:
    assert local_all([local, None]) == [(local - LOCAL_EPOCH) // MICROSECOND, None]


@given(digits)
def test_a_zone_whose_offset_moves_is_asked_each_time(local: dt.datetime) -> None:
    moment = local.replace(tzinfo=ZoneInfo("America/New_York"))
    assert micros(moment) == (moment.astimezone(dt.UTC) - EPOCH) // MICROSECOND
    assert told_all([moment])[1] == [int((moment.utcoffset() or dt.timedelta()).total_seconds())]


def test_a_moment_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        micros(LOCAL_EPOCH)
