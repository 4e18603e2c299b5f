"""When the next measurement is due: by the patient's wall clock, over changes of it too."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from care.programme import Measure, Overrides, Plan, Silence, Slot, WorkingHours
from console.my.due import Standing, next_turn, turns_of
from console.my.figures import coming, when
from console.my.month import Month
from console.my.words import catalogue
from vitals.kinds import Kind

BP = Kind.BLOOD_PRESSURE
NEW_YORK = ZoneInfo("America/New_York")
EN, ES = catalogue("en"), catalogue("es")
MORNING = Slot(name="morning", start="04:00", end="12:00", readings=2)
EVENING = Slot(name="evening", start="17:00", end="24:00", readings=2)


def plan(*slots: Slot, begins: dt.datetime | None = None, **measure: Any) -> Plan:
    return Plan(
        id=UUID(int=1), organisation_id=UUID(int=2), patient_id=UUID(int=3), version=1,
        effective_from=begins or dt.datetime(2020, 1, 1, tzinfo=dt.UTC), effective_to=None,
        programme="test", programme_version=1, overrides=Overrides(),
        measures=(Measure(kind=BP, slots=slots, **measure),), rules=(), ladders=(),
        hours=WorkingHours(), silence=Silence(),
    )  # fmt: skip


def at(text: str, zone: ZoneInfo = NEW_YORK) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


def standings(now: dt.datetime, taken: Sequence[dt.datetime] = ()) -> list[Standing]:
    day = now.astimezone(NEW_YORK).date()
    turns = turns_of(day, BP, [plan(MORNING, EVENING)], NEW_YORK, taken, now=now)
    return [turn.standing for turn in turns]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-23 03:59", Standing.LATER), ("2026-11-23 04:00", Standing.NOW),
        ("2026-11-23 11:59", Standing.NOW), ("2026-11-23 12:00", Standing.OVER),
    ],
)  # fmt: skip
def test_a_slot_is_on_from_its_first_minute_until_before_its_end(now: str, first: Standing) -> None:
    assert standings(at(now)) == [first, Standing.LATER]


@pytest.mark.parametrize(
    ("count", "first"), [(1, Standing.NOW), (2, Standing.DONE), (3, Standing.DONE)]
)
def test_a_slot_is_done_with_as_many_readings_as_it_wants(count: int, first: Standing) -> None:
    now = at("2026-11-23 09:00")
    taken = [now - dt.timedelta(minutes=n) for n in range(count)]
    assert standings(now, taken)[0] is first


def test_readings_before_and_after_a_slot_are_not_of_it() -> None:
    taken = [at("2026-11-23 03:59"), at("2026-11-23 12:00"), at("2026-11-23 16:59")]
    assert standings(at("2026-11-23 18:00"), taken) == [Standing.OVER, Standing.NOW]


def test_the_next_is_the_one_that_is_on_then_the_one_that_comes() -> None:
    plans = [plan(MORNING, EVENING)]
    now = at("2026-11-23 09:00")
    found = next_turn(BP, plans, NEW_YORK, [], now=now)
    assert found is not None
    assert found.standing is Standing.NOW
    done = [now, now - dt.timedelta(minutes=2)]
    found = next_turn(BP, plans, NEW_YORK, done, now=now)
    assert found is not None
    assert found.begins == at("2026-11-23 17:00")
    late = at("2026-11-23 23:59")
    found = next_turn(BP, plans, NEW_YORK, [late, late], now=late)
    assert found is not None
    assert found.begins == at("2026-11-24 04:00")


def test_the_clock_is_the_patients_and_not_the_clinics() -> None:
    los_angeles = ZoneInfo("America/Los_Angeles")
    found = next_turn(BP, [plan(MORNING)], los_angeles, [], now=at("2026-11-23 04:30"))
    assert found is not None
    assert (found.standing, found.begins.hour) == (Standing.LATER, 4)
    assert found.begins == at("2026-11-23 04:00", los_angeles)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-08", 8), ("2026-11-01", 10), ("2026-06-01", 9)]
)
def test_a_slot_over_a_change_of_the_clocks_is_shorter_or_longer(day: str, hours: int) -> None:
    night = Slot(name="night", start="00:00", end="09:00")
    (turn,) = turns_of(
        dt.date.fromisoformat(day), BP, [plan(night)], NEW_YORK, [], now=at("2026-01-01 00:00")
    )
    assert turn.ends - turn.begins == dt.timedelta(hours=9)  # On the wall.
    real = turn.ends.astimezone(dt.UTC) - turn.begins.astimezone(dt.UTC)
    assert real == dt.timedelta(hours=hours)


def test_a_slot_that_the_clocks_skip_is_none() -> None:
    skipped = Slot(name="night", start="02:00", end="03:00")
    assert (
        turns_of(dt.date(2026, 3, 8), BP, [plan(skipped)], NEW_YORK, [], now=at("2026-03-08 00:00"))
        == []
    )
    found = next_turn(BP, [plan(skipped)], NEW_YORK, [], now=at("2026-03-08 00:00"))
    assert found is not None
    assert found.begins == at("2026-03-09 02:00")


def test_only_some_days_of_the_week_are_asked_for() -> None:
    plans = [plan(MORNING, days=("mon", "thu"))]
    found = next_turn(BP, plans, NEW_YORK, [], now=at("2026-11-24 09:00"))  # A Tuesday.
    assert found is not None
    assert found.begins == at("2026-11-26 04:00")


def test_before_a_plan_begins_nothing_is_due_and_another_kind_never_is() -> None:
    begins = at("2026-11-23 06:00")
    now = at("2026-11-23 09:00")
    plans = [plan(MORNING, begins=begins)]
    found = next_turn(BP, plans, NEW_YORK, [], now=now)
    assert found is not None
    assert found.begins == at("2026-11-24 04:00")
    assert next_turn(Kind.WEIGHT, plans, NEW_YORK, [], now=now) is None
    assert next_turn(BP, [], NEW_YORK, [], now=now) is None


def test_when_is_said_with_the_weekday_and_in_the_language() -> None:
    now = at("2026-11-22 20:00")  # A Sunday.
    assert when(at("2026-11-22 08:15"), NEW_YORK, EN, now=now) == "Today, Sunday, 8:15 AM"
    assert when(at("2026-11-21 19:05"), NEW_YORK, EN, now=now) == "Yesterday, Saturday, 7:05 PM"
    assert when(at("2026-11-20 08:15"), NEW_YORK, EN, now=now) == "Friday, November 20, 8:15 AM"
    assert when(at("2026-11-20 08:15"), NEW_YORK, ES, now=now).startswith(
        "viernes, 20 de noviembre, 8:15"
    )
    assert when(at("2026-11-22 08:15"), NEW_YORK, ES, now=now).startswith("Hoy, domingo, 8:15")


def test_today_ends_at_the_patients_midnight() -> None:
    late = at("2026-11-22 23:59")
    assert when(late, NEW_YORK, EN, now=late).startswith("Today")
    assert when(late, NEW_YORK, EN, now=late + dt.timedelta(minutes=1)).startswith("Yesterday")


@pytest.mark.parametrize(
    ("begins", "words"),
    [("2026-11-22 17:00", "Today from 5:00 PM"), ("2026-11-23 04:00", "Tomorrow from 4:00 AM"),
     ("2026-11-26 12:00", "Thursday from noon"), ("2026-11-23 00:00", "Tomorrow from midnight")],
)  # fmt: skip
def test_what_comes_is_said_by_the_day(begins: str, words: str) -> None:
    assert coming(at(begins), NEW_YORK, EN, now=at("2026-11-22 13:00")) == words


def test_months_are_the_patients_own() -> None:
    november = Month(2026, 11)
    begins, ends = november.span(NEW_YORK)
    assert (begins, ends) == (at("2026-11-01 00:00"), at("2026-12-01 00:00"))
    assert (november.before, november.after, Month(2026, 12).after, Month(2026, 1).before) == (
        Month(2026, 10), Month(2026, 12), Month(2027, 1), Month(2025, 12),
    )  # fmt: skip
    assert (november.name(EN), november.name(ES)) == ("November 2026", "noviembre de 2026")


@pytest.mark.parametrize("text", ["", "2026-13", "2026-1", "1999-01", "2026-11-01", "x", "+026-11"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert Month.read(text) is None
