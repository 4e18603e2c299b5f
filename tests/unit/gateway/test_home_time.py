import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gateway.home_time import at_home, candidates, digits_at_home, resolve

NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("America/New_York", "Europe/London", "Asia/Kathmandu", "UTC")]
)
LATE = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


def digits(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_ordinary_digits_name_one_instant() -> None:
    assert candidates(digits("2026-07-01T08:00"), NEW_YORK) == (utc("2026-07-01T12:00"),)


def test_the_hour_that_comes_twice_names_two() -> None:
    assert candidates(digits("2026-11-01T01:30"), NEW_YORK) == (
        utc("2026-11-01T05:30"),
        utc("2026-11-01T06:30"),
    )


def test_the_hour_that_is_skipped_is_what_an_unmoved_clock_meant() -> None:
    assert candidates(digits("2027-03-14T02:30"), NEW_YORK) == (utc("2027-03-14T07:30"),)


def test_in_the_doubled_hour_the_future_is_ruled_out() -> None:
    found = resolve(
        digits("2026-11-01T01:30"), NEW_YORK, not_after=utc("2026-11-01T06:00"), offset=None
    )
    assert found == utc("2026-11-01T05:30")


def test_in_the_doubled_hour_the_device_offset_decides() -> None:
    summer = dt.timedelta(hours=-4)
    found = resolve(digits("2026-11-01T01:30"), NEW_YORK, not_after=LATE, offset=summer)
    assert found == utc("2026-11-01T05:30")


def test_in_the_doubled_hour_without_evidence_the_later_is_taken() -> None:
    found = resolve(digits("2026-11-01T01:30"), NEW_YORK, not_after=LATE, offset=None)
    assert found == utc("2026-11-01T06:30")


def test_an_instant_at_home_has_the_offset_of_that_day() -> None:
    assert at_home(utc("2026-07-01T12:00"), NEW_YORK).isoformat() == "2026-07-01T08:00:00-04:00"


@given(
    st.datetimes(digits("1980-01-01"), digits("2050-01-01"), timezones=st.just(dt.UTC)),
    ZONES,
)
def test_what_a_home_clock_shows_names_the_instant_again(
    instant: dt.datetime, zone: ZoneInfo
) -> None:
    whole = instant.replace(microsecond=0)
    assert whole in candidates(digits_at_home(instant, zone), zone)


@given(st.datetimes(), ZONES)
def test_any_digits_name_an_instant(naive: dt.datetime, zone: ZoneInfo) -> None:
    assert candidates(naive, zone)
