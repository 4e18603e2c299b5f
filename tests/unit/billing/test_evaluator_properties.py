"""What must hold whatever the facts are."""

import datetime as dt
from itertools import combinations
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from billing import spans
from billing.eligibility import minutes
from billing.eligibility.days import filled, frames, qualifying
from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import Asked, Device, Diary, Facts, Reading, TimeEntry
from billing.eligibility.policy import Policy
from billing.rule_files import shipped
from tests.unit.billing.facts_making import NEW_YORK, episode, facts

START = dt.datetime(2026, 3, 1, tzinfo=NEW_YORK)
ZONES = ("America/New_York", "Pacific/Honolulu", "Pacific/Kiritimati", "Europe/London")
MONTHS = ("2026-03", "2026-04")
PERIODS = (1, 2)
DAY_CHOICES = ("ruleset_selection", "day_basis", "period_anchor", "supply_dos", "setup_dos")
TIME_CHOICES = (
    "mgmt_dos", "time_entry_zone", "time_rounding", "same_staff_cross_program_overlap",
    "same_staff_cross_patient_overlap", "interactive_spanning_months",
)  # fmt: skip


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    hints = get_type_hints(Policy)
    chosen: dict[str, Any] = {
        name: draw(st.sampled_from(get_args(hints[name]))) for name in (*DAY_CHOICES, *TIME_CHOICES)
    }
    chosen["max_99458_units"] = draw(st.sampled_from([2, 3]))
    chosen["late_arrival_grace_days"] = draw(st.integers(0, 10))
    chosen["require_reading_in_month_for_mgmt"] = draw(st.booleans())
    return Policy(**chosen)


@st.composite
def readings(draw: st.DrawFn, *, late: bool = True) -> Reading:
    at = START + dt.timedelta(hours=draw(st.integers(0, 70 * 24)))
    delay = draw(st.integers(0, 40 * 24)) if late and draw(st.booleans()) else 0
    return Reading(
        id=str(draw(st.integers(0, 10**9))),
        device=draw(st.sampled_from(["cuff", "cuff", "cuff", "scale", None])),
        source=draw(st.sampled_from(["device_auto", "device_auto", "device_auto", "manual"])),
        measured_at=at.astimezone(dt.UTC),
        received_at=(at + dt.timedelta(hours=delay)).astimezone(dt.UTC),
        local_day=at.date(),
        excluded=draw(st.sampled_from([None, None, None, None, "test"])),
    )


@st.composite
def entries(draw: st.DrawFn) -> TimeEntry:
    at = START + dt.timedelta(
        days=draw(st.sampled_from([5, 30, 31, 40])), minutes=draw(st.integers(0, 1500))
    )
    return TimeEntry(
        id=str(draw(st.integers(0, 10**9))),
        patient=draw(st.sampled_from(["P1", "P1", "P1", "P2"])),
        staff=draw(st.sampled_from(["ann", "ben"])),
        role=draw(st.sampled_from(["RN", "MD", "RN", "ADMIN"])),
        program=draw(st.sampled_from(["RPM", "RPM", "CCM"])),
        mode=draw(st.sampled_from(["none", "phone_live"])),
        activity=draw(st.sampled_from(["review", "call", "setup"])),
        start=at.astimezone(dt.UTC),
        end=(at + dt.timedelta(seconds=draw(st.integers(1, 6000)))).astimezone(dt.UTC),
    )


@st.composite
def people(draw: st.DrawFn, *, late: bool = True) -> Facts:
    measured = draw(st.lists(readings(late=late), max_size=45, unique_by=lambda each: each.id))
    logged = draw(st.lists(entries(), max_size=12, unique_by=lambda each: each.id))
    ends = draw(st.sampled_from([None, None, dt.date(2026, 3, 20), dt.date(2026, 4, 25)]))
    return facts(
        measured,
        logged,
        episode=episode(end_date=ends, setup_already_billed=draw(st.booleans())),
        devices={"cuff": Device(), "scale": Device(auto_transmit=draw(st.booleans()))},
        attestations=None,
    )


def asked(as_of: dt.date = dt.date(2026, 6, 30)) -> Asked:
    return Asked(as_of=as_of, supply_periods=PERIODS, months=MONTHS, setup=True)


def days_of(known: Facts, policy: Policy) -> set[dt.date]:
    """All days that count, of all periods that could matter."""
    counted = qualifying(known, policy)
    found = set()
    for frame in frames(counted, known, policy):
        if frame.window.first > dt.date(2026, 12, 31):
            break
        found |= set(filled(frame, counted, known, policy).days)
    return found


@given(people(), policies(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_what_is_known(
    known: Facts, policy: Policy, chance: Any
) -> None:
    measured, logged = list(known.readings), list(known.entries)
    chance.shuffle(measured)
    chance.shuffle(logged)
    other = replace(known, readings=tuple(measured), entries=tuple(logged))
    assert evaluate(other, asked(), shipped(), policy) == evaluate(
        known, asked(), shipped(), policy
    )


@given(people(), policies())
def test_a_reading_that_is_there_twice_changes_nothing(known: Facts, policy: Policy) -> None:
    other = replace(known, readings=known.readings * 2)
    assert evaluate(other, asked(), shipped(), policy) == evaluate(
        known, asked(), shipped(), policy
    )


@given(people(), policies(), st.sampled_from(ZONES))
def test_moving_a_patient_to_another_zone_changes_no_day_that_is_past(
    known: Facts, policy: Policy, zone: str
) -> None:
    moved = replace(known, patient_zone=ZoneInfo(zone))
    assert days_of(moved, policy) == days_of(known, policy)
    only = replace(asked(), months=())
    assert evaluate(moved, only, shipped(), policy) == evaluate(known, only, shipped(), policy)


@given(people(late=False), policies(), readings(late=False))
def test_a_further_reading_never_takes_a_day_away(
    known: Facts, policy: Policy, further: Reading
) -> None:
    more = replace(known, readings=(*known.readings, replace(further, id="further")))
    assert days_of(more, policy) >= days_of(known, policy)


@given(people(), policies(), readings())
def test_nor_does_a_late_one_that_opens_no_earlier_period(
    known: Facts, policy: Policy, further: Reading
) -> None:
    before = days_of(known, policy)
    more = replace(known, readings=(*known.readings, replace(further, id="further")))
    anchors = [
        next(
            (each.window.first for each in frames(qualifying(each_of, policy), each_of, policy)),
            None,
        )
        for each_of in (known, more)
    ]
    if anchors[0] == anchors[1]:
        assert days_of(more, policy) >= before


@given(people(), policies(), st.sampled_from(MONTHS))
def test_no_minute_is_counted_in_two_programmes_nor_twice_in_one(
    known: Facts, policy: Policy, month: str
) -> None:
    window = minutes.month_window(month)
    found = [minutes.counted(window, name, known, policy) for name in ("RPM", "CCM")]
    pieces = [piece for each in found for piece in each.spans.values()]
    for one, two in combinations(pieces, 2):
        assert not spans.shared(one, two)
    assert [each.seconds for each in found] == [
        sum((spans.length(those) for those in each.spans.values()), dt.timedelta(0))
        // dt.timedelta(seconds=1)
        for each in found
    ]


@given(people(), policies(), st.sampled_from(MONTHS))
def test_no_minute_of_one_person_is_counted_for_two_patients(
    known: Facts, policy: Policy, month: str
) -> None:
    window = minutes.month_window(month)
    staff = {each.id: each.staff for each in known.entries}
    found = [
        minutes.counted(window, "RPM", replace(known, patient=name), policy).spans
        for name in ("P1", "P2")
    ]
    for one, mine in found[0].items():
        for two, theirs in found[1].items():
            assert staff[one] != staff[two] or not spans.shared(mine, theirs)


@given(people(), policies())
def test_units_never_exceed_the_cap(known: Facts, policy: Policy) -> None:
    caps = {"99458": policy.max_99458_units or 0, "99439": 2}
    for line in evaluate(known, asked(), shipped(), policy).lines:
        assert 1 <= line.units <= caps.get(line.code, 1)


@given(people(), policies(), st.dates(dt.date(2026, 2, 25), dt.date(2026, 6, 30)))
def test_an_open_window_has_no_line_and_a_day_of_service_lies_in_its_window(
    known: Facts, policy: Policy, as_of: dt.date
) -> None:
    for line in evaluate(known, asked(as_of), shipped(), policy).lines:
        assert line.window.last < as_of
        assert line.dos <= line.window.last
        if policy.setup_dos != "education_date" or line.scope != "setup":
            assert line.window.holds(line.dos)


@given(people(), policies())
def test_every_window_that_is_asked_for_is_answered_and_no_other(
    known: Facts, policy: Policy
) -> None:
    answer = evaluate(known, asked(), shipped(), policy)
    assert set(answer.computed["qualifying_days"]) == {"1", "2"}
    assert set(answer.computed["rpm_seconds"]) == set(MONTHS)
    told = [line.scope for line in answer.lines] + [each.scope for each in answer.not_billable]
    assert told.count("supply") == len(PERIODS)
    assert told.count("mgmt") >= len(MONTHS)
    assert told.count("setup") == 1
    assert all(line.rules for line in answer.lines)
    assert all(each.rules for each in answer.not_billable)


@given(st.lists(entries(), max_size=20), st.integers(0, 60 * 1440), st.integers(1, 5000))
def test_the_diary_finds_what_a_search_would_find(
    logged: list[TimeEntry], begins: int, lasts: int
) -> None:
    start = (START + dt.timedelta(minutes=begins)).astimezone(dt.UTC)
    end = start + dt.timedelta(seconds=lasts)
    wanted = [
        each for each in logged if each.staff == "ann" and each.start < end and each.end > start
    ]
    found = list(Diary(logged).during("ann", (start, end)))
    assert sorted(found, key=repr) == sorted(wanted, key=repr)


@given(people(), policies())
def test_a_diary_of_everybody_says_what_the_entries_themselves_say(
    known: Facts, policy: Policy
) -> None:
    own = tuple(each for each in known.entries if each.patient == known.patient)
    other = replace(known, entries=own, elsewhere=Diary(known.entries))
    assert evaluate(other, asked(), shipped(), policy) == evaluate(
        known, asked(), shipped(), policy
    )


def ticks(each: TimeEntry) -> set[int]:
    """Its seconds, one by one."""
    return set(range(int(each.start.timestamp()), int(each.end.timestamp())))


@given(people(), st.sampled_from(MONTHS))
def test_minutes_are_what_counting_second_by_second_gives(known: Facts, month: str) -> None:
    window = minutes.month_window(month)
    begins, ends = (int(each.timestamp()) for each in minutes.instants(window, NEW_YORK))
    over = known.episode.end_date
    if over is not None:
        end_of_day = dt.datetime.combine(over + dt.timedelta(days=1), dt.time(), NEW_YORK)
        ends = min(ends, int(end_of_day.timestamp()))
    expected: set[int] = set()
    for each in known.entries:
        if (each.patient, each.program) != ("P1", "RPM") or not each.clinical:
            continue
        if each.activity == "setup":
            continue
        mine = {tick for tick in ticks(each) if begins <= tick < ends}
        for other in known.entries:
            elsewhere = other.patient != "P1" and other.staff == each.staff
            between = other.patient == "P1" and other.program == "CCM" and other.clinical
            if elsewhere or between:
                mine -= ticks(other)
        expected |= mine
    assert minutes.counted(window, "RPM", known, Policy()).seconds == len(expected)
