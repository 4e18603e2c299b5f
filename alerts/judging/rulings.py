"""One rule over one page: each row by the form that the plan in force gives it, then folded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from alerts.columns.series import DAY_US, Bools, Floats, Ints, Series
from alerts.columns.verdicts import NO_BOUND, NO_ROW, Deadlines, Verdicts
from alerts.judging.batch import Standing, microseconds
from alerts.judging.edges import excess
from alerts.judging.episodes import State, Terms, at_first
from alerts.judging.fold import Folded, fold
from alerts.judging.in_force import Forms
from alerts.judging.page import Page
from alerts.judging.walk import walked
from alerts.rules.dispatch import judge
from care.rules import NOfM, Rule, Together


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    forms: Forms
    form_of_row: Ints
    verdicts: Verdicts
    folded: Folded


def judged(page: Page, forms: Forms) -> Judged:
    form_of_row = forms.at_rows(page.plan_of_row)
    # Good readings before the part are counted only where more than one ends an episode.
    looks_back = any(rule.clear_after > 1 for rule in forms.forms)
    series = replace(page.series, wanted=None if looks_back or page.part.all() else page.part)
    verdicts, beyond = _verdicts(series, forms, form_of_row)
    return settled(page, forms, verdicts, beyond)


def settled(page: Page, forms: Forms, verdicts: Verdicts, beyond: Floats) -> Judged:
    form_of_row = forms.at_rows(page.plan_of_row)
    terms = Terms(
        excess=beyond,
        late=page.late,
        off=form_of_row < 0,
        clear_after=np.array([rule.clear_after for rule in forms.forms])[form_of_row],
        quiet_us=np.array([_quiet_us(rule) for rule in forms.forms])[form_of_row],
    )
    start = handed_in(page.standing.get(forms.rule, {}), len(page.charts))
    start = with_good_runs(start, page, verdicts, terms)
    folded = fold(page.series, verdicts, terms, start, part=page.part, now_us=page.now_us)
    return Judged(forms=forms, form_of_row=form_of_row, verdicts=verdicts, folded=folded)


def _quiet_us(rule: Rule) -> int:
    return rule.quiet_days * DAY_US if isinstance(rule, NOfM) else 0


def handed_in(standing: Mapping[int, Standing], charts: int) -> State:
    state = at_first(charts)
    for chart, one in standing.items():
        state.onset_at[chart] = microseconds(one.onset_at)
        if one.cleared_at is not None:
            continue
        state.open[chart] = True
        state.count[chart] = one.count
        state.worst[chart] = one.worst
        state.on_time[chart] = not one.late
        if not np.isnan(one.worst):
            beyond = one.worst - one.limit
            state.worst_excess[chart] = beyond if one.upward else -beyond
    return state


def with_good_runs(start: State, page: Page, verdicts: Verdicts, terms: Terms) -> State:
    """Good readings just before the part count too; the rows looked back at tell how many."""
    before = ~page.part
    if not before.any() or (terms.clear_after == 1).all():
        return start
    walk = walked(page.series, verdicts, verdicts.breach, terms, start, before)
    good_run = start.good_run.copy()
    good_run[walk.segment[walk.last_live]] = walk.run[walk.last_live]
    return replace(start, good_run=good_run)


def _verdicts(series: Series, forms: Forms, form_of_row: Ints) -> tuple[Verdicts, Floats]:
    """Verdicts, and how far beyond its bound each value is."""
    first = forms.forms[0]
    if len(forms.forms) == 1 and (form_of_row == 0).all():
        verdicts = _judge(series, first)
        return verdicts, excess(first, verdicts)
    return _merged(series, forms, form_of_row)


def _judge(series: Series, rule: Rule) -> Verdicts:
    if isinstance(rule, Together):
        raise TypeError("together looks at episodes, not at readings")
    return judge(series, rule)


def _merged(series: Series, forms: Forms, form_of_row: Ints) -> tuple[Verdicts, Floats]:
    """Each form's verdicts of the rows where it is in force; it looks back at others' rows too."""
    whole = _Blank.of(len(series))
    for form, rule in enumerate(forms.forms):
        mine = form_of_row == form
        if mine.any():
            users = np.zeros(int(series.segment[-1]) + 1, dtype=np.bool_)
            users[series.segment[mine]] = True
            whole.put(rule, series, np.flatnonzero(users[series.segment]), mine)
    return whole.verdicts(), whole.beyond


@dataclass(slots=True, kw_only=True, eq=False)
class _Blank:
    """Verdicts that are filled in form by form."""

    known: Bools
    breach: Bools
    hold: Bools
    value: Floats
    bound: Ints
    count: Ints
    first: Ints
    baseline: Floats
    beyond: Floats
    waiting: list[Deadlines]

    @classmethod
    def of(cls, length: int) -> "_Blank":
        known, breach, hold = (np.zeros(length, dtype=np.bool_) for _ in range(3))
        return cls(
            known=known,
            breach=breach,
            hold=hold,
            value=np.full(length, np.nan),
            bound=np.full(length, NO_BOUND, dtype=np.int64),
            count=np.zeros(length, dtype=np.int64),
            first=np.full(length, NO_ROW, dtype=np.int64),
            baseline=np.full(length, np.nan),
            beyond=np.full(length, -np.inf),
            waiting=[],
        )

    def put(self, rule: Rule, series: Series, rows: Ints, mine: Bools) -> None:
        """Judge `rows` by the rule, and keep what it says of `mine`."""
        verdicts = _judge(series.take(rows), rule)
        kept = mine[rows]
        here = rows[kept]
        for column, numbers in (
            (self.known, verdicts.known),
            (self.breach, verdicts.breach),
            (self.hold, verdicts.hold),
            (self.value, verdicts.value),
            (self.bound, verdicts.bound),
            (self.count, verdicts.count),
            (self.beyond, excess(rule, verdicts)),
        ):
            column[here] = numbers[kept]
        if verdicts.baseline is not None:
            self.baseline[here] = verdicts.baseline[kept]
        if verdicts.first is not None:
            self.first[here] = np.append(rows, NO_ROW)[verdicts.first[kept]]
        if verdicts.waiting is not None:
            row = rows[verdicts.waiting.row]
            self.waiting.append(Deadlines(row=row[mine[row]], at=verdicts.waiting.at[mine[row]]))

    def verdicts(self) -> Verdicts:
        waiting = None
        if self.waiting:
            row = np.concatenate([one.row for one in self.waiting])
            at = np.concatenate([one.at for one in self.waiting])
            order = np.argsort(row)
            waiting = Deadlines(row=row[order], at=at[order])
        return Verdicts(
            known=self.known,
            breach=self.breach,
            hold=self.hold,
            value=self.value,
            bound=self.bound,
            count=self.count,
            waiting=waiting,
            first=self.first,
            baseline=self.baseline,
        )
