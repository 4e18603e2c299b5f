"""What cannot be measured is refused in the numbers that were typed."""

import pytest

from care.rules import Baseline, Bound, Change, Limit, Op, Rule, Severity
from console.web.formats import Units
from console.web.rule_reach import unreachable
from vitals.kinds import Kind

AMERICAN = Units(weight="lb", temperature="F")
FEVER = Limit(
    id="fever", kind=Kind.TEMPERATURE, severity=Severity.MEDIUM,
    bounds=(Bound(metric="temperature", op=Op.AT_OR_ABOVE, value=38.0),),
)  # fmt: skip
GAIN = Change(
    id="gain", kind=Kind.WEIGHT, severity=Severity.MEDIUM, baseline=Baseline.OLDEST,
    bounds=(Bound(metric="weight", op=Op.ABOVE, value=2.0),),
)  # fmt: skip
SUGAR = Limit(
    id="sugar", kind=Kind.GLUCOSE, severity=Severity.MEDIUM,
    bounds=(Bound(metric="glucose", op=Op.ABOVE, value=250.0),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "metric", "typed", "units", "begins"),
    [
        (FEVER, "temperature", "38", AMERICAN,
         "38 °F is no body temperature that is measured: 86 to 109.4 °F."),
        (FEVER, "temperature", "100.4", Units(),
         "100.4 °C is no body temperature that is measured: 30 to 43 °C."),
        (GAIN, "weight", "2000", AMERICAN, "2000 lb is no change of weight that is measured: -"),
        (SUGAR, "glucose", "250", Units(glucose="mmol/L"),
         "250 mmol/L is no glucose that is measured: "),
    ],
)  # fmt: skip
def test_what_no_reading_can_cross_is_told_as_it_was_typed(
    rule: Rule, metric: str, typed: str, units: Units, begins: str
) -> None:
    back = units.canonical_difference if isinstance(rule, Change) else units.canonical
    said = unreachable(rule, metric, back(metric, float(typed)), typed, units)
    assert said is not None
    assert said.startswith(begins)


@pytest.mark.parametrize(
    ("typed", "refused"),
    [("85.9", True), ("86", False), ("109.4", False), ("109.5", True)],
)
def test_the_first_and_the_last_that_are_measured_are_taken(typed: str, *, refused: bool) -> None:
    kept = AMERICAN.canonical("temperature", float(typed))
    said = unreachable(FEVER, "temperature", kept, typed, AMERICAN)
    assert (said is not None) == refused
