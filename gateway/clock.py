"""When was it measured? Which of two clocks to believe, and why. Pure.

A device sends digits without a zone, from a clock that somebody may have set once. The hub has a
clock that NTP keeps. What the device's clock said when the hub looked at it, before setting it, is
the one piece of evidence that joins them.

- It was read and agreed: its digits are home-local time, daylight saving and all.
- It was read and disagreed: it is a *free-running* clock, some constant amount away from UTC. The
  record's digits minus that amount are the instant. The same rule covers a clock kept in UTC and a
  clock that nobody moved for daylight saving, exactly, on both sides of the change: so there is no
  guessing at what the clock was meant to show.
- It agrees now because the hub has set it, and the record is from before that: a visit that broke
  off left it on the device. It is timed by what the clock showed before it was set.
- It was not read: its digits are believed if they could be true, for a while back.
- Nothing believable: the moment at which the hub got the frame.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from gateway.home_time import at_home, candidates, resolve
from vitals.reading import TimeQuality

UNSET_YEARS = (1970, 1980, 2000, 2001, 2005, 2008, 2010, 2012, 2014, 2015, 2016, 2017, 2018, 2019)
"""Where clocks start to count after a battery change; only names the reason, decides nothing."""
UNSET_FOR = dt.timedelta(days=31)
ONE_DAY = dt.timedelta(days=1)


class Rule(StrEnum):
    """Why this time was chosen. Stored with the reading."""

    AGREES = "device_clock_agrees"
    NOT_CHECKED = "device_clock_not_checked"
    BEFORE_RESET = "before_the_clock_was_reset"
    BEFORE_SET = "before_the_clock_was_set"
    AFTER_SET = "after_the_clock_was_set"
    DRIFT = "drift_corrected"
    KEEPS_UTC = "device_keeps_utc"
    MISSED_DAYLIGHT_SAVING = "device_missed_daylight_saving"
    NO_DEVICE_TIME = "no_device_time"
    CLOCK_NOT_SET = "device_clock_not_set"
    FROM_THE_FUTURE = "device_time_in_the_future"
    TOO_OLD = "device_time_too_old"
    HUB_HAD_NO_CLOCK = "hub_had_no_clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """The thresholds."""

    agrees_s: float = 60
    """Many cuffs keep no seconds: a minute apart is agreement. The clinic may say otherwise."""
    future_s: float = 120
    """A record cannot be later than its arrival by more than two roundings to a minute."""
    oldest_checked_days: float = 1100
    """A glucose meter holds 700 to 1,000 tests: three years at one a day."""
    oldest_unchecked_days: float = 190
    """A wrong year is the commonest mistake of a thumb, so stay well below one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """What the device's clock showed in this session, before the hub touched it."""

    digits: dt.datetime
    """Naive."""
    read_at: dt.datetime
    """The hub's clock at that moment, aware."""
    was_set: bool = False
    """The hub set the device's clock after this look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The answer."""

    measured_at: dt.datetime
    """With the home's offset from UTC then."""
    quality: TimeQuality
    rule: Rule
    drift_s: float | None
    """Device clock minus hub clock, the device's digits taken as home-local time."""


def drift_s(look: ClockReading, zone: ZoneInfo) -> float:
    """Device clock minus hub clock in seconds; in the doubled hour the smaller of the two."""
    gaps = [one - look.read_at for one in candidates(look.digits, zone)]
    return round(min(gaps, key=abs).total_seconds(), 1)


def choose(
    device_time: dt.datetime | None,
    *,
    captured_at: dt.datetime,
    look: ClockReading | None,
    zone: ZoneInfo,
    rules: ClockRules,
    says_unset: bool = False,
    replaced: ClockReading | None = None,
) -> Chosen:
    """Decide when a record was measured.

    `device_time` are the record's own digits; `captured_at` is when the hub got the frame;
    `says_unset` is the device's own flag that its clock was never set; `replaced` is the wrong time
    that the device showed when the hub last had to set it, in an earlier session.
    """
    drift = None if look is None else drift_s(look, zone)
    if device_time is None:
        found = (captured_at, TimeQuality.GATEWAY, Rule.NO_DEVICE_TIME)
    elif look is None:
        found = _unchecked(device_time, captured_at, zone, rules, says_unset=says_unset)
    elif drift is not None and abs(drift) <= rules.agrees_s:
        found = _left_behind(device_time, captured_at, replaced, zone, rules) or _agreeing(
            device_time, captured_at, look, zone, rules
        )
    else:
        found = _disagreeing(device_time, captured_at, look, zone, rules)
    instant, quality, rule = found
    return Chosen(measured_at=at_home(instant, zone), quality=quality, rule=rule, drift_s=drift)


_Found = tuple[dt.datetime, TimeQuality, Rule]


def _unchecked(
    digits: dt.datetime,
    captured_at: dt.datetime,
    zone: ZoneInfo,
    rules: ClockRules,
    *,
    says_unset: bool,
) -> _Found:
    if says_unset:
        return captured_at, TimeQuality.GATEWAY, Rule.CLOCK_NOT_SET
    latest = captured_at + dt.timedelta(seconds=rules.future_s)
    instant = resolve(digits, zone, not_after=latest, offset=None)
    wrong = _impossible(instant, digits, captured_at, rules, oldest=rules.oldest_unchecked_days)
    if wrong is not None:
        return captured_at, TimeQuality.GATEWAY, wrong
    return instant, TimeQuality.DEVICE, Rule.NOT_CHECKED


def _left_behind(
    digits: dt.datetime,
    captured_at: dt.datetime,
    replaced: ClockReading | None,
    zone: ZoneInfo,
    rules: ClockRules,
) -> _Found | None:
    """Since it was set the clock has shown only later digits than it was set to."""
    if replaced is None:
        return None
    set_to = at_home(replaced.read_at, zone).replace(tzinfo=None)
    if digits >= set_to - dt.timedelta(seconds=rules.agrees_s):
        return None
    instant = _minus(digits, _offset(replaced))
    if _impossible(instant, digits, captured_at, rules, oldest=rules.oldest_checked_days):
        return None
    return instant, TimeQuality.CORRECTED, Rule.BEFORE_SET


def _agreeing(
    digits: dt.datetime,
    captured_at: dt.datetime,
    look: ClockReading,
    zone: ZoneInfo,
    rules: ClockRules,
) -> _Found:
    latest = captured_at + dt.timedelta(seconds=rules.future_s)
    instant = resolve(digits, zone, not_after=latest, offset=_offset(look))
    wrong = _impossible(instant, digits, captured_at, rules, oldest=rules.oldest_checked_days)
    if wrong is not None:
        return captured_at, TimeQuality.GATEWAY, wrong
    return instant, TimeQuality.DEVICE, Rule.AGREES


def _disagreeing(
    digits: dt.datetime,
    captured_at: dt.datetime,
    look: ClockReading,
    zone: ZoneInfo,
    rules: ClockRules,
) -> _Found:
    """The free-running clock; then the two ways in which the record may not be from that clock."""
    instant = _minus(digits, _offset(look))
    wrong = _impossible(instant, digits, captured_at, rules, oldest=rules.oldest_checked_days)
    if wrong is None:
        return instant, TimeQuality.CORRECTED, _kind_of_drift(look, zone, rules)
    at_face = resolve(digits, zone, not_after=captured_at, offset=None)
    if look.was_set and _just_now(at_face, look, captured_at, rules):
        return at_face, TimeQuality.DEVICE, Rule.AFTER_SET
    if wrong is Rule.FROM_THE_FUTURE and _was_possible(at_face, digits, captured_at, rules):
        # Later than the device's own clock: written before that clock was last moved back.
        return at_face, TimeQuality.DEVICE, Rule.BEFORE_RESET
    return captured_at, TimeQuality.GATEWAY, wrong


def _was_possible(
    instant: dt.datetime, digits: dt.datetime, captured_at: dt.datetime, rules: ClockRules
) -> bool:
    oldest = rules.oldest_checked_days
    return _impossible(instant, digits, captured_at, rules, oldest=oldest) is None


def _just_now(
    instant: dt.datetime, look: ClockReading, captured_at: dt.datetime, rules: ClockRules
) -> bool:
    slack = dt.timedelta(seconds=rules.future_s)
    return look.read_at - slack <= instant <= captured_at + slack


def _offset(look: ClockReading) -> dt.timedelta:
    """How far the device's digits are ahead of UTC, in whole seconds as the digits are."""
    ahead = look.digits.replace(tzinfo=dt.UTC) - look.read_at
    return dt.timedelta(seconds=round(ahead.total_seconds()))


def _kind_of_drift(look: ClockReading, zone: ZoneInfo, rules: ClockRules) -> Rule:
    """Only a name for people: every kind is corrected in the same way."""
    near = dt.timedelta(seconds=rules.agrees_s)
    if look.digits.year in UNSET_YEARS and _starts_a_year(look.digits):
        return Rule.CLOCK_NOT_SET
    if abs(_offset(look)) <= near:
        return Rule.KEEPS_UTC
    for months in (-180, 180):
        then = (look.read_at + dt.timedelta(days=months)).astimezone(zone).utcoffset()
        if then is not None and abs(_offset(look) - then) <= near:
            return Rule.MISSED_DAYLIGHT_SAVING
    return Rule.DRIFT


def _impossible(
    instant: dt.datetime,
    digits: dt.datetime,
    captured_at: dt.datetime,
    rules: ClockRules,
    *,
    oldest: float,
) -> Rule | None:
    if instant > captured_at + dt.timedelta(seconds=rules.future_s):
        return Rule.FROM_THE_FUTURE
    if instant < captured_at - oldest * ONE_DAY:
        unset = digits.year in UNSET_YEARS and _starts_a_year(digits)
        return Rule.CLOCK_NOT_SET if unset else Rule.TOO_OLD
    return None


def _starts_a_year(digits: dt.datetime) -> bool:
    return digits - digits.replace(month=1, day=1, hour=0, minute=0, second=0) < UNSET_FOR


def _minus(digits: dt.datetime, offset: dt.timedelta) -> dt.datetime:
    """The calendar ends in year 9999 and starts in year 1: stay inside it."""
    try:
        return digits.replace(tzinfo=dt.UTC) - offset
    except OverflowError:
        return digits.replace(tzinfo=dt.UTC)
