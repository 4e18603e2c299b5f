"""Words: what was measured, which limit, when on the patient's clock, and how it was confirmed."""

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest

from alerts.judging.artefacts import Doubt
from alerts.judging.findings import Reason
from alerts.judging.labels import label
from alerts.judging.words import DOUBTS, SENTENCES, sentence
from alerts.rules.dispatch import COMPUTED_BY
from care.rules import (
    Band,
    Baseline,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    Op,
    OximetryScale,
    Rule,
    SessionMean,
    Severity,
    Shift,
    Statistic,
    Together,
    Trend,
    WindowMean,
)
from tests.unit.alerts.charts import HI, LATER, MORNING, bound, findings, minutes, of, pressure
from vitals.kinds import Kind

BERLIN = ZoneInfo("Europe/Berlin")
BP = Kind.BLOOD_PRESSURE
CRISIS = ConfirmedLimit(
    id="crisis", kind=BP, severity=Severity.CRITICAL, bounds=(bound("systolic", ">=", 180),)
)


def said(rule: Rule, *values: tuple[float, float], now: dt.datetime = LATER) -> str:
    """(minutes, systolic) … -> the sentence of the last finding."""
    rows = [pressure(minutes(at), value) for at, value in values]
    return sentence(findings([rule], rows, now=now)[-1].reason, zone=BERLIN)


def test_a_confirmed_value_names_both_readings_on_the_patients_clock() -> None:
    assert said(CRISIS, (2, 184), (9, 186)) == (
        "Systolic 184 mmHg at 09:02 on 2 Nov, limit at or above 180, confirmed by 186 at 09:09"
    )


def test_one_bound_confirmed_by_another_names_both() -> None:
    either = (bound("systolic", ">=", 180), bound("diastolic", ">=", 120))
    rule = msgspec.structs.replace(CRISIS, bounds=either)
    rows = [pressure(minutes(2), 170, 122), pressure(minutes(9), 186, 110)]
    (found,) = findings([rule], rows)
    assert sentence(found.reason, zone=BERLIN) == (
        "Diastolic 122 mmHg at 09:02 on 2 Nov, limit at or above 120, "
        "confirmed by Systolic 186 mmHg at 09:09, limit at or above 180"
    )


def test_silence_is_said() -> None:
    assert said(CRISIS, (2, 184)).endswith("; no repeat came within 30 minutes")


def test_a_wait_says_until_when() -> None:
    words = said(CRISIS, (2, 184), now=MORNING + minutes(5))
    assert words.endswith("; a repeat is awaited until 09:32")


def test_a_number_is_never_rounded_onto_the_limit() -> None:
    rule = SessionMean(
        id="s", kind=BP, severity=Severity.HIGH, bounds=(bound("systolic", ">", 160),)
    )
    assert said(rule, (0, 160), (2, 160.8)) == (
        "Systolic 160.4 mmHg, the mean of 2 readings up to 09:02 on 2 Nov, limit above 160"
    )


def test_hi_is_hi() -> None:
    rule = Limit(
        id="g", kind=Kind.GLUCOSE, severity=Severity.HIGH, bounds=(bound("glucose", ">=", 300),)
    )
    (found,) = findings([rule], of(Kind.GLUCOSE, HI))
    assert sentence(found.reason, zone=BERLIN) == (
        "Glucose HI at 09:00 on 2 Nov, limit at or above 300"
    )


def test_a_change_says_from_what() -> None:
    rule = Change(
        id="gain",
        kind=Kind.WEIGHT,
        severity=Severity.MEDIUM,
        bounds=(bound("weight", ">", 2),),
        baseline=Baseline.LOWEST,
        days=3,
        min_count=1,
    )
    (found,) = findings([rule], of(Kind.WEIGHT, 80, 80.5, 82.4, every=minutes(1440)))
    assert sentence(found.reason, zone=BERLIN) == (
        "Weight 82.4 kg at 09:00 on 4 Nov, up 2.4 kg from the lowest of the 3 days before, "
        "limit above 2"
    )


B = (bound("systolic", ">=", 135),)
RULES: list[Rule] = [
    Limit(id="limit", kind=BP, severity=Severity.HIGH, bounds=B),
    WindowMean(id="window", kind=BP, severity=Severity.HIGH, bounds=B, min_count=3),
    Change(id="change", kind=BP, severity=Severity.HIGH, bounds=(bound("systolic", ">", 9),)),
    Band(id="band", kind=BP, severity=Severity.LOW, metric="systolic", k=0.1),
    Trend(id="trend", kind=BP, severity=Severity.LOW, bounds=(bound("systolic", ">", 3),)),
    Shift(id="shift", kind=BP, severity=Severity.LOW, metric="systolic"),
    NOfM(id="often", kind=BP, severity=Severity.LOW, bounds=B),
    Together(id="both", kind=BP, severity=Severity.HIGH, of=("limit", "often")),
    CRISIS,
]


def test_every_rule_has_words_that_json_can_hold() -> None:
    rows = [
        pressure(minutes(720 * index), 120 + (index % 3) + max(0, index - 20) * 4)
        for index in range(40)
    ]
    spoken = {}
    for found in findings(RULES, rows):
        handed = msgspec.json.decode(msgspec.json.encode(found.reason), type=Reason)
        spoken[found.rule] = sentence(handed, zone=BERLIN)
    assert spoken.keys() == {rule.id for rule in RULES}
    assert all("None" not in words and "no number" not in words for words in spoken.values())


def test_the_other_kinds_have_words_too() -> None:
    glucose = GlucoseStatistic(
        id="mean",
        kind=Kind.GLUCOSE,
        severity=Severity.LOW,
        statistic=Statistic.MEAN,
        op=Op.ABOVE,
        value=180,
        min_count=5,
        min_days=2,
    )
    (found,) = findings([glucose], of(Kind.GLUCOSE, *[200.0] * 8))
    assert sentence(found.reason, zone=BERLIN).startswith("Mean glucose 200 mg/dL over ")
    scale = OximetryScale(id="spo2", kind=Kind.OXIMETRY, severity=Severity.HIGH)
    (found,) = findings([scale], of(Kind.OXIMETRY, 90))
    assert sentence(found.reason, zone=BERLIN) == (
        "Oxygen saturation 90 % at 09:00 on 2 Nov, limit at or below 91 (scale 1, 3 points)"
    )
    flag = NOfM(id="irregular", kind=BP, severity=Severity.MEDIUM, flag="irregular_pulse")
    rows = [pressure(minutes(at), 120, flags=("irregular_pulse",)) for at in (0, 5)]
    (found,) = findings([flag], rows)
    assert sentence(found.reason, zone=BERLIN) == (
        "The device reported irregular pulse in 2 of the last 2 readings, latest at 09:05 on 2 Nov"
    )


def test_every_doubt_has_words() -> None:
    assert DOUBTS.keys() == {doubt.name.lower() for doubt in Doubt if doubt}


def test_every_type_of_rule_is_computed_and_has_words() -> None:
    tags = {rule.__struct_config__.tag for rule in COMPUTED_BY}
    assert tags - {"confirmed_limit"} <= SENTENCES.keys()
    assert len(tags) == 11


@pytest.mark.parametrize("statistic", Statistic)
def test_every_glucose_statistic_has_a_name(statistic: Statistic) -> None:
    rule = GlucoseStatistic(
        id="s",
        kind=Kind.GLUCOSE,
        severity=Severity.LOW,
        statistic=statistic,
        op=Op.ABOVE,
        value=1,
    )
    assert "_" not in label(rule)
    assert "arterial" not in label(rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (CRISIS, "Systolic >= 180, confirmed"),
        (RULES[1], "Systolic >= 135, 7 days"),
        (RULES[3], "Systolic unusual"),
        (RULES[6], "Systolic >= 135, 2 of 3"),
        (RULES[7], "Several together"),
    ],
)
def test_a_rule_without_a_label_gets_one(rule: Rule, words: str) -> None:
    assert label(rule) == words
