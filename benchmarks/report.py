"""What a benchmark returns, and the table made of it."""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.machine import Machine

Sample = TypeVar("Sample")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: a contender's median on one piece of work."""

    work: str
    contender: str
    value: float
    unit: str
    against: str = ""
    """The peer or the limit that `ratio` is measured against; empty for that one itself."""
    ratio: float | None = None
    required: str = ""
    met: bool | None = None
    spread: str = ""
    """The lowest and the highest of the repetitions."""
    note: str = ""


def interleaved(
    contenders: Mapping[str, Callable[[], Sample]],
    *,
    rounds: int,
    say: Callable[[str], None],
) -> dict[str, list[Sample]]:
    """A B C A B C …, so that a machine that slows down slows everyone down."""
    samples: dict[str, list[Sample]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name, run in contenders.items():
            samples[name].append(run())
            say(f"  round {number + 1}/{rounds}  {name}: {samples[name][-1]}")
    return samples


def spread(values: Sequence[float]) -> str:
    return f"{number(min(values))} … {number(max(values))}"


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def show(rows: Sequence[Row], machine: Machine, console: Console) -> None:
    """The table, then the notes, then the machine."""
    table = Table(title="Hearthbeat benchmarks")
    table.add_column("work", overflow="fold")
    table.add_column("contender", overflow="fold")
    for heading in ("median", "lowest … highest", "ratio"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("required")
    last = ""
    for row in rows:
        if last and row.work != last:
            table.add_section()
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} x"
        measured = f"{number(row.value)} {row.unit}" if row.value else "-"
        work = row.work if row.work != last else ""
        table.add_row(work, row.contender, measured, row.spread, ratio, _verdict(row))
        last = row.work
    console.print(table)
    for row in rows:
        against = f"ratio against {row.against}" if row.against else ""
        remark = "; ".join(part for part in (against, row.note) if part)
        if remark:
            console.print(f"  {row.contender}: {remark}", highlight=False, markup=False)
    console.print(f"  machine: {machine}", highlight=False, markup=False)


def _verdict(row: Row) -> str:
    if not row.required:
        return ""
    colour, word = ("green", "met") if row.met else ("red", "NOT MET")
    return f"{row.required} [{colour}]{word}[/]"


def write_json(rows: Sequence[Row], machine: Machine, path: Path) -> None:
    document = {"machine": asdict(machine), "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(document, indent=1) + "\n")
