"""How long to wait before trying again: exponential, capped, with full jitter."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Full jitter (anywhere from nothing to the ceiling) keeps ten thousand homes from coming back
    in step after a broker's restart.
    """

    first_s: float = 1.0
    most_s: float = 60.0
    steady_after_s: float = 30.0
    """A connection that lasted this long was a good one: counting begins anew."""

    def ceiling_s(self, failures: int) -> float:
        """`failures` in a row so far, at least 1."""
        return min(self.most_s, self.first_s * 2.0 ** min(failures - 1, 32))

    def delay_s(self, failures: int, *, dice: random.Random) -> float:
        return dice.uniform(0.0, self.ceiling_s(failures))
