"""Evaluation: the same whatever the batch, the order of arrival, and where one begins anew."""

import datetime as dt
from collections.abc import Sequence
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from alerts.judging.batch import Chart, Standing
from alerts.judging.build import Row
from alerts.judging.evaluate import evaluate, lookback, margin
from alerts.judging.findings import Finding, Phase, greater_is_worse
from care.rules import (
    Band,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Limit,
    NOfM,
    Op,
    Rule,
    SessionMean,
    Severity,
    Shift,
    Statistic,
    Together,
    Trend,
    WindowMean,
)
from tests.unit.alerts.charts import (
    HI,
    LATER,
    LO,
    MORNING,
    batch,
    bound,
    chart,
    findings,
    minutes,
    plan,
    pressure,
    reading,
)
from vitals.flags import Special
from vitals.kinds import Kind

BP = Kind.BLOOD_PRESSURE
HOUR = dt.timedelta(hours=1)
RULES: tuple[Rule, ...] = (
    Limit(
        id="high",
        kind=BP,
        severity=Severity.HIGH,
        bounds=(bound("systolic", ">=", 160, 150), bound("diastolic", ">=", 100)),
        clear_after=2,
    ),
    ConfirmedLimit(
        id="crisis",
        kind=BP,
        severity=Severity.CRITICAL,
        bounds=(bound("systolic", ">=", 170),),
        within_min=90,
    ),
    SessionMean(
        id="session", kind=BP, severity=Severity.HIGH, bounds=(bound("systolic", ">=", 150),),
        gap_min=60,
    ),
    WindowMean(
        id="week",
        kind=BP,
        severity=Severity.MEDIUM,
        bounds=(bound("systolic", ">=", 135, 130),),
        days=3,
        min_days=2,
        min_count=3,
        drop_first_day=True,
    ),
    NOfM(
        id="irregular",
        kind=BP,
        severity=Severity.MEDIUM,
        flag="irregular_pulse",
        quiet_days=3,
    ),
    Change(
        id="drop", kind=BP, severity=Severity.MEDIUM, bounds=(bound("systolic", "<=", -20),), days=3
    ),
    Band(id="unusual", kind=BP, severity=Severity.LOW, metric="systolic", min_count=5, days=5),
    Trend(
        id="rising",
        kind=BP,
        severity=Severity.LOW,
        bounds=(bound("systolic", ">=", 20),),
        days=5,
        min_count=4,
    ),
    Shift(
        id="shifted",
        kind=BP,
        severity=Severity.LOW,
        metric="systolic",
        days=6,
        baseline_count=5,
        smoothing=0.6,
        width=1.5,
    ),
    Together(
        id="both",
        kind=BP,
        severity=Severity.HIGH,
        of=("high", "drop", "irregular"),
        within_hours=48,
    ),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Some days of one patient: sittings, pauses, movements, late arrivals."""
    rows, at = [], dt.timedelta(0)
    for _ in range(draw(st.integers(0, 18))):
        at += draw(st.sampled_from([minutes(0.5), minutes(5), minutes(40), 7 * HOUR, 30 * HOUR]))
        flags = draw(st.sampled_from([(), (), (), ("irregular_pulse",), ("body_movement",)]))
        rows.append(
            pressure(
                at,
                draw(st.sampled_from([110, 130, 140, 155, 161, 175, 190])),
                draw(st.sampled_from([70, 90, 101])),
                flags=flags,
                received_after=draw(st.sampled_from([minutes(1), 30 * HOUR])),
            )
        )
    return rows


def told(found: Sequence[Finding]) -> list[str]:
    return [repr(one) for one in found]


@given(st.lists(histories(), min_size=1, max_size=4))
def test_a_batch_is_each_patient_alone(rows: list[list[Row]]) -> None:
    charts = [chart(plan(*RULES), patient=index) for index in range(len(rows))]
    together = evaluate(batch(*zip(charts, rows, strict=True)), now=LATER)
    alone = [
        evaluate(batch((one, mine)), now=LATER) for one, mine in zip(charts, rows, strict=True)
    ]
    assert told(together.findings) == [line for one in alone for line in told(one.findings)]


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(rows: list[Row], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert told(findings(RULES, shuffled)) == told(findings(RULES, rows))


def standing_at(since: dt.datetime, found: Sequence[Finding]) -> list[Standing]:
    """What reconciliation hands in: of each rule the latest alert that began before."""
    latest: dict[str, Finding] = {}
    for one in found:
        if one.onset_at < since and one.phase is not Phase.AWAITING_REPEAT:
            latest[one.rule] = one
    return [_standing(since, one) for one in latest.values()]


def _standing(since: dt.datetime, one: Finding) -> Standing:
    before = [evidence for evidence in one.readings if evidence.at < since]
    cleared = one.cleared_at if one.cleared_at is not None and one.cleared_at < since else None
    upward = greater_is_worse(one.bound, one.reason)
    values = [evidence.value for evidence in before]
    return Standing(
        rule=one.rule,
        onset_at=one.onset_at,
        onset_reading=one.onset_reading,
        cleared_at=cleared,
        count=len(before),
        worst=(max if upward else min)(values, default=float("nan")),
        upward=upward,
        limit=one.bound.value if one.bound else 0.0,
        last_at=before[-1].at if before else None,
        last_reading=before[-1].reading if before else None,
        late=one.late,
        plan_version=one.plan_version,
        reason=one.reason,
    )


Told = tuple[str, dt.datetime, dt.datetime | None, str, str, str, Severity, UUID]


def numbers(one: Finding) -> str:
    """Of an episode of several rules only those since then are known; and where a rule looks at
    two metrics, or both ways, the evidence before does not say what a number was too much of.
    """
    if one.reason.code == "together":
        return ""
    both_ways = one.rule in {"high", "unusual", "shifted", "check-blood-pressure"}
    return f"{one.count} {one.late} {'' if both_ways else one.worst}"


def essence(found: Sequence[Finding]) -> list[Told]:
    return sorted(
        (
            one.rule,
            one.onset_at,
            one.cleared_at,
            one.phase.value,
            repr(one.reason),
            numbers(one),
            one.severity,
            one.plan_version,
        )
        for one in found
    )


SUGAR = Kind.GLUCOSE
SUGAR_RULES: tuple[Rule, ...] = (
    Limit(
        id="low", kind=SUGAR, severity=Severity.CRITICAL, bounds=(bound("glucose", "<", 54, 70),)
    ),
    NOfM(
        id="often-high",
        kind=SUGAR,
        severity=Severity.HIGH,
        bounds=(bound("glucose", ">", 250, 220),),
        within_days=2,
    ),
    NOfM(
        id="rarely",
        kind=SUGAR,
        severity=Severity.LOW,
        bounds=(bound("glucose", ">", 250),),
        n=1,
        m=1,
        quiet_days=2,
        clear_after=2,
    ),
    GlucoseStatistic(
        id="mean",
        kind=SUGAR,
        severity=Severity.LOW,
        statistic=Statistic.MEAN,
        op=Op.ABOVE,
        value=180,
        clear=160,
        days=4,
        min_days=2,
        min_count=3,
    ),
)


LEVELS: tuple[float | Special, ...] = (HI, LO, 50, 60, 110, 180, 230, 251, 300)


@st.composite
def diaries(draw: st.DrawFn) -> list[Row]:
    rows, at = [], dt.timedelta(0)
    for _ in range(draw(st.integers(0, 25))):
        at += draw(st.sampled_from([minutes(0.5), 3 * HOUR, 8 * HOUR, 50 * HOUR]))
        value = draw(st.sampled_from(LEVELS))
        flags = draw(st.sampled_from([(), (), (), ("strip_error",), ("control_solution",)]))
        rows.append(reading(SUGAR, at, {"glucose": value}, flags=flags))
    return rows


@given(histories(), st.integers(0, 24), st.booleans())
def test_beginning_anew_in_the_middle_finds_the_same(
    rows: list[Row],
    cut: int,
    only_needed: bool,  # noqa: FBT001
) -> None:
    begin_anew(RULES, BP, rows, cut, only_needed=only_needed)


@given(diaries(), st.integers(0, 24))
def test_beginning_anew_in_a_diary_finds_the_same(rows: list[Row], cut: int) -> None:
    begin_anew(SUGAR_RULES, SUGAR, rows, cut, only_needed=True)


def begin_anew(
    rules: Sequence[Rule], kind: Kind, rows: Sequence[Row], cut: int, *, only_needed: bool
) -> None:
    """As the live evaluation does when the reading at `cut` is new."""
    plans = plan(*rules)
    whole = evaluate(batch((chart(plans), rows)), now=LATER).findings
    first_new = rows[min(cut, len(rows) - 1)].measured_at if rows else MORNING
    since = first_new - margin([plans])
    needed = since - lookback([plans], kind)
    loaded = [row for row in rows if row.measured_at >= needed or not only_needed]
    again = Chart(
        patient_id=UUID(int=1),
        plans=[plans],
        since=since,
        standing=standing_at(since, whole),
    )
    found = evaluate(batch((again, loaded)), now=LATER).findings
    expected = [one for one in whole if one.cleared_at is None or one.cleared_at >= since]
    assert essence(found) == essence(expected)
