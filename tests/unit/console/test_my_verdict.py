"""Which word a number gets against a plan: below, at and above every limit."""

import datetime as dt
import math
from typing import Any
from uuid import UUID

import pytest

from care.overrides import resolve
from care.programme import Overrides, Plan, Silence, WorkingHours
from care.programmes import shipped
from care.rules import Bound, Change, ConfirmedLimit, Lane, Limit, Op, Severity, WindowMean
from console.my.advice import advice
from console.my.attention import Looked, OnList, attention
from console.my.verdict import Finding, Side, Verdict, Word, judged, own_range
from vitals.kinds import Kind

AT = dt.datetime(2026, 11, 22, 13, 0, tzinfo=dt.UTC)
BP = Kind.BLOOD_PRESSURE


def plan(*rules: Any, measures: Any = ()) -> Plan:
    return Plan(
        id=UUID(int=1), organisation_id=UUID(int=2), patient_id=UUID(int=3), version=1,
        effective_from=AT - dt.timedelta(days=30), effective_to=None, programme="test",
        programme_version=1, overrides=Overrides(), measures=measures, rules=rules, ladders=(),
        hours=WorkingHours(), silence=Silence(),
    )  # fmt: skip


def of_programme(name: str) -> Plan:
    found = next(each for each in shipped() if each.id == name)
    resolved = resolve(found, Overrides())
    return plan(*resolved.rules, measures=resolved.measures)


def word(kind: Kind, which: Plan, **values: float) -> Word | None:
    return judged(kind, values, which).word


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"),
    [
        (129, 79, Word.IN_RANGE), (130, 79, Word.A_LITTLE_HIGH), (131, 79, Word.A_LITTLE_HIGH),
        (120, 80, Word.A_LITTLE_HIGH), (159, 70, Word.A_LITTLE_HIGH), (160, 70, Word.HIGH),
        (161, 70, Word.HIGH), (120, 100, Word.HIGH), (179, 70, Word.HIGH),
        (180, 70, Word.VERY_HIGH), (181, 70, Word.VERY_HIGH), (120, 119, Word.HIGH),
        (120, 120, Word.VERY_HIGH), (101, 60, Word.IN_RANGE), (100, 60, Word.A_LITTLE_LOW),
        (99, 60, Word.A_LITTLE_LOW), (90, 60, Word.A_LITTLE_LOW), (89, 60, Word.LOW),
    ],
)  # fmt: skip
def test_a_blood_pressure_by_the_limits_of_its_programme(
    systolic: float, diastolic: float, expected: Word
) -> None:
    which = of_programme("hypertension-us")
    assert word(BP, which, systolic=systolic, diastolic=diastolic) is expected


@pytest.mark.parametrize(
    ("glucose", "expected"),
    [
        (53, Word.VERY_LOW), (54, Word.A_LITTLE_LOW), (69, Word.A_LITTLE_LOW), (70, Word.IN_RANGE),
        (180, Word.IN_RANGE), (181, Word.A_LITTLE_HIGH), (299, Word.A_LITTLE_HIGH),
        (300, Word.HIGH), (math.inf, Word.HIGH), (-math.inf, Word.VERY_LOW),
    ],
)  # fmt: skip
def test_a_glucose_by_the_limits_of_its_programme(glucose: float, expected: Word) -> None:
    assert word(Kind.GLUCOSE, of_programme("diabetes-type-2"), glucose=glucose) is expected


@pytest.mark.parametrize(
    ("spo2", "expected"),
    [
        (88, Word.IN_RANGE), (87.9, Word.LOW), (87, Word.LOW), (84, Word.LOW), (83.5, Word.LOW),
        (83, Word.VERY_LOW), (82, Word.VERY_LOW), (99, Word.IN_RANGE),
    ],
)  # fmt: skip
def test_oxygen_by_a_scale_in_whole_percents(spo2: float, expected: Word) -> None:
    assert word(Kind.OXIMETRY, of_programme("copd"), spo2=spo2) is expected


def test_high_and_low_at_once_is_outside() -> None:
    which = plan(
        Limit(id="a", kind=BP, severity=Severity.HIGH, bounds=(
            Bound(metric="systolic", op=Op.AT_OR_ABOVE, value=160),
            Bound(metric="diastolic", op=Op.BELOW, value=50),
        )),
    )  # fmt: skip
    assert word(BP, which, systolic=165, diastolic=45) is Word.OUTSIDE
    assert word(BP, which, systolic=165, diastolic=50) is Word.HIGH


def test_a_mean_or_a_count_makes_a_number_a_little_off_and_never_more() -> None:
    which = plan(
        WindowMean(id="a", kind=BP, severity=Severity.CRITICAL, bounds=(
            Bound(metric="systolic", op=Op.ABOVE, value=135),
        )),
    )  # fmt: skip
    assert word(BP, which, systolic=135, diastolic=70) is Word.IN_RANGE
    assert word(BP, which, systolic=220, diastolic=70) is Word.A_LITTLE_HIGH


def test_a_rule_that_asks_how_it_was_measured_says_nothing_of_the_number() -> None:
    which = plan(
        Limit(id="a", kind=BP, severity=Severity.LOW, lane=Lane.NEEDS_CHECK, bounds=(
            Bound(metric="systolic", op=Op.ABOVE, value=100),
        )),
        Limit(id="b", kind=BP, severity=Severity.HIGH, bounds=(
            Bound(metric="systolic", op=Op.ABOVE, value=160),
        )),
    )  # fmt: skip
    assert word(BP, which, systolic=120, diastolic=70) is Word.IN_RANGE


def test_what_no_plan_asks_for_gets_no_word() -> None:
    assert judged(BP, {"systolic": 220.0, "diastolic": 90.0}, None).word is None
    weight_only = of_programme("diabetes-type-2")
    assert word(BP, weight_only, systolic=220, diastolic=90) is None


GAIN = Change(
    id="gain", kind=Kind.WEIGHT, severity=Severity.MEDIUM,
    bounds=(Bound(metric="weight", op=Op.AT_OR_ABOVE, value=1.36),),
)  # fmt: skip


def finding(**changes: Any) -> Finding:
    facts: dict[str, Any] = {
        "rule": "gain", "lane": "medical", "severity": "medium", "metric": "weight",
        "bound": {"metric": "weight", "op": ">=", "value": 1.36},
    }  # fmt: skip
    return Finding(**(facts | changes))


def test_a_change_is_told_against_what_is_usual_and_only_when_an_alert_found_it() -> None:
    which, values = plan(GAIN), {"weight": 82.0}
    assert judged(Kind.WEIGHT, values, which).word is Word.AS_EXPECTED
    found = judged(Kind.WEIGHT, values, which, [finding()])
    assert (found.word, found.side, found.relative) == (Word.HIGHER_THAN_USUAL, Side.UP, True)
    lost = finding(bound={"metric": "weight", "op": "<=", "value": -3})
    assert judged(Kind.WEIGHT, values, which, [lost]).word is Word.LOWER_THAN_USUAL
    assert judged(Kind.WEIGHT, values, which, [finding(bound=None)]).word is Word.NOT_AS_USUAL


@pytest.mark.parametrize("changes", [{"rule": "other"}, {"lane": "technical"}, {"metric": "pulse"}])
def test_an_alert_of_another_rule_lane_or_number_is_not_told(changes: dict[str, str]) -> None:
    found = judged(Kind.WEIGHT, {"weight": 82.0}, plan(GAIN), [finding(**changes)])
    assert found.word is Word.AS_EXPECTED


def test_the_pulse_has_a_word_of_its_own() -> None:
    which, values = of_programme("hypertension-us"), {"systolic": 120.0, "diastolic": 70.0}
    assert judged(BP, values | {"pulse": 131.0}, which).word is Word.IN_RANGE
    assert judged(BP, values | {"pulse": 131.0}, which, metrics=("pulse",)).word is Word.VERY_HIGH


def test_the_range_that_is_drawn_is_the_one_that_words_are_said_by() -> None:
    assert own_range(of_programme("hypertension-us"), BP, "systolic") == (100, 130)
    assert own_range(of_programme("hypertension-us"), BP, "diastolic") == (None, 80)
    assert own_range(of_programme("diabetes-type-2"), Kind.GLUCOSE, "glucose") == (70, 180)
    assert own_range(plan(GAIN), Kind.WEIGHT, "weight") == (None, None)


def test_each_word_has_advice_and_calling_comes_with_the_gravest() -> None:
    far = Verdict(word=Word.VERY_HIGH, side=Side.UP, grade=3)
    assert advice(BP, far, Looked.REPEAT, not_sure=True) == "rest_and_call"
    assert advice(Kind.GLUCOSE, far, Looked.NOT_YET, not_sure=False) == "call_now"
    out = Verdict(word=Word.HIGH, side=Side.UP, grade=2)
    assert advice(BP, out, Looked.REPEAT, not_sure=False) == "repeat"
    assert advice(BP, out, Looked.NOT_ASKED, not_sure=False) == "rest_and_repeat"
    assert advice(Kind.GLUCOSE, out, Looked.NOT_YET, not_sure=False) == "call_today"
    low = Verdict(word=Word.A_LITTLE_LOW, side=Side.DOWN, grade=1)
    assert advice(Kind.GLUCOSE, low, Looked.NOT_YET, not_sure=False) == "sugar_low"
    assert advice(BP, low, Looked.NOT_YET, not_sure=True) == "again"
    assert advice(BP, low, Looked.NOT_YET, not_sure=False) == "a_little"
    assert advice(BP, Verdict(word=None), Looked.NOT_ASKED, not_sure=False) == "none"
    assert advice(BP, Verdict(word=Word.IN_RANGE), Looked.NOT_ASKED, not_sure=False) == "fine"
    assert advice(BP, far, Looked.DONE, not_sure=False, old=True) == "told"
    assert advice(BP, far, Looked.NOT_YET, not_sure=False, old=True) == "old"
    fine = Verdict(word=Word.IN_RANGE)
    assert advice(BP, fine, Looked.DONE, not_sure=False, old=True) == "fine"
    more = Verdict(word=Word.HIGHER_THAN_USUAL, side=Side.UP, grade=1, relative=True)
    assert advice(Kind.WEIGHT, more, Looked.NOT_YET, not_sure=False) == "weight_changed"
    assert advice(BP, more, Looked.NOT_YET, not_sure=False) == "changed"


def item(state: str, **changes: Any) -> OnList:
    facts: dict[str, Any] = {
        "outcome": None, "acknowledged_at": None, "ended_at": None, "ended_by_person": False,
    }  # fmt: skip
    return OnList(state=state, **(facts | changes))


LATER = AT + dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("items", "looked", "at"),
    [
        ([], Looked.NOT_ASKED, None),
        ([item("awaiting_repeat")], Looked.REPEAT, None),
        ([item("open")], Looked.NOT_YET, None),
        ([item("escalated"), item("awaiting_repeat")], Looked.NOT_YET, None),
        ([item("acknowledged", acknowledged_at=AT)], Looked.SEEN, AT),
        ([item("acknowledged")], Looked.NOT_YET, None),
        ([item("snoozed", acknowledged_at=AT), item("open")], Looked.SEEN, AT),
        (
            [item("resolved", outcome="called_patient", acknowledged_at=AT, ended_at=LATER,
                  ended_by_person=True)],
            Looked.DONE, LATER,
        ),
        (
            [item("resolved", outcome="watch", ended_at=LATER, ended_by_person=True), item("open")],
            Looked.SEEN, LATER,
        ),
        ([item("resolved", outcome="auto_cleared", ended_at=LATER)], Looked.NOT_ASKED, None),
        (
            [item("resolved", outcome="auto_cleared", acknowledged_at=AT, ended_at=LATER)],
            Looked.SEEN, AT,
        ),
    ],
)  # fmt: skip
def test_only_a_person_who_looked_has_looked(
    items: list[OnList], looked: Looked, at: dt.datetime | None
) -> None:
    found = attention(items)
    assert (found.looked, found.at) == (looked, at)


def test_a_limit_to_be_confirmed_makes_its_word_at_the_first_number() -> None:
    which = plan(
        ConfirmedLimit(id="a", kind=BP, severity=Severity.CRITICAL, bounds=(
            Bound(metric="systolic", op=Op.AT_OR_ABOVE, value=180),
        )),
    )  # fmt: skip
    assert word(BP, which, systolic=180, diastolic=80) is Word.VERY_HIGH
