"""How likely it is that something is chance. Pure arithmetic."""

import math
from typing import Final

UNLIKELY: Final = 0.001
"""What chance does once in a thousand times or more often is not pointed out. Policy."""


def at_least(hits: int, tries: int, share: float) -> float:
    """The probability of so many hits or more, where each try hits with this share."""
    if hits <= 0:
        return 1.0
    if not 0 < share < 1:
        return 1.0 if share >= 1 else 0.0
    upper = (_exactly(number, tries, share) for number in range(hits, tries + 1))
    return min(math.fsum(upper), 1.0)


def _exactly(hits: int, tries: int, share: float) -> float:
    ways = math.lgamma(tries + 1) - math.lgamma(hits + 1) - math.lgamma(tries - hits + 1)
    return math.exp(ways + hits * math.log(share) + (tries - hits) * math.log1p(-share))
