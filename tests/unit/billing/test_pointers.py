"""What would be asked about is found at its limit, and not before it."""

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from billing.entries import Entry
from billing.overlaps import overlaps
from billing.pointers.chance import at_least
from billing.pointers.how_long import (
    Total,
    at_threshold,
    live_call_median,
    round_numbers,
    short_calls,
)
from billing.pointers.pointer import TITLES, WHY, Kind
from billing.pointers.reading import looked_at
from billing.pointers.what_was_said import alike, same_notes, without_credential, without_note
from billing.pointers.when import long_days, shared_time, written_late
from tests.unit.billing.making import ADA, ANN, BEA, BEN, HOUR, MINUTE, NOON, SECOND, entry, span

NEW_YORK = ZoneInfo("America/New_York")
DAY = dt.timedelta(days=1)
NOTE = "Looked at the week of readings, called the patient."


def lasting(*minutes: float, **changes: Any) -> list[Entry]:
    """One entry each, an hour apart, of these lengths."""
    return [
        entry(number, span(60 * number, 60 * number + length), **changes)
        for number, length in enumerate(minutes)
    ]


def on_days(number: int, **changes: Any) -> list[Entry]:
    return [
        entry(each, (NOON + each * DAY, NOON + each * DAY + 10 * MINUTE), **changes)
        for each in range(number)
    ]


def test_every_kind_has_a_title_and_says_why_it_matters() -> None:
    assert set(TITLES) == set(WHY) == set(Kind)
    assert all(each.endswith(".") for each in WHY.values())


@pytest.mark.parametrize(
    ("hits", "tries", "share", "expected"),
    [(0, 10, 0.2, 1.0), (10, 10, 0.5, 0.5**10), (1, 2, 0.5, 0.75), (2, 3, 0.5, 0.5)],
)
def test_chance_is_reckoned_exactly(hits: int, tries: int, share: float, expected: float) -> None:
    assert at_least(hits, tries, share) == pytest.approx(expected)


@pytest.mark.parametrize(("entries", "points"), [(9, False), (10, True), (11, True)])
def test_round_numbers_need_ten_entries_to_be_a_habit(entries: int, points: bool) -> None:  # noqa: FBT001
    assert bool(round_numbers(lasting(*[15] * entries))) is points


def test_the_coarsest_step_that_stands_out_is_told() -> None:
    (found,) = round_numbers(lasting(*[20] * 10, *[40] * 3))
    assert found.what.startswith("13 of 13 entries last a multiple of 20 minutes (100%).")
    (found,) = round_numbers(lasting(*[15, 25, 35] * 5))
    assert "multiple of 5 minutes" in found.what
    assert found.staff == ANN


def test_times_that_a_timer_counted_are_not_round() -> None:
    assert round_numbers(lasting(*[7 + 0.37 * number for number in range(40)])) == []


def test_round_times_are_those_of_one_person_and_not_of_the_other() -> None:
    others = [
        entry(50 + number, span(number * 60, number * 60 + 6 + number % 4), user_id=BEA)
        for number in range(20)
    ]
    (found,) = round_numbers([*lasting(*[30] * 12), *others])
    assert (found.staff, len(found.entries)) == (ANN, 12)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Looked at  readings.", "looked at readings"),
        ("Café: called\nback", "café called back"),
        ("BP 120/80", "bp 120 80!"),
    ],
)
def test_notes_are_compared_without_case_space_and_marks(one: str, two: str) -> None:
    assert alike(one) == alike(two)


@pytest.mark.parametrize(("entries", "points"), [(2, False), (3, True), (4, True)])
def test_the_same_note_on_three_entries_is_pointed_out(entries: int, points: bool) -> None:  # noqa: FBT001
    assert bool(same_notes(on_days(entries, note=NOTE), NEW_YORK)) is points


@pytest.mark.parametrize(("length", "points"), [(19, False), (20, True), (21, True)])
def test_short_notes_may_be_alike(length: int, points: bool) -> None:  # noqa: FBT001
    assert bool(same_notes(on_days(3, note="n" * length), NEW_YORK)) is points


def test_the_same_note_for_one_patient_on_one_day_is_one_piece_of_work() -> None:
    assert same_notes(lasting(5, 5, 5, note=NOTE), NEW_YORK) == []
    rows = [*lasting(5, 5, note=NOTE), entry(9, span(300, 305), note=NOTE.upper(), patient_id=BEN)]
    (found,) = same_notes(rows, NEW_YORK)
    assert "3 entries, of 2 patients and on 1 day" in found.what
    assert set(found.entries) == {each.id for each in rows}


@pytest.mark.parametrize(
    ("over", "points"), [(-SECOND, False), (dt.timedelta(0), False), (SECOND, True)]
)
def test_a_day_of_more_than_twelve_hours_is_pointed_out(over: dt.timedelta, points: bool) -> None:  # noqa: FBT001
    begins = dt.datetime(2026, 11, 20, 6, tzinfo=NEW_YORK).astimezone(dt.UTC)
    rows = [
        entry(1, (begins, begins + 6 * HOUR)),
        entry(2, (begins + 7 * HOUR, begins + 13 * HOUR + over), patient_id=BEN),
    ]
    found = long_days(rows, NEW_YORK)
    assert bool(found) is points
    if points:
        assert found[0].since == dt.date(2026, 11, 20)
        assert found[0].what == "12 h 00 min are written for this day, in 2 entries."


def test_a_night_is_split_at_the_clinics_midnight() -> None:
    begins = dt.datetime(2026, 11, 20, 14, tzinfo=NEW_YORK).astimezone(dt.UTC)
    assert long_days([entry(1, (begins, begins + 20 * HOUR))], NEW_YORK) == []
    begins += 8 * HOUR
    (found,) = long_days([entry(1, (begins, begins + 15 * HOUR))], NEW_YORK)
    assert found.since == dt.date(2026, 11, 21)


def test_what_shares_time_is_told_once_with_both() -> None:
    rows = [entry(1, span(0, 10)), entry(2, span(8, 20), patient_id=BEN)]
    (found,) = shared_time(rows, overlaps(rows), NEW_YORK)
    assert found.what == "2 min 00 s: same person, two patients at once."
    assert set(found.entries) == {each.id for each in rows}


@pytest.mark.parametrize(
    ("over", "points"), [(-SECOND, False), (dt.timedelta(0), False), (SECOND, True)]
)
def test_an_entry_typed_more_than_seven_days_later_is_pointed_out(
    over: dt.timedelta,
    points: bool,  # noqa: FBT001
) -> None:
    one = entry(1, span(0, 10), recorded_at=NOON + 10 * MINUTE + 7 * DAY + over)
    assert bool(written_late([one], NEW_YORK)) is points


def test_what_was_typed_late_in_one_go_is_one_pointer() -> None:
    rows = on_days(3, recorded_at=NOON + 12 * DAY, recorder_name="Bea", recorded_by=BEA)
    (found,) = written_late(rows, NEW_YORK)
    assert found.what == "3 entries were written on 02 Dec 2026, up to 11 days after the work."
    assert (found.who, found.staff) == ("Bea", BEA)


@pytest.mark.parametrize(("seconds", "points"), [(119, True), (120, False), (121, False)], ids=str)
def test_half_of_the_live_calls_below_two_minutes_is_pointed_out(
    seconds: int,
    points: bool,  # noqa: FBT001
) -> None:
    rows = lasting(*[seconds / 60] * 5, mode="live_phone", with_whom="patient")
    assert bool(short_calls(rows)) is points
    assert live_call_median(rows) == (seconds, 5)


def test_four_short_calls_are_no_habit_and_visits_are_no_calls() -> None:
    assert short_calls(lasting(1, 1, 1, 1, mode="live_phone", with_whom="patient")) == []
    assert short_calls(lasting(*[1] * 9, mode="in_person", with_whom="patient")) == []
    assert live_call_median([]) == (0, 0)


def test_entries_without_a_note_or_a_credential_are_pointed_out_by_person() -> None:
    rows = [
        entry(1, note="  ", credential="RN"),
        entry(2, span(20, 30), note="Read.", credential=" ", user_id=BEA, staff_name="Bea"),
        entry(3, span(40, 50), note="", credential="RN"),
    ]
    (silent,) = without_note(rows)
    assert (silent.staff, silent.what) == (ANN, "2 entries say nothing of what was done.")
    (nobody,) = without_credential(rows)
    assert nobody.what == "1 entry does not say which credential its author had."
    assert nobody.who == "Bea"


def totals(*seconds: int) -> list[Total]:
    return [
        Total(patient=UUID(int=number), month="2026-10", seconds=each, entries=(UUID(int=each),))
        for number, each in enumerate(seconds)
    ]


@pytest.mark.parametrize(
    ("seconds", "points"), [(1199, False), (1200, True), (1259, True), (1260, False)]
)
def test_totals_within_a_minute_above_a_threshold_are_pointed_out(
    seconds: int,
    points: bool,  # noqa: FBT001
) -> None:
    found = at_threshold(totals(*[seconds] * 6), (600, 1200, 2400))
    assert bool(found) is points
    if points:
        assert found[0].what.startswith("6 of 6 monthly totals end less than a minute above")
        assert (found[0].since, found[0].until) == (dt.date(2026, 10, 1), dt.date(2026, 10, 31))


@pytest.mark.parametrize(("number", "points"), [(4, False), (5, True), (6, True)])
def test_totals_are_compared_from_five_on(number: int, points: bool) -> None:  # noqa: FBT001
    assert bool(at_threshold(totals(*[2400] * number), (600, 1200, 2400))) is points


def test_totals_here_and_there_are_chance() -> None:
    assert at_threshold(totals(*range(600, 3600, 130)), (600, 1200, 2400)) == []


def test_what_does_not_count_is_pointed_at_by_nothing() -> None:
    rows = [entry(number, corrected_by=ADA, note="") for number in range(20)]
    assert looked_at(rows, [], zone=NEW_YORK).pointers == ()


def test_a_whole_log_is_looked_at_in_the_order_of_kinds() -> None:
    rows = [*lasting(*[20] * 12), *on_days(3, note=NOTE, user_id=BEA, patient_id=BEN)]
    log = looked_at(rows, [], zone=NEW_YORK)
    kinds = [each.kind for each in log.pointers]
    order = list(Kind)
    assert kinds == sorted(kinds, key=order.index)
    assert {Kind.ROUND_NUMBERS, Kind.SAME_NOTE, Kind.NO_NOTE} <= set(kinds)
    assert (log.entries, log.seconds) == (15, 12 * 1200 + 3 * 600)
