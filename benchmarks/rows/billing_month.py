"""A month of 2,000 patients worked out from raw readings and entries; and whether it is linear."""

from typing import Final

from benchmarks import billing_month
from benchmarks.report import Row
from benchmarks.rig.stage import Stage

WORK: Final = "a month worked out"
SECONDS_MOST: Final = 20.0
MB_MOST: Final = 200.0
LINEAR: Final = 1.5
"""How much dearer a patient may be among 2,000 than among 500."""


def measure(stage: Stage) -> list[Row]:
    sizes = [stage.count(size) for size in billing_month.SIZES]
    runs = [billing_month.measured(stage.database.dsn, size) for size in sizes]
    last = runs[-1]
    each = [run["s"] / size for run, size in zip(runs, sizes, strict=True)]
    what = f"{sizes[-1]:,} patients"
    return [
        Row(
            work=WORK,
            contender=what,
            value=last["s"],
            unit="s",
            required=f"< {SECONDS_MOST:.0f} s",
            met=last["s"] < SECONDS_MOST,
            note=f"{last['lines']:,.0f} lines; {last['cpu_s']:.1f} s of it in Python",
        ),
        Row(
            work=WORK,
            contender=f"{what}, memory",
            value=last["mb"],
            unit="MB",
            required=f"< {MB_MOST:.0f} MB",
            met=last["mb"] < MB_MOST,
        ),
        Row(
            work=WORK,
            contender=f"a patient among {sizes[-1]:,} over one among {sizes[0]:,}",
            value=each[-1] / each[0],
            unit="times",
            required=f"< {LINEAR}",
            met=each[-1] / each[0] < LINEAR,
        ),
        Row(work=WORK, contender=f"{what}, nothing has changed", value=last["again_s"], unit="s"),
        Row(work=WORK, contender=f"{what}, shown for review", value=last["review_s"], unit="s"),
    ]
