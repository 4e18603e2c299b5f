"""`python -m tests.chaos --seconds 60 --seed N --variant kills`: one run, and a table of it."""

import random
import sys

import click
from rich.console import Console
from rich.table import Table

from hearthbeat.embedded import mosquitto
from store.commit_batch import COPY_FROM_ROWS
from tests.chaos.copies import Copies
from tests.chaos.run import PER_S, Outcome, Plan, perform
from tests.chaos.variants import VARIANTS
from tests.chaos.world import AGAIN_S, INGEST_WORKERS

HEADINGS = ("variant", "seed", "events", "made", "stored", "COPY", "quiet after", "verdict")


@click.command()
@click.option(
    "--variant", type=click.Choice([*VARIANTS, "all"]), default="kills", show_default=True
)
@click.option("--seconds", type=click.FloatRange(5, 3600), default=60.0, show_default=True)
@click.option("--seed", type=int, help="Repeats a run; a random one is printed otherwise.")
@click.option("--gateways", type=click.IntRange(1, 16), default=3, show_default=True)
@click.option("--workers", type=click.IntRange(1, 8), default=INGEST_WORKERS, show_default=True)
@click.option("--again-s", type=click.FloatRange(1), default=AGAIN_S, show_default=True)
@click.option("--per-s", type=click.FloatRange(1, 1000), default=PER_S, show_default=True)
@click.option(
    "--copy-from",
    type=click.IntRange(1),
    default=COPY_FROM_ROWS,
    show_default=True,
    help="Batches of so many rows go by COPY: fewer, and it is killed more often.",
)
@click.option("--logs", is_flag=True, help="Print the last words of every process.")
def main(
    *,
    variant: str,
    seconds: float,
    seed: int | None,
    gateways: int,
    workers: int,
    again_s: float,
    per_s: float,
    copy_from: int,
    logs: bool,
) -> None:
    """Kill real processes at seeded random moments, then check that nothing was lost."""
    if mosquitto.find() is None:
        raise click.ClickException("mosquitto is not installed: apt-get install mosquitto")
    console = Console(width=None if sys.stdout.isatty() else 120)
    chosen = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    outcomes = []
    for name in list(VARIANTS) if variant == "all" else [variant]:
        console.print(f"{name}: seed {chosen}, {seconds:.0f} s")
        plan = Plan(
            name=name,
            seed=chosen,
            seconds=seconds,
            gateways=gateways,
            workers=workers,
            again_s=again_s,
            per_s=per_s,
            copy_from_rows=copy_from,
        )
        outcomes.append(perform(plan, say=console.print))
        _complain(outcomes[-1], console, logs=logs)
    console.print(table(outcomes))
    sys.exit(not all(outcome.holds for outcome in outcomes))


def table(outcomes: list[Outcome]) -> Table:
    shown = Table(title="made == stored")
    for heading in HEADINGS:
        shown.add_column(heading, justify="right" if heading in {"made", "stored"} else "left")
    for outcome in outcomes:
        verdict = outcome.verdict
        shown.add_row(
            outcome.variant,
            str(outcome.seed),
            ", ".join(f"{what} {count}" for what, count in sorted(outcome.events.items())),
            _made(outcome),
            f"{verdict.stored:,}",
            _copies(outcome.copies),
            "never" if outcome.quiet_after_s is None else f"{outcome.quiet_after_s:.1f} s",
            "[green]holds[/]" if outcome.holds else "[red]BROKEN[/]",
        )
    return shown


def _copies(copies: Copies) -> str:
    ends = f"{copies.cut_off} cut off, {copies.refused} refused"
    return f"{copies.begun} ({copies.large} large, most {copies.largest} rows; {ends})"


def _made(outcome: Outcome) -> str:
    verdict = outcome.verdict
    doubts = f" (+ up to {verdict.uncertain} cut off)" if verdict.uncertain else ""
    refused = f", {verdict.refused} refused" if verdict.refused else ""
    return f"{verdict.kept:,}{doubts}{refused}"


def _complain(outcome: Outcome, console: Console, *, logs: bool) -> None:
    if outcome.quiet_after_s is None:
        console.print("  it did not become quiet in time", style="red")
    for complaint in outcome.verdict.wrong[:20]:
        console.print(f"  {complaint}", style="red", markup=False)
    if outcome.unasked_exits:
        console.print(f"  ended by themselves: {outcome.unasked_exits}")
    if logs or not outcome.holds:
        console.print(outcome.last_words, markup=False, highlight=False)


if __name__ == "__main__":
    main()
