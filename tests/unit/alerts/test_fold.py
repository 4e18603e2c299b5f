"""Folding: against the same thing said plainly, in parts, and patient by patient."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alerts.columns.series import DAY_US, Bools, Series
from alerts.columns.verdicts import NO_ROW, Verdicts
from alerts.judging.episodes import NEVER, State, Terms, at_first
from alerts.judging.fold import Folded, fold

HOUR_US = DAY_US // 24
FAR = 1 << 60


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row: what a rule says of it."""

    says: str
    """breach, hold, good, unknown, off"""
    hours: int = 1
    value: float = 0.0
    late: bool = False


steps = st.builds(
    Step,
    says=st.sampled_from(["breach", "breach", "hold", "good", "good", "unknown", "off"]),
    hours=st.integers(0, 30),
    value=st.integers(0, 5).map(float),
    late=st.booleans(),
)
patients = st.lists(st.lists(steps, max_size=12), min_size=1, max_size=4)
terms_of = st.tuples(st.integers(1, 3), st.sampled_from([0, 2]))


@dataclass(frozen=True, kw_only=True)
class Scene:
    series: Series
    verdicts: Verdicts
    terms: Terms

    def fold(self, start: State, part: Bools | None = None) -> Folded:
        everything = np.ones(len(self.series), dtype=np.bool_)
        chosen = everything if part is None else part
        return fold(self.series, self.verdicts, self.terms, start, part=chosen, now_us=FAR)


def scene(rows: list[list[Step]], clear_after: int, quiet_days: int) -> Scene:
    flat = [step for patient in rows for step in patient]
    at = [t for patient in rows for t in np.cumsum([0, *(s.hours for s in patient)])[1:].tolist()]
    says = np.array([step.says for step in flat], dtype=object)
    count = len(flat)
    value = np.array([step.value for step in flat], dtype=np.float64)
    breach, hold = says == "breach", (says == "breach") | (says == "hold")
    series = Series(
        segment=np.array([i for i, patient in enumerate(rows) for _ in patient], dtype=np.int64),
        at=np.array(at, dtype=np.int64) * HOUR_US,
        local_day=np.zeros(count, dtype=np.int64),
        local_minute=np.zeros(count, dtype=np.int64),
        received_at=np.zeros(count, dtype=np.int64),
        values={},
        flags={},
        doubt=np.zeros(count, dtype=np.bool_),
    )
    verdicts = Verdicts(
        known=(says != "unknown") & (says != "off"),
        breach=breach.astype(np.bool_),
        hold=hold.astype(np.bool_),
        value=value,
        bound=np.where(breach, 0, -1).astype(np.int64),
        count=np.ones(count, dtype=np.int64),
    )
    terms = Terms(
        excess=np.where(breach, value, -np.inf),
        late=np.array([step.late for step in flat], dtype=np.bool_),
        off=(says == "off").astype(np.bool_),
        clear_after=np.full(count, clear_after),
        quiet_us=np.full(count, quiet_days * DAY_US),
    )
    return Scene(series=series, verdicts=verdicts, terms=terms)


Plain = tuple[int, int, int, int, float, bool]
"""onset_at in hours, last row, cleared row, count, worst, late"""


def told(folded: Folded) -> list[Plain]:
    episodes = folded.episodes
    return [
        (
            int(episodes.onset_at[i]) // HOUR_US,
            int(episodes.last_row[i]),
            int(episodes.cleared_row[i]),
            int(episodes.count[i]),
            float(episodes.worst[i]),
            bool(episodes.late[i]),
        )
        for i in range(len(folded.rows))
    ]


def plainly(patient: list[Step], clear_after: int, quiet_days: int) -> list[Plain]:
    """Row by row, as one would say it."""
    found: list[list[float]] = []
    is_open, run, hours, quiet_until = False, 0, 0, -(10**9)
    for row, step in enumerate(patient):
        hours += step.hours
        if step.says == "unknown":
            continue
        bad = step.says in {"breach", "hold"}
        run = 0 if bad else run + 1
        if is_open and (step.says == "off" or run >= clear_after):
            is_open = False
            found[-1][2] = row
        elif not is_open and step.says == "breach" and hours >= quiet_until:
            is_open = True
            quiet_until = hours + 24 * quiet_days
            found.append([hours, row, NO_ROW, 0, -1.0, True])
        if is_open and bad:
            found[-1][1] = row
            found[-1][3] += 1
            if step.says == "breach":
                found[-1][4] = max(found[-1][4], step.value)
            found[-1][5] = found[-1][5] and step.late
    return [(int(a), int(b), int(c), int(d), float(e), bool(f)) for a, b, c, d, e, f in found]


@given(st.lists(steps, max_size=20), terms_of)
def test_folding_is_what_one_would_say_row_by_row(
    patient: list[Step], how: tuple[int, int]
) -> None:
    assert told(scene([patient], *how).fold(at_first(1))) == plainly(patient, *how)


@given(patients, terms_of)
def test_a_batch_is_each_patient_alone(rows: list[list[Step]], how: tuple[int, int]) -> None:
    together = scene(rows, *how).fold(at_first(len(rows)))
    offset, alone = 0, []
    for patient in rows:
        for onset, last, cleared, *rest in plainly(patient, *how):
            cleared_row = cleared if cleared == NO_ROW else cleared + offset
            alone.append((onset, last + offset, cleared_row, *rest))
        offset += len(patient)
    assert told(together) == alone


@given(patients, terms_of, st.data())
def test_folding_in_two_parts_is_folding_once(
    rows: list[list[Step]], how: tuple[int, int], data: st.DataObject
) -> None:
    whole = scene(rows, *how)
    cuts = [data.draw(st.integers(0, len(patient)), label="cut") for patient in rows]
    before = np.concatenate(
        [np.arange(len(patient)) < cut for patient, cut in zip(rows, cuts, strict=True)]
    ).astype(np.bool_)
    start = at_first(len(rows))
    once, first = whole.fold(start), whole.fold(start, before)
    second = whole.fold(first.end, ~before)
    assert same(second.end, once.end)
    merged = {(int(s), e[0]): e for s, e in zip(first.episodes.segment, told(first), strict=True)}
    for segment, later in zip(second.episodes.segment, told(second), strict=True):
        key = (int(segment), later[0])
        last = later[1] if later[1] != NO_ROW else merged[key][1]
        merged[key] = (later[0], last, *later[2:])
    assert [merged[key] for key in sorted(merged)] == told(once)


def same(one: State, other: State) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("open", "onset_at", "count", "worst", "worst_excess", "on_time", "good_run")
    )


def test_nothing_at_all_folds_to_nothing() -> None:
    folded = scene([[]], 1, 0).fold(at_first(1))
    assert told(folded) == []
    assert folded.end.onset_at.tolist() == [NEVER]
