"""Dry runs: readings judged per second on one core, from columns and from a file, and memory."""

import datetime as dt
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from alerts.dry_run.limits import Limits, always
from alerts.dry_run.trial import DryRun
from benchmarks.report import Row, interleaved, median, spread
from benchmarks.rig import dry_run_workload as workload
from benchmarks.rig.stage import Stage
from hearthbeat.dry_run.columns import Columns
from hearthbeat.dry_run.files import gather
from vitals.kinds import Kind

WORK: Final = "dry run of limits over recorded readings"
ALL: Final = "dry run of all rules of all programmes at once"
MEMORY: Final = "dry run of 5,000,000 readings from files"
PER_S: Final = "readings/s"
REQUIRED: Final = 200_000
REQUIRED_ALL: Final = 20_000
LIMIT_MB: Final = 1000.0
ROUNDS: Final = 5
PEOPLE: Final = 40
ZONE: Final = ZoneInfo("America/New_York")
REAL: Final = Path(__file__).parents[3] / "shared" / "data" / "smbg-aim94"

FLOOR: Final = "a bare loop over numbers in order"
JUDGED: Final = "readings in columns"
FROM_CSV: Final = "from a CSV file"
FROM_REAL: Final = "from 40 glucose diaries (smbg-aim94)"


def measure(stage: Stage) -> list[Row]:
    """One process, one thread."""
    return [*_limits(stage), _everything(stage), _memory(stage)]


def _limits(stage: Stage) -> list[Row]:
    kinds = (Kind.GLUCOSE, Kind.BLOOD_PRESSURE)
    made = workload.columns(people=PEOPLE, days=stage.count(730), kinds=kinds)
    bare = workload.numbers(made.of(Kind.GLUCOSE), "glucose")
    file = stage.folder / "dry-run.csv"
    rows = stage.count(400_000)
    workload.write_csv(file, rows=rows)
    limits = workload.limits()
    runs: dict[str, Callable[[], float]] = {
        FLOOR: lambda: _looped(bare),
        JUDGED: lambda: judged(made, limits),
        FROM_CSV: lambda: from_files([file], limits),
    }
    notes = {
        FLOOR: "plain Python, glucose only: episodes of two limits, and nothing else",
        JUDGED: f"{len(made):,} of {PEOPLE} people, 3 limit rules with hysteresis",
        FROM_CSV: f"{rows:,} rows read, judged plausible, sorted by person, judged",
    }
    if REAL.exists():
        diaries = sorted(REAL.glob("data-*"))
        runs[FROM_REAL] = lambda: from_files(diaries, limits)
        notes[FROM_REAL] = "rows, more than half of them insulin doses; so few that starting counts"
    samples = interleaved(runs, rounds=stage.rounds(ROUNDS), say=stage.say)
    return [
        Row(
            work=WORK,
            contender=name,
            value=median(values),
            unit=PER_S,
            spread=spread(values),
            against="" if name == FLOOR else FLOOR,
            ratio=None if name == FLOOR else median(values) / median(samples[FLOOR]),
            required=f">= {REQUIRED:,}/s" if name in {JUDGED, FROM_CSV} else "",
            met=median(values) >= REQUIRED if name in {JUDGED, FROM_CSV} else None,
            note=notes[name],
        )
        for name, values in samples.items()
    ]


def _everything(stage: Stage) -> Row:
    made = workload.columns(people=PEOPLE, days=stage.count(365))
    limits = workload.everything()
    values = [judged(made, limits) for _ in range(stage.rounds(3))]
    return Row(
        work=ALL,
        contender=JUDGED,
        value=median(values),
        unit=PER_S,
        spread=spread(values),
        required=f">= {REQUIRED_ALL:,}/s",
        met=median(values) >= REQUIRED_ALL,
        note=f"{len(made):,} of {PEOPLE} people, {len(limits.rules)} rules, trend and band too",
    )


def _memory(stage: Stage) -> Row:
    """Of a process of its own, at its highest."""
    files = []
    for number in range(2):
        files.append(stage.folder / f"dry-run-{number}.csv")
        workload.write_csv(files[-1], rows=stage.count(2_500_000), people=500, seed=number)
    command = [sys.executable, "-m", "benchmarks.rows.dry_run", *map(str, files)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    megabytes, per_s = map(float, said.split())
    for file in files:
        file.unlink()
    return Row(
        work=MEMORY,
        contender=FROM_CSV,
        value=megabytes,
        unit="MiB",
        required=f"<= {LIMIT_MB:.0f} MiB",
        met=megabytes <= LIMIT_MB,
        note=f"at its highest; {per_s:,.0f} readings/s from the first byte to the result",
    )


def judged(made: Columns, limits: Limits) -> float:
    began = time.perf_counter()
    _run(made, limits)
    return len(made) / (time.perf_counter() - began)


def from_files(files: list[Path], limits: Limits) -> float:
    """Rows per second."""
    began = time.perf_counter()
    gathered = gather(files, named=None, zone=ZONE, now=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    _run(gathered.columns, limits)
    return gathered.read / (time.perf_counter() - began)


def _run(made: Columns, limits: Limits) -> None:
    run = DryRun(limits.name, zone=ZONE, now=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    for part in made.parts(always(limits), ZONE):
        run.add(part)
    run.result(read=len(made), refused={})


def _looped(people: list[list[float]]) -> float:
    began = time.perf_counter()
    episodes = 0
    for numbers in people:
        low = high = False
        for number in numbers:
            if low:
                low = number < 80
            elif number < 70:
                low = True
                episodes += 1
            if high:
                high = number > 220
            elif number > 250:
                high = True
                episodes += 1
    return sum(map(len, people)) / (time.perf_counter() - began)


def _highest_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell how much memory a process had")


if __name__ == "__main__":
    rate = from_files([Path(name) for name in sys.argv[1:]], workload.limits())
    sys.stdout.write(f"{_highest_mb():.0f} {rate:.0f}\n")
