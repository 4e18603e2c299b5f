import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import Chosen, ClockReading, ClockRules, Rule, choose
from vitals.reading import TimeQuality

NEW_YORK = ZoneInfo("America/New_York")
NOON = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)  # 12:00 in New York.
RULES = ClockRules()


def digits(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def local(instant: dt.datetime) -> dt.datetime:
    return instant.astimezone(NEW_YORK).replace(tzinfo=None)


def ahead(seconds: float, *, at: dt.datetime = NOON, was_set: bool = True) -> ClockReading:
    """The device's clock is so many seconds ahead of home time."""
    shown = local(at) + dt.timedelta(seconds=seconds)
    return ClockReading(digits=shown, read_at=at, was_set=was_set)


def chosen(
    device_time: dt.datetime | None,
    *,
    look: ClockReading | None,
    captured_at: dt.datetime = NOON,
    says_unset: bool = False,
    replaced: ClockReading | None = None,
) -> Chosen:
    return choose(
        device_time,
        captured_at=captured_at,
        look=look,
        zone=NEW_YORK,
        rules=RULES,
        says_unset=says_unset,
        replaced=replaced,
    )


@pytest.mark.parametrize(
    ("drift_s", "quality"),
    [
        (59, TimeQuality.DEVICE),
        (60, TimeQuality.DEVICE),
        (61, TimeQuality.CORRECTED),
        (-60, TimeQuality.DEVICE),
        (-61, TimeQuality.CORRECTED),
    ],
)
def test_a_minute_apart_is_agreement(drift_s: float, quality: TimeQuality) -> None:
    found = chosen(digits("2026-11-22T08:00"), look=ahead(drift_s))
    assert found.quality is quality
    assert found.drift_s == drift_s


def test_an_agreeing_clock_is_home_time_across_the_change_of_the_clocks() -> None:
    found = chosen(digits("2026-10-20T08:00"), look=ahead(0))
    assert found.measured_at.isoformat() == "2026-10-20T08:00:00-04:00"
    assert found.rule is Rule.AGREES


@pytest.mark.parametrize("hours", [-26, -1.5, 3, 24 * 365 * 5])
def test_a_free_running_clock_is_shifted_by_its_drift(hours: float) -> None:
    drift_s = hours * 3600
    measured = NOON - dt.timedelta(days=2)
    found = chosen(local(measured) + dt.timedelta(seconds=drift_s), look=ahead(drift_s))
    assert found.measured_at == measured
    assert found.quality is TimeQuality.CORRECTED
    assert found.rule is Rule.DRIFT


def test_a_clock_that_counts_from_1970_tells_how_long_ago() -> None:
    look = ClockReading(digits=digits("1970-01-02T05:00"), read_at=NOON)
    found = chosen(digits("1970-01-01T05:00"), look=look)
    assert found.measured_at == NOON - dt.timedelta(days=1)
    assert found.rule is Rule.CLOCK_NOT_SET


def test_a_clock_in_utc_is_exact_on_both_sides_of_the_change() -> None:
    look = ClockReading(digits=NOON.replace(tzinfo=None), read_at=NOON)
    before = chosen(digits("2026-10-20T12:00"), look=look)
    after = chosen(digits("2026-11-20T12:00"), look=look)
    assert before.rule is after.rule is Rule.KEEPS_UTC
    assert before.measured_at.isoformat() == "2026-10-20T08:00:00-04:00"
    assert after.measured_at.isoformat() == "2026-11-20T07:00:00-05:00"


def test_a_clock_that_nobody_moved_in_autumn_is_exact_on_both_sides() -> None:
    look = ahead(3600)
    before = chosen(digits("2026-10-20T08:00"), look=look)
    after = chosen(digits("2026-11-20T09:00"), look=look)
    assert before.rule is after.rule is Rule.MISSED_DAYLIGHT_SAVING
    assert before.measured_at.isoformat() == "2026-10-20T08:00:00-04:00"
    assert after.measured_at.isoformat() == "2026-11-20T08:00:00-05:00"


def test_a_record_later_than_the_devices_own_clock_is_from_before_its_reset() -> None:
    look = ClockReading(digits=digits("2010-01-01T00:10"), read_at=NOON)
    found = chosen(digits("2026-11-20T08:00"), look=look)
    assert found.measured_at.isoformat() == "2026-11-20T08:00:00-05:00"
    assert found.rule is Rule.BEFORE_RESET


def test_a_record_made_after_the_clock_was_set_in_this_session() -> None:
    look = ClockReading(digits=digits("2010-01-01T00:10"), read_at=NOON, was_set=True)
    at = NOON + dt.timedelta(seconds=40)
    found = chosen(local(at), look=look, captured_at=at)
    assert found.measured_at == at
    assert found.rule is Rule.AFTER_SET


@pytest.mark.parametrize(
    ("seconds", "rule"),
    [(119, Rule.NOT_CHECKED), (120, Rule.NOT_CHECKED), (121, Rule.FROM_THE_FUTURE)],
)
def test_two_minutes_into_the_future_is_rounding(seconds: int, rule: Rule) -> None:
    found = chosen(local(NOON) + dt.timedelta(seconds=seconds), look=None)
    assert found.rule is rule


@pytest.mark.parametrize(
    ("days", "rule"),
    [(189, Rule.NOT_CHECKED), (190, Rule.NOT_CHECKED), (191, Rule.TOO_OLD)],
)
def test_an_unchecked_clock_is_believed_for_half_a_year(days: int, rule: Rule) -> None:
    measured = NOON - dt.timedelta(days=days)
    assert chosen(local(measured), look=None).rule is rule


@pytest.mark.parametrize(
    ("days", "rule"), [(1099, Rule.AGREES), (1100, Rule.AGREES), (1101, Rule.TOO_OLD)]
)
def test_a_checked_clock_is_believed_for_three_years(days: int, rule: Rule) -> None:
    measured = NOON - dt.timedelta(days=days)
    assert chosen(local(measured), look=ahead(0)).rule is rule


@pytest.mark.parametrize(
    ("device_time", "rule"),
    [
        (None, Rule.NO_DEVICE_TIME),
        (digits("1970-01-01T00:00"), Rule.CLOCK_NOT_SET),
        (digits("2010-01-01T00:03"), Rule.CLOCK_NOT_SET),
        (digits("2021-11-22T12:00"), Rule.TOO_OLD),
        (digits("2031-11-22T12:00"), Rule.FROM_THE_FUTURE),
        (digits("9998-12-31T23:59"), Rule.FROM_THE_FUTURE),
        (digits("1900-01-01T00:00"), Rule.TOO_OLD),
    ],
)
def test_what_cannot_be_true_gives_way_to_the_hubs_clock(
    device_time: dt.datetime | None, rule: Rule
) -> None:
    found = chosen(device_time, look=None)
    assert found.measured_at == NOON
    assert found.quality is TimeQuality.GATEWAY
    assert found.rule is rule


def test_a_device_that_says_its_clock_was_never_set_is_taken_at_its_word() -> None:
    found = chosen(local(NOON), look=None, says_unset=True)
    assert found.rule is Rule.CLOCK_NOT_SET
    assert found.quality is TimeQuality.GATEWAY


def test_drift_in_the_doubled_hour_is_the_smaller_one() -> None:
    at = dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)  # 01:30, the second time.
    found = chosen(
        digits("2026-11-01T01:29"),
        look=ClockReading(digits=digits("2026-11-01T01:30"), read_at=at),
        captured_at=at,
    )
    assert found.drift_s == 0
    assert found.measured_at.astimezone(dt.UTC) == at - dt.timedelta(minutes=1)


ANY_DIGITS = st.none() | st.datetimes(digits("1900-01-01"), digits("9998-12-31"))


@given(device_time=ANY_DIGITS, shown=ANY_DIGITS, was_set=st.booleans())
def test_any_clocks_give_a_believable_time(
    *, device_time: dt.datetime | None, shown: dt.datetime | None, was_set: bool
) -> None:
    look = None if shown is None else ClockReading(digits=shown, read_at=NOON, was_set=was_set)
    found = chosen(device_time, look=look)
    assert NOON - dt.timedelta(days=1100) <= found.measured_at <= NOON + dt.timedelta(seconds=120)


def test_a_record_left_behind_when_the_clock_was_set_is_timed_by_the_clock_before() -> None:
    """Two hours behind, set at noon; a visit at one o'clock finds a record made at nine."""
    replaced = ClockReading(digits=local(NOON) - dt.timedelta(hours=2), read_at=NOON, was_set=True)
    later = NOON + dt.timedelta(hours=1)
    right = ClockReading(digits=local(later), read_at=later)
    made = NOON - dt.timedelta(hours=3)
    found = chosen(
        local(made) - dt.timedelta(hours=2), look=right, captured_at=later, replaced=replaced
    )
    assert found.measured_at == made
    assert found.quality is TimeQuality.CORRECTED
    assert found.rule is Rule.BEFORE_SET


@pytest.mark.parametrize(
    ("seconds", "rule"), [(-61, Rule.BEFORE_SET), (-60, Rule.AGREES), (-59, Rule.AGREES)]
)
def test_digits_from_where_the_clock_was_set_to_are_of_the_clock_as_set(
    seconds: int, rule: Rule
) -> None:
    replaced = ClockReading(digits=local(NOON) - dt.timedelta(hours=2), read_at=NOON, was_set=True)
    found = chosen(
        local(NOON) + dt.timedelta(seconds=seconds),
        look=ahead(0),
        captured_at=NOON + dt.timedelta(hours=3),
        replaced=replaced,
    )
    assert found.rule is rule
