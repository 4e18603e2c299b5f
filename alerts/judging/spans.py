"""Episodes as spans of places of a walk."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Ints
from alerts.columns.verdicts import NO_ROW, Verdicts
from alerts.judging.episodes import State, Terms
from alerts.judging.walk import Walk

NO_PLACE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spans:
    """Arrays ordered by (segment, begin)."""

    segment: Ints
    continued: Bools
    begin: Ints
    """The first place."""
    opened: Ints
    """The place of the breach that made it one; NO_PLACE where continued."""
    end: Ints
    """One after the last place, or where it clears."""
    clear: Ints
    """NO_PLACE while open."""

    def where(self, chosen: Ints) -> "Spans":
        return Spans(
            segment=self.segment[chosen],
            continued=self.continued[chosen],
            begin=self.begin[chosen],
            opened=self.opened[chosen],
            end=self.end[chosen],
            clear=self.clear[chosen],
        )


def spans(walk: Walk, verdicts: Verdicts, start: State) -> Spans:
    onset = np.flatnonzero(walk.live & walk.breach & ~walk.open_before)
    clears = np.flatnonzero(walk.closing & walk.open_before)
    standing = np.flatnonzero(start.open).astype(np.int64)
    # Where a standing episode's segment has no live place, its span is empty.
    at = np.searchsorted(walk.live_segments, standing)
    none = np.searchsorted(walk.live_segments, standing, side="right") == at
    begins = np.append(walk.live_places, 0)[np.where(none, -1, at)]
    segment = np.concatenate([standing, walk.segment[onset]])
    begin = np.concatenate([begins, onset])
    opened = np.concatenate([np.full(len(standing), NO_PLACE), onset])
    empty = np.concatenate([none, np.zeros(len(onset), dtype=np.bool_)])
    clear = _next_clear(walk, clears, begin, segment, empty)
    last = np.searchsorted(walk.live_segments, segment, side="right") - 1
    end = np.where(clear != NO_PLACE, clear, np.append(walk.live_places, 0)[last] + 1)
    begin = np.where(opened != NO_PLACE, _first_values(walk, verdicts, clears, begin), begin)
    found = Spans(
        segment=segment,
        continued=opened == NO_PLACE,
        begin=begin,
        opened=opened,
        end=np.where(empty, begin, end),
        clear=clear,
    )
    return found.where(np.lexsort((begin, segment))) if len(standing) else found


def _next_clear(walk: Walk, clears: Ints, begin: Ints, segment: Ints, empty: Bools) -> Ints:
    places = np.append(clears, NO_PLACE)[np.searchsorted(clears, begin)]
    segments = np.append(walk.segment, NO_PLACE)[places]
    return np.where((segments == segment) & ~empty, places, NO_PLACE)


def _first_values(walk: Walk, verdicts: Verdicts, clears: Ints, begin: Ints) -> Ints:
    """A confirmed value begins with the first of the two, never before the clear before it."""
    if verdicts.first is None or not len(walk.row):
        return begin
    first = verdicts.first[walk.row[begin]]
    place = np.searchsorted(walk.row, first)
    before = np.append(clears, NO_PLACE)[np.searchsorted(clears, begin) - 1]
    usable = (first != NO_ROW) & (place > before) & walk.bad[np.minimum(place, len(walk.row) - 1)]
    return np.where(usable, place, begin)


def quietened(found: Spans, walk: Walk, terms: Terms, start: State) -> Spans:
    """Without onsets in the quiet days after one; who is still in breach then begins then."""
    quiet = terms.quiet_us[walk.row]
    if not len(found.segment) or not quiet.any():
        return found
    begin, opened = found.begin.copy(), found.opened.copy()
    breaches = np.flatnonzero(walk.live & walk.breach)
    latest = dict(enumerate(start.onset_at.tolist()))
    kept = []
    for index, segment in enumerate(found.segment.tolist()):
        if not found.continued[index]:
            first, end = np.searchsorted(breaches, [begin[index], found.end[index]])
            inside = breaches[first:end]
            later = inside[walk.at[inside] >= latest[segment] + quiet[inside]]
            if not len(later):
                continue
            if later[0] != opened[index]:
                begin[index] = opened[index] = later[0]
            latest[segment] = int(walk.at[begin[index]])
        kept.append(index)
    return replace(found, begin=begin, opened=opened).where(np.array(kept, dtype=np.int64))
