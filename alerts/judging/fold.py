"""Verdicts to episodes: where they open, how long they go on, where they clear.

The state between two rows is small and can be handed over, so that folding all rows at once, or in
parts, or each patient alone gives the same episodes.
"""

from dataclasses import dataclass, replace

import numpy as np

from alerts.columns.series import Bools, Floats, Ints, Series
from alerts.columns.verdicts import NO_ROW, Verdicts
from alerts.judging.episodes import Episodes, State, Terms, at_first
from alerts.judging.spans import Spans, quietened, spans
from alerts.judging.walk import Walk, walked
from alerts.rules.windows import running


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Folded:
    episodes: Episodes
    rows: tuple[Ints, ...]
    """Of each episode: its rows on the bad side."""
    pending: Ints
    """Rows that wait for a repeat while no episode is open."""
    end: State


def fold(
    series: Series, verdicts: Verdicts, terms: Terms, start: State, *, part: Bools, now_us: int
) -> Folded:
    """Episodes of the rows in `part`: per segment the rows from some row on, up to some row.

    Rows outside of it change nothing, but the first of two values may stand there. Whoever waited
    for a repeat until `now_us` or before it counts as confirmed by silence, at the row that waited.
    """
    breach, waits = _with_silence(verdicts, now_us)
    walk = walked(series, verdicts, breach, terms, start, part)
    found = quietened(spans(walk, verdicts, start), walk, terms, start)
    episodes, rows = _episodes(found, walk, verdicts, terms, start)
    return Folded(
        episodes=episodes,
        rows=rows,
        pending=waits[part[waits] & ~terms.off[waits] & ~walk.open_at(waits)],
        end=_ended(episodes, walk, terms, start),
    )


def _with_silence(verdicts: Verdicts, now_us: int) -> tuple[Bools, Ints]:
    """Breaches, and rows still waiting."""
    waiting = verdicts.waiting
    if waiting is None or not len(waiting.row):
        return verdicts.breach, np.zeros(0, dtype=np.int64)
    over = waiting.at <= now_us
    breach = verdicts.breach.copy()
    breach[waiting.row[over]] = True
    return breach, waiting.row[~over]


def _episodes(
    found: Spans, walk: Walk, verdicts: Verdicts, terms: Terms, start: State
) -> tuple[Episodes, tuple[Ints, ...]]:
    bad_rows = walk.row[walk.bad]
    before = running(walk.bad)
    first, end = before[found.begin], before[found.end]
    rows = tuple(bad_rows[a:b] for a, b in zip(first.tolist(), end.tolist(), strict=True))
    continued, segment = found.continued, found.segment
    in_time = running(~terms.late[bad_rows])
    on_time = in_time[end] - in_time[first] > 0
    on_time |= continued & start.on_time[segment]
    any_bad = end > first
    last = np.append(bad_rows, NO_ROW)[np.where(any_bad, end - 1, -1)]
    onset = np.append(walk.row, NO_ROW)[np.where(continued, -1, found.begin)]
    onset_at = np.where(continued, start.onset_at[segment], np.append(walk.at, 0)[found.begin])
    worst_row = _worst(rows, terms, np.where(continued, start.worst_excess[segment], -np.inf))
    handed = worst_row == NO_ROW
    worst = np.append(verdicts.value, np.nan)[worst_row]
    episodes = Episodes(
        segment=segment,
        continued=continued,
        onset_row=onset,
        opened_row=np.append(walk.row, NO_ROW)[found.opened],
        onset_at=onset_at,
        last_row=last,
        cleared_row=np.append(walk.row, NO_ROW)[found.clear],
        count=end - first + np.where(continued, start.count[segment], 0),
        worst=np.where(handed, np.where(continued, start.worst[segment], np.nan), worst),
        worst_row=worst_row,
        late=~on_time,
    )
    return episodes, rows


def _worst(rows: tuple[Ints, ...], terms: Terms, handed: Floats) -> Ints:
    """The first of each episode's worst rows, unless none is worse than what was handed in."""
    found = np.full(len(rows), NO_ROW, dtype=np.int64)
    for index, bad in enumerate(rows):
        if len(bad):
            row = bad[terms.excess[bad].argmax()]
            if terms.excess[row] > handed[index] or handed[index] == -np.inf:
                found[index] = row
    return found


def _ended(episodes: Episodes, walk: Walk, terms: Terms, start: State) -> State:
    """The state after the part."""
    onset_at = start.onset_at.copy()
    onset_at[episodes.segment] = episodes.onset_at  # Of several the last.
    is_open = episodes.cleared_row == NO_ROW
    here = episodes.segment[is_open]
    fresh = at_first(len(start.open))
    for column, numbers in (
        (fresh.open, is_open),
        (fresh.count, episodes.count),
        (fresh.worst, episodes.worst),
        (fresh.on_time, ~episodes.late),
    ):
        column[here] = numbers[is_open]
    excess = np.append(terms.excess, -np.inf)[episodes.worst_row]
    handed = episodes.continued & (episodes.worst_row == NO_ROW)
    excess = np.where(handed, start.worst_excess[episodes.segment], excess)
    fresh.worst_excess[here] = excess[is_open]
    good_run = start.good_run.copy()
    last = walk.last_live
    good_run[walk.segment[last]] = walk.run[last]
    return replace(fresh, onset_at=onset_at, good_run=good_run)
