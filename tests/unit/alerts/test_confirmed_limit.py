"""confirmed_limit: which repeat confirms, which reassures, and what silence says."""

import datetime as dt

import pytest

from alerts.columns.verdicts import NO_ROW
from alerts.judging.evaluate import evaluate
from alerts.judging.findings import Phase
from alerts.rules.confirmed_limit import confirmed_limit
from care.rules import ConfirmedLimit, Severity
from tests.unit.alerts.charts import (
    MORNING,
    batch,
    bound,
    chart,
    evaluation,
    findings,
    minutes,
    plan,
    pressure,
    series,
)
from vitals.kinds import Kind

CRISIS = ConfirmedLimit(
    id="crisis",
    kind=Kind.BLOOD_PRESSURE,
    severity=Severity.CRITICAL,
    bounds=(bound("systolic", ">=", 180), bound("diastolic", ">=", 120)),
    within_min=30,
    apart_s=60,
)


def confirmed(*steps: tuple[float, float]) -> list[int]:
    """(seconds, systolic) … -> for each the row that it confirms, or NO_ROW."""
    rows = [pressure(dt.timedelta(seconds=seconds), value) for seconds, value in steps]
    verdicts = confirmed_limit(series(rows), CRISIS)
    assert verdicts.first is not None
    assert verdicts.breach.tolist() == (verdicts.first != NO_ROW).tolist()
    return [int(row) for row in verdicts.first]


@pytest.mark.parametrize(
    ("seconds", "row"), [(59, NO_ROW), (60, 0), (61, 0), (1799, 0), (1800, 0), (1801, NO_ROW)]
)
def test_a_repeat_counts_from_apart_to_within(seconds: float, row: int) -> None:
    assert confirmed((0, 184), (seconds, 186)) == [NO_ROW, row]


@pytest.mark.parametrize(("value", "row"), [(179, NO_ROW), (180, 0), (181, 0)])
def test_a_repeat_confirms_when_it_crosses_too(value: float, row: int) -> None:
    assert confirmed((0, 184), (300, value)) == [NO_ROW, row]


def test_a_good_repeat_ends_the_attempt() -> None:
    assert confirmed((0, 184), (300, 150), (600, 186)) == [NO_ROW, NO_ROW, NO_ROW]


def test_a_good_value_that_is_too_soon_ends_nothing() -> None:
    assert confirmed((0, 184), (30, 150), (90, 186)) == [NO_ROW, NO_ROW, 0]


def test_after_a_good_repeat_a_new_attempt_may_be_confirmed() -> None:
    assert confirmed((0, 184), (100, 150), (200, 186), (300, 188)) == [NO_ROW, NO_ROW, NO_ROW, 2]


def test_either_bound_confirms_the_other() -> None:
    rows = [pressure(minutes(0), 184, 110), pressure(minutes(5), 170, 122)]
    assert confirmed_limit(series(rows), CRISIS).breach.tolist() == [False, True]


def test_a_doubtful_repeat_neither_confirms_nor_reassures() -> None:
    rows = [pressure(minutes(0), 184), pressure(minutes(5), 150), pressure(minutes(9), 186)]
    verdicts = confirmed_limit(series(rows, doubt=[1]), CRISIS)
    assert verdicts.breach.tolist() == [False, False, True]


def test_184_then_150_is_nothing_and_says_why() -> None:
    found = evaluation([CRISIS], [pressure(minutes(0), 184), pressure(minutes(5), 150)])
    assert found.findings == []
    (dismissed,) = found.dismissed
    assert (dismissed.first_value, dismissed.repeat_value) == (184, 150)


def test_184_then_186_is_critical_from_the_first_of_them() -> None:
    (found,) = findings([CRISIS], [pressure(minutes(0), 184), pressure(minutes(7), 186)])
    assert found.phase is Phase.OPEN
    assert found.severity is Severity.CRITICAL
    assert found.onset_at == MORNING
    assert [one.value for one in found.readings] == [184, 186]
    assert found.count == 2
    assert found.worst == 186
    assert found.reason.code == "confirmed"
    assert found.reason.facts["first_value"] == 184


@pytest.mark.parametrize(
    ("waited", "phase"),
    [
        (29, Phase.AWAITING_REPEAT),
        (30, Phase.OPEN),
        (31, Phase.OPEN),
    ],
)
def test_silence_until_the_deadline_counts_as_crossed(waited: float, phase: Phase) -> None:
    (found,) = findings([CRISIS], [pressure(minutes(0), 184)], now=MORNING + minutes(waited))
    assert found.phase is phase
    assert found.onset_at == MORNING
    code = "awaiting_repeat" if phase is Phase.AWAITING_REPEAT else "no_repeat"
    assert found.reason.code == code
    assert found.waits_until == (MORNING + minutes(30) if code == "awaiting_repeat" else None)


def test_a_repeat_that_comes_late_takes_back_what_silence_said() -> None:
    rows = [pressure(minutes(0), 184), pressure(minutes(20), 140, received_after=minutes(90))]
    assert findings([CRISIS], rows) == []


def test_an_episode_goes_on_until_a_value_that_does_not_cross() -> None:
    rows = [
        pressure(minutes(0), 184),
        pressure(minutes(7), 186),
        pressure(minutes(60 * 12), 195),
        pressure(minutes(60 * 24), 140),
        pressure(minutes(60 * 36), 200),
        pressure(minutes(60 * 36 + 5), 150),
    ]
    (found,) = findings([CRISIS], rows)
    assert found.phase is Phase.CLEARED
    assert found.cleared_at == MORNING + minutes(60 * 24)
    assert (found.count, found.worst) == (3, 195)


def test_what_waits_within_an_open_episode_is_no_item_of_its_own() -> None:
    rows = [pressure(minutes(0), 184), pressure(minutes(7), 186), pressure(minutes(120), 190)]
    (found,) = findings([CRISIS], rows, now=MORNING + minutes(125))
    assert found.phase is Phase.OPEN
    assert found.count == 3


def test_a_repeat_may_stand_across_the_edge_of_what_is_judged_anew() -> None:
    rows = [pressure(minutes(0), 184), pressure(minutes(7), 186)]
    only_new = chart(plan(CRISIS), since=MORNING + minutes(5))
    (found,) = evaluate(batch((only_new, rows)), now=MORNING + minutes(8)).findings
    assert found.onset_at == MORNING
    assert found.count == 2
