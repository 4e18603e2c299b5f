"""When a patient is reminded: slots of the plan, quiet hours, both changes of the clocks."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts.telling.quiet_hours import OF_PATIENTS, QuietHours, awake_at
from alerts.telling.reminders import Expected, expected, following, send_at
from care.programme import WEEK, Measure, Overrides, Plan, Silence, Slot, Weekday, WorkingHours
from care.programmes import shipped
from vitals.kinds import Kind

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
MORNING = Slot(name="morning", start="04:00", end="12:00")
EVENING = Slot(name="evening", start="17:00", end="24:00")


def measure(
    *slots: Slot,
    kind: Kind = Kind.WEIGHT,
    after: int | None = 240,
    days: tuple[Weekday, ...] = WEEK,
) -> Measure:
    return Measure(kind=kind, slots=slots, remind_after_min=after, days=days)


def plan(
    *measures: Measure, since: dt.datetime = LONG_AGO, until: dt.datetime | None = None
) -> Plan:
    return Plan(
        id=UUID(int=1), organisation_id=UUID(int=2), patient_id=UUID(int=3), version=1,
        effective_from=since, effective_to=until, programme="x", programme_version=1,
        overrides=Overrides(), measures=measures, rules=(), ladders=(), hours=WorkingHours(),
        silence=Silence(),
    )  # fmt: skip


def on(day: dt.date, *plans: Plan, zone: ZoneInfo = NEW_YORK) -> list[Expected]:
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=zone)
    found = expected(plans, zone, since=noon, until=noon)
    return [each for each in found if each.slot.startswith(str(day))]


def wall(at: dt.datetime | None, zone: ZoneInfo = NEW_YORK) -> str | None:
    return None if at is None else f"{at.astimezone(zone):%d %H:%M}"


def times(
    slot: Slot, after: int, day: dt.date, quiet: QuietHours | None, zone: ZoneInfo = NEW_YORK
) -> list[str | None]:
    slots = on(day, plan(measure(slot, after=after)), zone=zone)
    return [wall(send_at(each, quiet, zone), zone) for each in slots]


MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("after", "at"),
    [
        (239, "23 08:00"),  # In the quiet hours: when they end.
        (240, "23 08:00"),
        (241, "23 08:01"),
        (479, "23 11:59"),
        (480, None),  # When the slot is over nothing is to be done about it.
    ],
)
def test_a_reminder_comes_so_long_after_the_slot_began_and_while_it_is_on(
    after: int, at: str | None
) -> None:
    assert times(MORNING, after, MONDAY, OF_PATIENTS) == [at]


@pytest.mark.parametrize(
    ("after", "at"),
    [
        (239, "23 20:59"),
        (240, "23 20:45"),  # The quiet hours would last beyond the slot: shortly before them.
        (419, "23 20:45"),
        (460, None),  # Too early to be called missing.
    ],
)
def test_a_reminder_that_the_quiet_hours_would_swallow_comes_before_them(
    after: int, at: str | None
) -> None:
    long = Slot(name="evening", start="17:00", end="24:00")
    if after == 460:
        long = Slot(name="late", start="20:00", end="24:00")
        after = 100
    assert times(long, after, MONDAY, OF_PATIENTS) == [at]


def test_a_contacts_own_quiet_hours_go_before_the_usual_ones() -> None:
    assert times(EVENING, 240, MONDAY, QuietHours(start="23:00", end="06:00")) == ["23 21:00"]
    assert times(MORNING, 30, MONDAY, QuietHours(start="12:00", end="13:00")) == ["23 04:30"]


def test_only_days_of_the_plan_count() -> None:
    weekly = plan(measure(MORNING, days=("mon",)))
    assert len(on(MONDAY, weekly)) == 1
    assert on(MONDAY + dt.timedelta(days=1), weekly) == []


def test_a_measure_without_a_reminder_has_none() -> None:
    assert on(MONDAY, plan(measure(MORNING, after=None))) == []


def test_measures_of_one_slot_are_one_reminder() -> None:
    two = Slot(name="morning", start="04:00", end="12:00", readings=2)
    found = on(MONDAY, plan(measure(MORNING), measure(two, kind=Kind.BLOOD_PRESSURE)))
    assert [each.kinds for each in found] == [(Kind.BLOOD_PRESSURE, Kind.WEIGHT)]


def test_one_slot_with_two_waits_is_two_looks_and_one_name() -> None:
    found = on(
        MONDAY,
        plan(measure(MORNING, after=300), measure(MORNING, kind=Kind.BLOOD_PRESSURE, after=360)),
    )
    assert {each.slot for each in found} == {"2026-11-23/morning-0400"}
    assert len({each.key for each in found}) == 2


@pytest.mark.parametrize(("minutes", "count"), [(-1, 1), (0, 1), (1, 0)])
def test_a_slot_that_had_begun_before_the_plan_did_is_nobodys(minutes: int, count: int) -> None:
    begins = dt.datetime(2026, 11, 23, 4, 0, tzinfo=NEW_YORK) + minutes * MINUTE
    assert len(on(MONDAY, plan(measure(MORNING), since=begins))) == count


@pytest.mark.parametrize(("minutes", "count"), [(-1, 0), (0, 0), (1, 1)])
def test_a_plan_that_ends_when_the_slot_begins_asks_for_nothing(minutes: int, count: int) -> None:
    ends = dt.datetime(2026, 11, 23, 4, 0, tzinfo=NEW_YORK) + minutes * MINUTE
    assert len(on(MONDAY, plan(measure(MORNING), until=ends))) == count


def test_a_slot_that_the_clocks_skip_is_none() -> None:
    skipped = Slot(name="night", start="02:00", end="03:00")
    day = dt.date(2026, 3, 8)
    assert on(day, plan(measure(skipped, after=10))) == []
    assert len(on(day - dt.timedelta(days=1), plan(measure(skipped, after=10)))) == 1
    assert len(on(day + dt.timedelta(days=1), plan(measure(skipped, after=10)))) == 1


def test_a_slot_that_begins_in_the_skipped_hour_begins_where_the_clocks_land() -> None:
    half = Slot(name="night", start="02:30", end="05:00")
    (slot,) = on(dt.date(2026, 3, 8), plan(measure(half, after=60)))
    assert slot.begins == dt.datetime(2026, 3, 8, 7, 0, tzinfo=dt.UTC)
    assert slot.ends - slot.begins == 2 * HOUR
    assert wall(send_at(slot, None, NEW_YORK)) == "08 04:00"


def test_a_slot_that_comes_twice_is_one_and_longer() -> None:
    twice = Slot(name="night", start="01:00", end="02:00")
    (slot,) = on(dt.date(2026, 11, 1), plan(measure(twice, after=90)))
    assert slot.begins == dt.datetime(2026, 11, 1, 5, 0, tzinfo=dt.UTC)
    assert slot.ends == dt.datetime(2026, 11, 1, 7, 0, tzinfo=dt.UTC)
    (at,) = [send_at(slot, None, NEW_YORK)]
    assert at == dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC), "half past one, the second time"


def test_no_slot_of_a_year_has_the_name_of_another() -> None:
    year = plan(measure(MORNING, EVENING, after=30))
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    found = list(expected([year], BERLIN, since=since, until=since + dt.timedelta(days=365)))
    assert len({each.key for each in found}) == len(found)
    lengths = {(each.ends - each.begins) / HOUR for each in found}
    assert lengths == {7.0, 8.0}, "neither change falls into these hours"


@pytest.mark.parametrize(
    ("day", "quiet_hours"), [(dt.date(2026, 3, 7), 10), (dt.date(2026, 10, 31), 12)]
)
def test_quiet_hours_over_a_change_of_the_clocks_are_an_hour_shorter_or_longer(
    day: dt.date, quiet_hours: int
) -> None:
    begins = dt.datetime.combine(day, dt.time(21), tzinfo=NEW_YORK).astimezone(dt.UTC)
    ends = begins + quiet_hours * HOUR
    second = dt.timedelta(seconds=1)
    assert awake_at(begins - second, OF_PATIENTS, NEW_YORK) == begins - second
    assert awake_at(begins, OF_PATIENTS, NEW_YORK) == ends
    assert awake_at(ends - second, OF_PATIENTS, NEW_YORK) == ends
    assert awake_at(ends, OF_PATIENTS, NEW_YORK) == ends
    assert wall(ends) == f"{day + dt.timedelta(days=1):%d} 08:00"


def test_quiet_hours_may_lie_within_a_day() -> None:
    siesta = QuietHours(start="13:00", end="15:00")
    at = dt.datetime(2026, 11, 23, 14, 0, tzinfo=BERLIN)
    assert wall(awake_at(at, siesta, BERLIN), BERLIN) == "23 15:00"
    assert awake_at(at + HOUR, siesta, BERLIN) == at + HOUR


def test_every_shipped_programme_reminds_by_day_only() -> None:
    for programme in shipped():
        asked = plan(*programme.measures)
        slots = on(MONDAY, asked)
        assert slots, programme.id
        for slot in slots:
            at = send_at(slot, OF_PATIENTS, NEW_YORK)
            if "bedtime-2000" in slot.slot:
                assert at is None, "an hour before the quiet hours nothing is missing yet"
                continue
            assert at is not None, (programme.id, slot)
            assert awake_at(at, OF_PATIENTS, NEW_YORK) == at
            assert slot.begins < at < slot.ends


def test_what_comes_next_is_the_next_slot_that_has_not_begun() -> None:
    asked = plan(measure(MORNING, EVENING, after=None))
    at = dt.datetime(2026, 11, 23, 8, 2, tzinfo=NEW_YORK)
    week = dt.timedelta(days=6)
    assert wall(following([asked], NEW_YORK, after=at, within=week)) == "23 17:00"
    evening = at + 11 * HOUR
    assert wall(following([asked], NEW_YORK, after=evening, within=week)) == "24 04:00"
    assert following([asked], NEW_YORK, after=evening, within=HOUR) is None
    assert following([], NEW_YORK, after=at, within=week) is None
