"""Series for tests of rules: patients as lists of (day, value), and what a rule says of them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from alerts.columns.series import DAY_US, Bools, Series
from alerts.columns.verdicts import Verdicts

HI, LO = float("inf"), float("-inf")
EPOCH_DAY = 20_000
"""The day 0 of tests, in days since 1970: in October 2024."""

Points: TypeAlias = Sequence[tuple[float, float]]
"""(day, value): 1.5 is noon of the second day."""


def series(
    *patients: Points, metric: str = "weight", doubtful: Sequence[int] = (), late_us: int = 0
) -> Series:
    """Rows as given, in order of time within each patient."""
    segment = np.repeat(np.arange(len(patients)), [len(points) for points in patients])
    days = np.array([day for points in patients for day, _ in points], dtype=np.float64)
    at = np.rint((days + EPOCH_DAY) * DAY_US).astype(np.int64)
    doubt = np.zeros(len(at), dtype=np.bool_)
    doubt[list(doubtful)] = True
    return Series(
        segment=segment.astype(np.int64),
        at=at,
        local_day=at // DAY_US,
        local_minute=at % DAY_US // 60_000_000,
        received_at=at + late_us,
        values={metric: np.array([v for points in patients for _, v in points], dtype=np.float64)},
        flags={},
        doubt=doubt,
    )


def daily(*values: float, start: float = 0) -> list[tuple[float, float]]:
    """One reading a day, at the same time."""
    return [(start + day, value) for day, value in enumerate(values)]


def at_end(verdicts: Verdicts) -> tuple[bool, bool, float]:
    """known, breach, value of the last row."""
    return bool(verdicts.known[-1]), bool(verdicts.breach[-1]), float(verdicts.value[-1])


def onsets(breach: Bools, hold: Bools, known: Bools, segment: Any) -> list[int]:
    """Rows at which an episode begins, by the definition of Verdicts, read literally."""
    found: list[int] = []
    inside: dict[int, bool] = {}
    for row in np.flatnonzero(known):
        who = int(segment[row])
        if not inside.get(who) and breach[row]:
            found.append(int(row))
        inside[who] = bool(hold[row]) and (inside.get(who, False) or bool(breach[row]))
    return found


def _placed(steps: list[tuple[int, float]]) -> list[tuple[float, float]]:
    hours = np.cumsum([gap for gap, _ in steps])
    return [(int(hour) / 24, value) for hour, (_, value) in zip(hours, steps, strict=True)]


_STEP = st.tuples(
    st.sampled_from([0, 1, 6, 12, 23, 24, 24, 24, 25, 30, 72, 73, 24 * 8]),
    st.one_of(
        st.integers(700, 900).map(lambda tenths: tenths / 10),
        st.sampled_from([80.0, 80.0, 80.0, HI, LO, float("nan")]),
    ),
)
PATIENTS = st.lists(st.lists(_STEP, max_size=40).map(_placed), min_size=1, max_size=4)
"""Up to four patients: pauses of all sorts, readings at one instant, HI, LO, nothing at all."""


Rule: TypeAlias = Callable[[Series], Verdicts]


def assert_same(ours: Verdicts, theirs: Verdicts) -> None:
    np.testing.assert_array_equal(ours.known, theirs.known)
    np.testing.assert_array_equal(ours.breach, theirs.breach)
    np.testing.assert_array_equal(ours.hold, theirs.hold)
    np.testing.assert_array_equal(ours.bound, theirs.bound)
    np.testing.assert_array_equal(ours.count, theirs.count)
    np.testing.assert_allclose(ours.value, theirs.value, rtol=0, atol=2e-6)


def part(verdicts: Verdicts, rows: slice) -> Verdicts:
    return Verdicts(
        known=verdicts.known[rows],
        breach=verdicts.breach[rows],
        hold=verdicts.hold[rows],
        value=verdicts.value[rows],
        bound=verdicts.bound[rows],
        count=verdicts.count[rows],
    )


def assert_each_patient_alone_is_as_in_a_batch(rule: Rule, patients: Sequence[Points]) -> None:
    """And no row changes by what comes after it, nor by who comes before."""
    together, reversed_ = rule(series(*patients)), rule(series(*patients[::-1]))
    begin, end = 0, len(reversed_.known)
    for points in patients:
        rows = slice(begin, begin + len(points))
        assert_same(part(together, rows), rule(series(points)))
        assert_same(part(together, rows), part(reversed_, slice(end - len(points), end)))
        half = len(points) // 2
        first = slice(begin, begin + half)
        assert_same(part(together, first), rule(series(points[:half])))
        begin, end = begin + len(points), end - len(points)


def only(rows: Series, which: Any) -> Series:
    return Series(
        segment=rows.segment[which],
        at=rows.at[which],
        local_day=rows.local_day[which],
        local_minute=rows.local_minute[which],
        received_at=rows.received_at[which],
        values={name: column[which] for name, column in rows.values.items()},
        flags={},
        doubt=rows.doubt[which],
    )
