"""Which old readings may have begun a first period, by all that a practice's payers allow. Pure.

The evaluator decides by local dates and by the payer's own grace. What is read for it has to hold
all that it may choose from: a date more on either side, and two where the zone was another one.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.eligibility.days import ONE_DAY, PERIOD
from billing.eligibility.policy import Policy
from billing.months.sources import PayerOf

ZONES: Final = 3 * ONE_DAY
GRACE_MOST: Final = 1200
"""Days: no reading that is older is read at all."""
MOVES: Final = 62
"""Days before a month: what came in time for a period that begins earlier was there before it."""


class Openings(Struct, frozen=True, kw_only=True):
    surely: dt.timedelta
    """What arrived within this time opens a period, whoever pays."""
    perhaps: dt.timedelta
    """What arrived later opens none."""
    by_arrival: frozenset[UUID]
    """Payers for whom a reading's day is that of its arrival: how late it came says nothing."""


def openings_of(payers: Mapping[UUID, PayerOf]) -> Openings:
    least, most = _graces(each.policy for each in payers.values())
    return Openings(
        surely=PERIOD - ONE_DAY + least * ONE_DAY - ZONES,
        perhaps=PERIOD - ONE_DAY + most * ONE_DAY + ZONES,
        by_arrival=frozenset(
            each for each, payer in payers.items() if payer.policy.day_basis == "received"
        ),
    )


def moves_since(payers: Mapping[UUID, PayerOf]) -> dt.timedelta:
    """So far back from a month's first day a reading that arrives may still move a period."""
    return (MOVES + _graces(each.policy for each in payers.values())[1]) * ONE_DAY


def _graces(policies: Iterable[Policy]) -> tuple[int, int]:
    """The least and the most; of whom nobody has said who pays, as we have it."""
    found = [each.late_arrival_grace_days for each in (Policy(), *policies)]
    return max(min(found), -GRACE_MOST), min(max(found), GRACE_MOST)
