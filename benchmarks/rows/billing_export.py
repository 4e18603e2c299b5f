"""A month of 2,000 patients as CSV, as a workbook and as 837P: how long, and how much memory."""

from typing import Final

from benchmarks import billing_export
from benchmarks.billing_export import Measured
from benchmarks.report import Row, median, spread
from benchmarks.rig.stage import Stage
from billing.exports.manifest import FileKind

WORK: Final = "a month exported"
SECONDS_MOST: Final = 10.0
MB_MOST: Final = 200.0
ROUNDS: Final = 3


def measure(stage: Stage) -> list[Row]:
    patients = stage.count(billing_export.PATIENTS)
    return [
        row
        for kind in FileKind
        for row in _rows([billing_export.in_process(kind, patients) for _ in range(ROUNDS)])
    ]


def _rows(runs: list[Measured]) -> list[Row]:
    seconds, peaks = [run.seconds for run in runs], [run.peak_mb for run in runs]
    first = runs[0]
    what = f"{first.kind}, {first.patients:,} patients"
    return [
        Row(
            work=WORK,
            contender=what,
            value=median(seconds),
            unit="s",
            required=f"< {SECONDS_MOST:.0f} s",
            met=max(seconds) < SECONDS_MOST,
            spread=spread(seconds),
            note=f"{first.lines:,} lines, {first.written_mb:.1f} MB of files",
        ),
        Row(
            work=WORK,
            contender=f"{what}, memory",
            value=median(peaks),
            unit="MB",
            required=f"< {MB_MOST:.0f} MB",
            met=max(peaks) < MB_MOST,
            spread=spread(peaks),
        ),
    ]
