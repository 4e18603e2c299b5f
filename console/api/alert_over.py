"""How an alert came to be over: only a good reading makes values good again. Pure."""

from dataclasses import dataclass
from typing import Final

from alerts.judging.findings import ClearedWhy


@dataclass(frozen=True, slots=True)
class Over:
    """What a badge says, and whether there is something to be glad of."""

    words: str
    good: bool = False


OVER: Final = Over("Over")
"""Of hubs and devices: which trouble it was, and what ended it, stands in the history."""
BECAUSE: Final = {
    ClearedWhy.GOOD_AGAIN.value: Over("Good again", good=True),
    ClearedWhy.PLAN_CHANGED.value: Over("Limits changed"),
    "measured again": Over("Measured again", good=True),
    "followed by another alert": Over("Another followed"),
    "followed by another item": Over("Another followed"),
}


def how_over(why: str | None) -> Over:
    """`why`: an alert's `cleared_why`, which is a code or what a sweep found."""
    return BECAUSE.get(why or "", OVER)
