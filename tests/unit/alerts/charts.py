"""Charts, plans and readings for tests of the rules engine, in few words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np

from alerts.columns.series import Series
from alerts.judging.batch import Batch, Chart, Standing
from alerts.judging.build import Row, batch_from, series_from
from alerts.judging.evaluate import Evaluation, evaluate
from alerts.judging.findings import Finding
from care.programme import Overrides, Plan, Silence, WorkingHours
from care.rules import Bound, Limit, Op, Rule, Severity
from vitals.flags import Special
from vitals.kinds import PANELS, Kind

MORNING = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
HI, LO = Special.HI, Special.LO


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def reading(
    kind: Kind,
    after: dt.timedelta,
    numbers: Mapping[str, float | Special],
    *,
    flags: Sequence[str] = (),
    received_after: dt.timedelta = dt.timedelta(0),
    number: int = 0,
) -> Row:
    """`after` MORNING; the id says when, whose and which."""
    at = MORNING + after
    stamp = int(after.total_seconds() * 1000) & 0xFFFF_FFFF_FFFF
    return Row(
        reading=UUID(int=(list(Kind).index(kind) << 96) | (number << 64) | stamp),
        kind=kind,
        measured_at=at,
        received_at=at + received_after,
        values={name: value for name, value in numbers.items() if not isinstance(value, Special)},
        special={name: value for name, value in numbers.items() if isinstance(value, Special)},
        flags=flags,
    )


def pressure(
    after: dt.timedelta,
    systolic: float,
    diastolic: float | None = None,
    *,
    flags: Sequence[str] = (),
    received_after: dt.timedelta = dt.timedelta(0),
) -> Row:
    """A blood pressure with a pulse pressure that nobody doubts, unless one is given."""
    low = systolic - 60 if diastolic is None else diastolic
    return reading(
        Kind.BLOOD_PRESSURE,
        after,
        {"systolic": systolic, "diastolic": low},
        flags=flags,
        received_after=received_after,
    )


def of(
    kind: Kind, *numbers: float | Special, every: dt.timedelta = dt.timedelta(hours=12)
) -> list[Row]:
    """Readings of the kind's first metric, one after the other."""
    metric = PANELS[kind].primary[0].name
    return [reading(kind, index * every, {metric: number}) for index, number in enumerate(numbers)]


def series(rows: Sequence[Row], *, doubt: Sequence[int] = ()) -> Series:
    """Of one patient; rows named in `doubt` are doubtful."""
    built = series_from(rows[0].kind, [(0, row) for row in rows])
    built.doubt[list(doubt)] = np.True_
    return built


def bound(metric: str, op: str, value: float, clear: float | None = None) -> Bound:
    return Bound(metric=metric, op=Op(op), value=value, clear=clear)


def systolic_limit(value: float = 160, *, severity: Severity = Severity.HIGH) -> Limit:
    return Limit(
        id="high-systolic",
        kind=Kind.BLOOD_PRESSURE,
        severity=severity,
        bounds=(bound("systolic", ">=", value),),
    )


def plan(
    *rules: Rule,
    number: int = 1,
    effective_from: dt.datetime = MORNING - dt.timedelta(days=400),
    effective_to: dt.datetime | None = None,
    late_after_hours: int = 24,
) -> Plan:
    return Plan(
        id=UUID(int=number),
        organisation_id=UUID(int=1),
        patient_id=UUID(int=1),
        version=number,
        effective_from=effective_from,
        effective_to=effective_to,
        programme="test",
        programme_version=1,
        overrides=Overrides(),
        measures=(),
        rules=rules,
        ladders=(),
        hours=WorkingHours(),
        silence=Silence(late_after_hours=late_after_hours),
    )


def chart(
    *plans: Plan,
    patient: int = 1,
    since: dt.datetime | None = None,
    standing: Sequence[Standing] = (),
) -> Chart:
    return Chart(patient_id=UUID(int=patient), plans=plans, since=since, standing=standing)


def batch(*patients: tuple[Chart, Sequence[Row]]) -> Batch:
    return batch_from([one for one, _ in patients], [rows for _, rows in patients])


def evaluation(
    rules: Sequence[Rule], rows: Sequence[Row], *, now: dt.datetime = LATER
) -> Evaluation:
    """Of one patient with one plan."""
    return evaluate(batch((chart(plan(*rules)), rows)), now=now)


def findings(
    rules: Sequence[Rule], rows: Sequence[Row], *, now: dt.datetime = LATER
) -> list[Finding]:
    return evaluation(rules, rows, now=now).findings
