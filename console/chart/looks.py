"""How a reading is drawn: one shape for each thing that has to be told apart. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import Bools
from alerts.judging.artefacts import Doubt
from console.chart.record import KindRecord
from vitals.flags import Meal
from vitals.kinds import Kind

WORDS: Final[dict[str, str]] = {
    "counted": "reading",
    "before": "fasting or before a meal",
    "after": "after a meal",
    "unmarked": "no meal given",
    "flagged": "the device raised a flag; it counts",
    "doubtful": "doubtful: left out of means and alerts",
    "typed": "typed in by hand",
    "sessions": "session mean",
    "week": "7-day mean, each day the same weight",
}
"""Look -> what the legend says, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Looks:
    by_look: Mapping[str, Bools]
    """Each reading has one."""

    def of(self, row: int) -> str:
        return next(look for look, which in self.by_look.items() if which[row])


def looks(found: KindRecord) -> Looks:
    """What is doubtful is that before it is anything else."""
    doubtful = found.doubt != Doubt.NONE
    flagged = np.zeros(len(found.series), dtype=np.bool_)
    for name, marks in found.series.flags.items():
        if name != "late":
            flagged |= marks
    flagged &= ~doubtful
    typed = found.typed & ~doubtful & ~flagged
    rest = ~(doubtful | flagged | typed)
    by_look = _by_meal(found, rest) if found.kind is Kind.GLUCOSE else {"counted": rest}
    return Looks(by_look={**by_look, "flagged": flagged, "typed": typed, "doubtful": doubtful})


def _by_meal(found: KindRecord, rest: Bools) -> dict[str, Bools]:
    none = np.zeros_like(rest)
    fasting, before = found.meals.get(Meal.FASTING, none), found.meals.get(Meal.BEFORE, none)
    after = rest & found.meals.get(Meal.AFTER, none)
    early = rest & (fasting | before) & ~after
    return {"unmarked": rest & ~after & ~early, "before": early, "after": after}
