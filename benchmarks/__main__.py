"""`python -m benchmarks [names…] [--json FILE]`: the table of ratios, measured in one run."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from benchmarks import machine, report
from benchmarks.rig.stage import Stage, set_up
from benchmarks.rows import (
    alert_history,
    alert_memory,
    alerting,
    billing_export,
    billing_month,
    billing_work_list,
    console_chart,
    console_live,
    console_painted,
    console_queue,
    decoding,
    dry_run,
    fifties,
    latency,
    memory,
    outbox,
    reconnects,
    singles,
)
from hearthbeat.embedded import mosquitto

ROWS: Final[dict[str, Callable[[Stage], list[report.Row]]]] = {
    "singles": singles.measure,
    "fifties": fifties.measure,
    "latency": latency.measure,
    "reconnects": reconnects.measure,
    "decoding": decoding.measure,
    "outbox": outbox.measure,
    "memory": memory.measure,
    "dry_run": dry_run.measure,
    "alerting": alerting.measure,
    "alert_memory": alert_memory.measure,
    "alert_history": alert_history.measure,
    "queue_page": console_queue.measure,
    "chart_page": console_chart.measure,
    "live": console_live.measure,
    "painted": console_painted.measure,
    "billing_month": billing_month.measure,
    "billing_work_list": billing_work_list.measure,
    "billing_export": billing_export.measure,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(ROWS)))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the rows to FILE too.")
@click.option("--quick", is_flag=True, help="A tenth of the work, once: to see that it runs.")
def main(names: tuple[str, ...], file: Path | None, *, quick: bool) -> None:
    """Measure Hearthbeat beside named peers and physical limits, interleaved, medians."""
    if mosquitto.find() is None:
        raise click.ClickException("mosquitto is not installed: apt-get install mosquitto")
    console = Console(width=None if sys.stdout.isatty() else 150)

    def say(text: str) -> None:
        console.print(text, style="dim", highlight=False, markup=False)

    rows: list[report.Row] = []
    with set_up(say, quick=quick) as stage:
        where = machine.describe(stage.folder)
        say(f"{where}")
        for name in names or tuple(ROWS):
            say(f"{name}:")
            rows += ROWS[name](stage)
    report.show(rows, where, console)
    if file is not None:
        report.write_json(rows, where, file)
    sys.exit(any(row.met is False for row in rows))


if __name__ == "__main__":
    main()
