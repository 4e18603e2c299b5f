"""What is wrong between lines, and the five measures: each at its threshold."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from billing.pointers.claimed import Claimed, setup_twice, supply_alone
from billing.pointers.lines import thresholds_of
from billing.pointers.measures import Measure, measures
from billing.rule_files import shipped

FIRST = dt.date(2026, 1, 1)
PERIOD = dt.timedelta(days=30)


def claimed(number: int, patient: int = 1, period: int = 0, **changes: Any) -> Claimed:
    """A supply line of one of the patient's periods."""
    first = FIRST + period * PERIOD
    fields: dict[str, Any] = {
        "line": UUID(int=1000 + number),
        "patient": UUID(int=patient),
        "name": f"Patient {patient:02}",
        "month": f"{first:%Y-%m}",
        "service": "rpm",
        "scope": "supply",
        "code": "99454",
        "first": first,
        "last": first + PERIOD - dt.timedelta(days=1),
        "episode": UUID(int=7),
        "practitioner": "1234567893",
        "established": True,
        "devices": 1,
    }
    return Claimed(**(fields | changes))


def care(number: int, patient: int = 1, period: int = 0) -> Claimed:
    return claimed(number, patient, period, scope="mgmt", code="99457")


def measured(key: str, rows: list[Claimed]) -> Measure:
    return next(each for each in measures(rows) if each.key == key)


def test_setup_twice_in_an_episode_is_pointed_out_and_once_in_each_of_two_is_not() -> None:
    one, two = (claimed(number, scope="setup", code="99453", period=number) for number in (0, 3))
    (found,) = setup_twice([two, one])
    assert found.what == "2 in one episode: 99453 with 2026-01-30, 99453 with 2026-04-30."
    assert found.lines == (one.line, two.line)
    other = claimed(5, scope="setup", code="99453", period=3, episode=UUID(int=8))
    assert setup_twice([one, other]) == []


@pytest.mark.parametrize(("periods", "points"), [(2, False), (3, True), (4, True)])
def test_supply_alone_for_more_than_two_periods_is_pointed_out(
    periods: int,
    points: bool,  # noqa: FBT001
) -> None:
    rows = [claimed(number, period=number) for number in range(periods)]
    found = supply_alone(rows)
    assert bool(found) is points
    if points:
        assert found[0].what == f"{periods} periods in a row with 99454, and no care time."


def test_care_time_in_between_ends_the_run() -> None:
    rows = [claimed(number, period=number) for number in range(4)]
    assert supply_alone([*rows, care(9, period=2)]) == []
    (found,) = supply_alone([*rows, care(9, period=3)])
    assert len(found.lines) == 3


@pytest.mark.parametrize(("now", "points"), [(9, False), (10, True), (11, True)])
def test_a_spike_is_growth_of_150_per_cent(now: int, points: bool) -> None:  # noqa: FBT001
    rows = [claimed(number, number) for number in range(4)]
    rows += [claimed(100 + number, number, month="2026-02") for number in range(now)]
    found = measured("spikes", rows)
    assert found.points is points
    assert found.figure == f"+{(now - 4) / 4:.0%}"
    assert [each.month for each in found.rows] == ["2026-02", "2026-01"]


def test_a_month_without_any_line_is_a_month_too() -> None:
    rows = [claimed(1, month="2025-11"), claimed(2, month="2026-02")]
    found = measured("spikes", rows)
    assert [each.month for each in found.rows] == ["2026-02", "2026-01", "2025-12", "2025-11"]
    assert found.figure == "−100%"  # noqa: RUF001 - a minus sign
    assert not found.points


@pytest.mark.parametrize(("strangers", "points"), [(3, False), (4, False), (5, True)])
def test_no_earlier_relationship_is_asked_about_above_80_per_cent(
    strangers: int,
    points: bool,  # noqa: FBT001
) -> None:
    rows = [claimed(number, number, established=number >= strangers) for number in range(5)]
    found = measured("no-relationship", rows)
    assert (found.points, found.figure) == (points, f"{strangers / 5:.0%}")
    assert len(found.rows) == strangers


@pytest.mark.parametrize(("without", "points"), [(2, False), (3, False), (4, True)])
def test_devices_without_care_time_are_asked_about_above_75_per_cent(
    without: int,
    points: bool,  # noqa: FBT001
) -> None:
    rows = [claimed(number, number) for number in range(4)]
    rows += [care(10 + number, number) for number in range(without, 4)]
    found = measured("device-alone", rows)
    assert (found.points, found.figure) == (points, f"{without / 4:.0%}")


def test_two_practitioners_in_one_period_are_two_who_bill_and_one_after_the_other_is_not() -> None:
    one = claimed(1)
    assert measured("several-practices", [one, claimed(2, practitioner="9", period=1)]).points is (
        False
    )
    found = measured("several-practices", [one, claimed(2, practitioner="9")])
    assert found.points
    assert found.rows[0].value == "1234567893 and 9"


def test_two_supply_lines_in_the_same_days_are_several_devices() -> None:
    rows = [claimed(1), claimed(2, period=1), claimed(3, devices=3)]
    assert measured("several-devices", rows[:2]).points is False
    assert measured("several-devices", rows).rows[0].value == "3 lines for supply"


def test_without_lines_nothing_is_measured_and_nothing_is_said_to_be_wrong() -> None:
    found = measures([claimed(1, service="ccm", scope="ccm")])
    assert [each.figure for each in found] == ["None"] * 5
    assert not any(each.points for each in found)
    assert all(each.how and each.threshold and each.words for each in found)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2025, 12, 31), [1200, 2400, 3600, 4800, 6000]),
        (dt.date(2026, 1, 1), [600, 1200, 2400, 3600, 4800, 6000]),
    ],
)
def test_thresholds_are_those_of_the_rules_of_the_day(day: dt.date, expected: list[int]) -> None:
    rules = shipped().of("medicare", day)
    assert rules is not None
    assert thresholds_of(rules) == expected
