"""What folding works with: the state between two rows, the terms, and the episodes it makes."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints

NEVER: Final = int(np.iinfo(np.int64).min // 2)
"""An instant before all others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """One rule's state of each segment, between two rows: arrays as long as there are segments."""

    open: Bools
    onset_at: Ints
    """Of the latest episode, open or not; `NEVER` before the first."""
    count: Ints
    """Readings of the open episode so far."""
    worst: Floats
    worst_excess: Floats
    """How far the worst was beyond its bound; -inf where there is none."""
    on_time: Bools
    """Whether any reading of the open episode came in time."""
    good_run: Ints
    """Readings on the good side, one after the other, up to here."""


def at_first(segments: int) -> State:
    """Nothing has happened yet."""
    return State(
        open=np.zeros(segments, dtype=np.bool_),
        onset_at=np.full(segments, NEVER, dtype=np.int64),
        count=np.zeros(segments, dtype=np.int64),
        worst=np.full(segments, np.nan),
        worst_excess=np.full(segments, -np.inf),
        on_time=np.zeros(segments, dtype=np.bool_),
        good_run=np.zeros(segments, dtype=np.int64),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What beside the verdicts decides, each an array as long as the series."""

    excess: Floats
    """How far the value is beyond the bound that it crosses; -inf where it crosses none."""
    late: Bools
    off: Bools
    """No plan with this rule is in force: an open episode ends here."""
    clear_after: Ints
    quiet_us: Ints
    """No episode begins so soon after the onset of the one before it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episodes:
    """Arrays as long as there are episodes, ordered by segment and onset."""

    segment: Ints
    continued: Bools
    """It was open in the state handed in."""
    onset_row: Ints
    """NO_ROW where continued. For a confirmed value the first one."""
    opened_row: Ints
    """The row that made it an episode; NO_ROW where continued."""
    onset_at: Ints
    last_row: Ints
    """The latest row on the bad side; NO_ROW where continued and there is none since."""
    cleared_row: Ints
    """NO_ROW while open."""
    count: Ints
    worst: Floats
    worst_row: Ints
    """NO_ROW where the worst was handed in."""
    late: Bools
    """All of its readings are."""
