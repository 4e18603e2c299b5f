"""What one rule says of each row of a series."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools, Floats, Ints

NO_BOUND: Final = -1
NO_ROW: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deadlines:
    """Moments at which a rule speaks though no reading comes: a repeat that was asked for."""

    row: Ints
    """The row that began to wait."""
    at: Ints
    """When the wait is over, microseconds since 1970 UTC of event time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """Arrays as long as the series. Each row's verdict rests on that row and earlier ones only.

    An episode begins at a row where `breach`, goes on while `hold`, and ends where a known row
    does not hold (`clear_after` of them in a row). A row that is not `known` changes nothing:
    too little data, a doubtful reading, a value the rule does not look at.
    """

    known: Bools
    breach: Bools
    hold: Bools
    """breach, or still on the bad side of the clear limit; contains breach."""
    value: Floats
    """The number that was judged: the reading's, a mean, a slope. NaN where not known."""
    bound: Ints
    """Index of the crossed bound in the rule's list, for words; NO_BOUND where none is crossed.
    Where a rule has no list: 0 is the upper edge (or the only one), 1 the lower."""
    count: Ints
    """How many readings the number rests on: 1, or the size of the window."""
    waiting: Deadlines | None = None
    """confirmed_limit: first values whose repeat has not come. Not breaches: see judging.fold."""
    first: Ints | None = None
    """confirmed_limit: the row whose repeat this breach is; NO_ROW elsewhere."""
    baseline: Floats | None = None
    """The person's own number that `value` was compared with: a median, a centre. For words."""


def silent(length: int) -> Verdicts:
    """Nothing is known of any row."""
    no = np.zeros(length, dtype=np.bool_)
    return Verdicts(
        known=no,
        breach=no,
        hold=no,
        value=np.full(length, np.nan),
        bound=np.full(length, NO_BOUND, dtype=np.int64),
        count=np.zeros(length, dtype=np.int64),
    )
