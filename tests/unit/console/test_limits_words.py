"""Limits as sentences: a nurse reads them before she changes one."""

import pytest

from care.rules import Baseline, Bound, Change, Op, Rule, Severity, Shift, Together
from console.chart.limits_words import rule_words
from console.web.formats import Units
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
