"""The rows of a fold that matter, and whether an episode is open before and after each of them."""

from dataclasses import dataclass

import numpy as np

from alerts.columns.series import Bools, Ints, Series
from alerts.columns.verdicts import Verdicts
from alerts.judging.episodes import State, Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walk:
    """Arrays as long as there are such rows. A *place* is an index into them."""

    row: Ints
    segment: Ints
    at: Ints
    live: Bools
    """In the part that is folded; the others only lend what they are."""
    breach: Bools
    bad: Bools
    closing: Bools
    """An episode that is open would end here."""
    open_before: Bools
    open_after: Bools
    run: Ints
    """Good rows one after the other, up to here."""
    live_places: Ints
    live_segments: Ints

    def open_at(self, rows: Ints) -> Bools:
        """The state after each of these rows."""
        if not len(rows):
            return np.zeros(0, dtype=np.bool_)
        found: Bools = self.open_after[np.searchsorted(self.row, rows)]
        return found

    @property
    def last_live(self) -> Ints:
        """The last live place of each segment that has one."""
        places = self.live_places
        last = np.diff(self.live_segments, append=self.live_segments[-1:] + 1) > 0
        return places[last]


def walked(
    series: Series, verdicts: Verdicts, breach: Bools, terms: Terms, start: State, part: Bools
) -> Walk:
    row = np.flatnonzero(verdicts.known | terms.off).astype(np.int64)
    segment, live, off = series.segment[row], part[row], terms.off[row]
    place = np.arange(len(row))
    live_places = np.flatnonzero(live).astype(np.int64)
    live_segments = segment[live_places]
    firsts = np.searchsorted(live_segments, segment)
    begin = np.append(live_places, len(row))[firsts]
    breaks, bad = breach[row] & ~off, verdicts.hold[row] & ~off
    bad |= breaks
    last_bad = np.maximum.accumulate(np.where(bad & live, place, -1))
    run = place - np.maximum(last_bad, begin - 1)
    run += np.where(last_bad < begin, start.good_run[segment], 0)
    closing = live & (off | (~bad & (run >= terms.clear_after[row])))
    event = np.maximum.accumulate(np.where((breaks & live) | closing, place, -1))
    event_before = np.append(np.int64(-1), event[:-1])
    was_open = start.open[segment]
    return Walk(
        row=row,
        segment=segment,
        at=series.at[row],
        live=live,
        breach=breaks,
        bad=bad,
        closing=closing,
        open_before=_state(event_before[: len(row)], begin, breaks, was_open),
        open_after=_state(event, begin, breaks, was_open),
        run=run,
        live_places=live_places,
        live_segments=live_segments,
    )


def _state(event: Ints, begin: Ints, breaks: Bools, was_open: Bools) -> Bools:
    """Open after a breach, closed after a closing row, as it was before the first of them."""
    if not len(event):
        return was_open
    return np.where(event >= begin, breaks[event], was_open)
