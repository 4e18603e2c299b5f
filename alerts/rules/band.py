"""`band`: a reading outside of what is usual for this patient."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import DAY_US, Floats, Ints, Series
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.rules.sliding import blocks, evidence, medians, newest, rounded
from care.rules import Band

SCALE: Final = 1.4826
"""MAD of normal values to their standard deviation: 1 / 0.6745."""
ABOVE: Final = 0
BELOW: Final = 1
"""What `Verdicts.bound` says of a rule without a list of bounds; the same in alerts.rules.shift."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bands:
    """For each row of a series; NaN where the reading or the baseline does not suffice."""

    middle: Floats
    """The median of the readings before."""
    half: Floats
    """Half of the width: the band is middle ± half, both ends in it."""
    count: Ints
    """How many readings it rests on."""


def band(series: Series, rule: Band) -> Verdicts:
    """`value` is the reading; `bound` ABOVE or BELOW; `bands` has the edges, for words."""
    usual = bands(series, rule)
    number = series.metric(rule.metric)
    beyond = rounded(np.abs(number - usual.middle) - usual.half) > 0
    above = beyond & (number > usual.middle) & (rule.side != "below")
    below = beyond & (number < usual.middle) & (rule.side != "above")
    known = ~np.isnan(usual.middle)
    return Verdicts(
        known=known,
        breach=above | below,
        hold=above | below,
        value=np.where(known, number, np.nan),
        bound=np.select([above, below], [ABOVE, BELOW], NO_BOUND).astype(np.int64),
        count=np.where(known, usual.count, 0),
    )


def bands(series: Series, rule: Band) -> Bands:
    """What is usual, by the readings before each row."""
    known = evidence(series, rule.metric)
    end = np.arange(len(known))
    first = newest(known.since(rule.days * DAY_US), end)
    middle, half = np.full(len(known), np.nan), np.full(len(known), np.nan)
    for block in blocks(first, end, only=known.wanted):
        numbers = known.number[block.index]
        middle[block.part] = medians(numbers, block.inside)
        deviations = np.abs(numbers - middle[block.part, None])
        half[block.part] = rule.k * SCALE * medians(deviations, block.inside)
    floor = np.maximum(rule.floor, np.abs(middle) * (rule.floor_percent / 100))
    enough = end - first >= rule.min_count
    return Bands(
        middle=known.spread(np.where(enough, middle, np.nan)),
        half=known.spread(np.where(enough, np.maximum(half, floor), np.nan)),
        count=known.spread_counts(end - first),
    )
