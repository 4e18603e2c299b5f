"""Days on which a plan expected something and nothing came, in the patient's zone."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.technical.facts import LastReading
from alerts.technical.missed import DAYS_MOST, Gap, enrolled, gap
from care.programme import Measure, Plan, Slot
from care.rules import Severity
from tests.unit.alerts.technical.scenes import (
    ANN,
    DAY,
    HOUR,
    MINUTE,
    MORNING,
    NEW_YORK,
    NOW,
    SCALE,
    WEIGHT,
    patient,
    plan,
)
from vitals.kinds import Kind

LONDON, KIRITIMATI = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Kiritimati")
ALWAYS = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _at(zone: ZoneInfo, month: int, day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=zone)


def _gap(
    now: dt.datetime,
    last: dt.datetime | None,
    *,
    zone: ZoneInfo = NEW_YORK,
    since: dt.datetime = ALWAYS,
    **measure: Any,
) -> Gap | None:
    wanted = replace(WEIGHT, **measure)
    who = patient(ANN, plan(effective_from=since, measures=(wanted,)), zone=zone)
    return gap(who, wanted, None if last is None else LastReading(last, SCALE), now=now)


@pytest.mark.parametrize(("minutes", "missed"), [(-1, False), (0, True), (1, True)])
def test_a_day_is_missed_when_its_last_slot_is_over(*, minutes: int, missed: bool) -> None:
    noon = _at(NEW_YORK, 11, 19, 12)
    found = _gap(noon + minutes * MINUTE, _at(NEW_YORK, 11, 17, 6))
    assert (found is not None) is missed


@pytest.mark.parametrize(("days", "missed"), [(0, False), (1, False), (2, True), (3, True)])
def test_it_takes_so_many_days_in_a_row(*, days: int, missed: bool) -> None:
    found = _gap(_at(NEW_YORK, 11, 19, 12), _at(NEW_YORK, 11, 19 - days, 6))
    assert (found is not None) is missed
    assert found is None or found.days == days


@pytest.mark.parametrize(
    ("days", "severity"), [(3, Severity.LOW), (4, Severity.MEDIUM), (5, Severity.MEDIUM)]
)
def test_after_twice_the_span_it_is_medium(days: int, severity: Severity) -> None:
    found = _gap(_at(NEW_YORK, 11, 19, 12), _at(NEW_YORK, 11, 19 - days, 6))
    assert found is not None
    assert found.severity is severity


def test_a_reading_outside_of_the_slot_is_a_reading_of_the_day() -> None:
    assert _gap(_at(NEW_YORK, 11, 20, 11), _at(NEW_YORK, 11, 18, 23, 59)) is None
    assert _gap(_at(NEW_YORK, 11, 20, 12), _at(NEW_YORK, 11, 18, 23, 59)) is not None
    assert _gap(_at(NEW_YORK, 11, 20, 12), _at(NEW_YORK, 11, 19, 0, 0)) is None


def test_the_day_is_the_patient_s_own() -> None:
    last = dt.datetime(2026, 11, 17, 11, tzinfo=dt.UTC)  # Already Wednesday 18 on Kiritimati.
    now = dt.datetime(2026, 11, 19, 22, tzinfo=dt.UTC)  # Friday 20 at noon there.
    assert _gap(now - MINUTE, last, zone=KIRITIMATI) is None
    assert _gap(now, last, zone=KIRITIMATI) is not None


@pytest.mark.parametrize(
    ("since_hour", "noon", "missed"), [(4, 12, True), (5, 12, False), (3, 12, True)]
)
def test_nothing_is_expected_before_enrolment(*, since_hour: int, noon: int, missed: bool) -> None:
    """A slot that had begun by then does not count: two days from 18 Nov on are 18 and 19."""
    since = _at(NEW_YORK, 11, 18, since_hour)
    assert (_gap(_at(NEW_YORK, 11, 19, noon), None, since=since) is not None) is missed


def test_days_on_which_nothing_is_expected_neither_count_nor_break_the_row() -> None:
    weekdays: Any = {"days": ("mon", "wed"), "missing_after_days": 2}
    last = _at(NEW_YORK, 11, 11, 6)  # A Wednesday; the next ones are Monday 16, Wednesday 18.
    assert _gap(_at(NEW_YORK, 11, 18, 11, 59), last, **weekdays) is None
    found = _gap(_at(NEW_YORK, 11, 18, 12), last, **weekdays)
    assert found is not None
    assert (found.days, found.since) == (2, _at(NEW_YORK, 11, 18, 12))


def test_who_has_not_measured_for_very_long_is_counted_to_a_bound_and_began_when_it_began() -> None:
    first = _gap(_at(NEW_YORK, 11, 19, 12), None, since=_at(NEW_YORK, 1, 1))
    later = _gap(_at(NEW_YORK, 11, 29, 12), None, since=_at(NEW_YORK, 1, 1))
    assert first is not None
    assert first == later
    assert first.days == DAYS_MOST


SLOTS = (
    Slot(name="night", start="01:00", end="02:30"),
    Slot(name="small hours", start="01:00", end="03:00"),
    Slot(name="evening", start="17:00", end="24:00"),
)


@pytest.mark.parametrize(
    ("zone", "day", "slot", "end_utc"),
    [
        # New York, 8 March: 02:00 to 03:00 are skipped. A slot to 02:30 ends where they end.
        (NEW_YORK, (3, 8), SLOTS[0], "2026-03-08T07:00+00:00"),
        (NEW_YORK, (3, 8), SLOTS[1], "2026-03-08T07:00+00:00"),
        (NEW_YORK, (3, 8), SLOTS[2], "2026-03-09T04:00+00:00"),
        # 1 November: 01:00 to 02:00 come twice. A day of 25 hours ends at its own midnight.
        (NEW_YORK, (11, 1), SLOTS[0], "2026-11-01T07:30+00:00"),
        (NEW_YORK, (11, 1), SLOTS[2], "2026-11-02T05:00+00:00"),
        # London: 29 March and 25 October.
        (LONDON, (3, 29), SLOTS[1], "2026-03-29T02:00+00:00"),
        (LONDON, (10, 25), SLOTS[1], "2026-10-25T03:00+00:00"),
        (LONDON, (10, 25), SLOTS[2], "2026-10-26T00:00+00:00"),
    ],
)
def test_a_slot_ends_by_the_wall_clock_on_the_days_of_both_changes(
    zone: ZoneInfo, day: tuple[int, int], slot: Slot, end_utc: str
) -> None:
    end = dt.datetime.fromisoformat(end_utc)
    last = _at(zone, *day) - HOUR
    options: Any = {"zone": zone, "slots": (slot,), "missing_after_days": 1}
    assert _gap(end - MINUTE, last, **options) is None
    found = _gap(end, last, **options)
    assert found is not None
    assert (found.since, found.days) == (end, 1)


def _versions(*spans: tuple[int, int | None]) -> tuple[Plan, ...]:
    return tuple(
        plan(
            effective_from=NOW - begun * DAY,
            effective_to=None if ended is None else NOW - ended * DAY,
        )
        for begun, ended in spans
    )


def test_who_changes_a_plan_starts_nothing_anew() -> None:
    assert enrolled(_versions((30, 10), (10, None)), Kind.WEIGHT) == NOW - 30 * DAY
    assert enrolled(_versions((30, 20), (10, None)), Kind.WEIGHT) == NOW - 10 * DAY
    assert enrolled(_versions((10, None)), Kind.GLUCOSE) is None


@given(
    hours=st.integers(0, 24 * 40),
    missing_after=st.integers(1, 10),
    zone=st.sampled_from([NEW_YORK, LONDON, KIRITIMATI]),
    days=st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1),
)
def test_the_short_way_out_and_the_count_agree(
    hours: int, missing_after: int, zone: ZoneInfo, days: set[Any]
) -> None:
    """Counted one day after the other, by hand."""
    measure = replace(WEIGHT, missing_after_days=missing_after, days=tuple(sorted(days)))
    last = _at(LONDON, 10, 20) + hours * HOUR
    now = NOW.astimezone(dt.UTC) + 20 * DAY
    day, over = last.astimezone(zone).date() + DAY, 0
    while day <= now.astimezone(zone).date():
        noon = dt.datetime.combine(day, dt.time(12), tzinfo=zone)
        over += noon <= now and noon.strftime("%a").lower() in days
        day += DAY
    who = patient(ANN, plan(effective_from=ALWAYS, measures=(measure,)), zone=zone)
    found = gap(who, measure, LastReading(last, SCALE), now=now)
    assert (0 if found is None else found.days) == (over if over >= missing_after else 0)


def test_several_slots_make_one_day() -> None:
    evening = Slot(name="evening", start="17:00", end="22:00")
    both = Measure(kind=Kind.WEIGHT, slots=(MORNING, evening), missing_after_days=1)
    who = patient(ANN, plan(measures=(both,)))
    last = LastReading(_at(NEW_YORK, 11, 17, 6), SCALE)
    assert gap(who, both, last, now=_at(NEW_YORK, 11, 18, 21, 59)) is None
    assert gap(who, both, last, now=_at(NEW_YORK, 11, 18, 22)) is not None
