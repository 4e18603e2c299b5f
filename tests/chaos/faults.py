"""Who is killed when: decided by a seed before the run, so that a run can be repeated. Pure."""

import random
from dataclasses import dataclass
from typing import Final

BROKER: Final = "broker"
DATABASE: Final = "database"
INGEST: Final = "ingest"
GATEWAY: Final = "gateway"

# Much of the work is ingest's, and the narrowest moments are between its commit and its receipts.
WEIGHTS: Final = {BROKER: 3, DATABASE: 2, INGEST: 5, GATEWAY: 4}
DOWN_S: Final = {BROKER: 0.4, DATABASE: 0.6, INGEST: 0.3, GATEWAY: 0.5}
"""At most, until it is started again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill -9."""

    at_s: float
    target: str
    index: int
    """Which of the targets of that kind, modulo how many there are."""
    down_s: float


def schedule(
    *, seed: int, seconds: float, kills: int, weights: dict[str, int] | None = None
) -> list[Kill]:
    """`kills` moments spread evenly at random over the run."""
    dice = random.Random(seed)
    odds = weights or WEIGHTS
    moments = sorted(dice.uniform(1.0, seconds) for _ in range(kills))
    targets = dice.choices(list(odds), weights=list(odds.values()), k=kills)
    return [
        Kill(
            at_s=moment,
            target=target,
            index=dice.randrange(100),
            down_s=dice.uniform(0, DOWN_S[target]),
        )
        for moment, target in zip(moments, targets, strict=True)
    ]
