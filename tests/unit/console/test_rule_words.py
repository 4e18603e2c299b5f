"""Limits as sentences: a nurse reads them before she changes one."""

import pytest

from care.programmes import shipped
from care.rules import (
    Band,
    Baseline,
    Bound,
    Change,
    GlucoseStatistic,
    Op,
    OximetryScale,
    Rule,
    Severity,
    Shift,
    Statistic,
    Together,
    WindowMean,
)  # fmt: skip
from console.web.formats import Units
from console.web.rule_words import labels_of, measure_words, rule_words
from vitals.kinds import Kind

POUNDS = Units(weight="lb")


def change(op: Op, value: float, *, days: int = 3, percent: bool = False) -> Change:
    return Change(
        id="gain", kind=Kind.WEIGHT, severity=Severity.MEDIUM, percent=percent, days=days,
        baseline=Baseline.OLDEST, bounds=(Bound(metric="weight", op=op, value=value),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            change(Op.ABOVE, 2.0),
            "Weight up by more than 4.4 lb, against the first reading of the 3 days before.",
        ),
        (
            change(Op.AT_OR_ABOVE, 2.0, days=1),
            "Weight up by 4.4 lb or more, against the first reading of the day before.",
        ),
        (
            change(Op.AT_OR_BELOW, -3.0, percent=True),
            "Weight down by 3 % or more, against the first reading of the 3 days before.",
        ),
        (
            Shift(id="shift", kind=Kind.BLOOD_PRESSURE, severity=Severity.MEDIUM, metric="pulse",
                  side="above"),
            "Pulse stays above this patient's usual level.",
        ),
        (
            GlucoseStatistic(id="risk", kind=Kind.GLUCOSE, severity=Severity.MEDIUM,
                             statistic=Statistic.LBGI, op=Op.ABOVE, value=1.1, days=1),
            "Of 1 day: low blood glucose index (LBGI) above 1.1.",
        ),
        (
            GlucoseStatistic(id="low", kind=Kind.GLUCOSE, severity=Severity.MEDIUM, value=4,
                             statistic=Statistic.BELOW_70, op=Op.AT_OR_ABOVE),
            "Of 14 days: readings below 70 mg/dL at or above 4 %.",
        ),
        (
            WindowMean(id="mean", kind=Kind.WEIGHT, severity=Severity.MEDIUM, days=1, min_days=1,
                       min_count=1, bounds=(Bound(metric="weight", op=Op.ABOVE, value=100),)),
            "The mean of 1 day, from 1 day and 1 reading on: weight above 220.5 lb.",
        ),
        (
            Band(id="band", kind=Kind.BLOOD_PRESSURE, severity=Severity.MEDIUM, metric="pulse"),
            "Pulse outside this patient's usual range of the 30 days before.",
        ),
        (
            OximetryScale(id="scale", kind=Kind.OXIMETRY, severity=Severity.MEDIUM),
            "A reading with oxygen saturation at or below 91 % (score 3 or more on scale 1).",
        ),
    ],
)  # fmt: skip
def test_a_change_is_up_or_down_by_so_much(rule: Rule, words: str) -> None:
    assert rule_words(rule, POUNDS) == words


def test_a_rule_about_others_calls_them_by_their_names() -> None:
    both = Together(id="both", kind=Kind.WEIGHT, severity=Severity.HIGH, of=("gain", "shift"))
    labels = {"gain": "Weight gain within 3 days", "shift": "Pulse has left its usual level"}
    assert rule_words(both, POUNDS, labels) == (
        "At least 2 of these within 72 hours: Weight gain within 3 days;"
        " Pulse has left its usual level."
    )


def test_no_shipped_rule_is_told_in_words_of_a_machine() -> None:
    units = Units(weight="lb", temperature="F", glucose="mmol/L")
    for programme in shipped():
        labels = labels_of(programme.rules)
        said = [rule_words(each, units, labels) for each in programme.rules]
        said += [measure_words(each) for each in programme.measures]
        machine = [
            each for each in said
            if any(sign in each for sign in ("_", "<=", ">=", "MAD", "ewma", "lbgi", "1 days"))
        ]  # fmt: skip
        assert machine == []
