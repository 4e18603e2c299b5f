"""`hearthbeat replay`: recorded readings through the whole line, and every row accounted for."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hearthbeat.errors import ReplayRefused, SettingsError
from hearthbeat.invocation import pass_settings
from hearthbeat.recordings import formats
from hearthbeat.replay import report
from hearthbeat.replay.run import Outcome, Replay, replayed
from hearthbeat.settings import Settings
from hearthbeat.settings_check import zone_named
from hearthbeat.speed import Speed
from hearthbeat.terminal import agreed, until_stopped
from observe import logs

WIDTH_MIN: Final = 124


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted(formats.FORMATS)),
    help="Of all files; by default each file's is found out.",
)
@click.option(
    "--ignore-column",
    "ignored",
    metavar="NAME",
    multiple=True,
    help="Of a CSV file: a column that nobody knows and that may be left out.",
)
@click.option("--zone", help="IANA zone of times that name none; by default the clinic's.")
@click.option(
    "--speed",
    type=Speed(0.001),
    help="So many times as fast as life; by default as fast as it goes.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Data directory of a system: the running one, or one to start for this.",
)
@click.option("--ephemeral", is_flag=True, help="Use a system that is thrown away afterwards.")
@click.option(
    "--organisation", metavar="NAME", help="Whose readings they shall be; needed in a real clinic."
)
@click.option("--yes", is_flag=True, help="Into a real clinic, without asking.")
@click.option("--json", "as_json", is_flag=True, help="The reconciliation as JSON.")
@pass_settings
@click.pass_context
def command(  # noqa: PLR0913 - The options of the command.
    ctx: click.Context,
    settings: Settings,
    *,
    files: Sequence[Path],
    format_: str | None,
    ignored: Sequence[str],
    zone: str | None,
    speed: float | None,
    data: Path | None,
    ephemeral: bool,
    organisation: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Send recorded readings through simulated devices, real gateways, broker and ingest.

    Uses the system that the settings name, or that `hearthbeat up` runs here; where there is none,
    starts one for the purpose and keeps its data, so that a second replay finds the first.
    Ends in a table in which every row of every file is accounted for; exit status 1 where one is
    not.
    """
    try:
        home = zone_named("--zone", zone or settings.clinic.time_zone)
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error
    names = [file.name for file in files]
    if len(set(names)) < len(names):
        raise click.UsageError("two files have the same name: their devices would be the same")
    recordings = [formats.read(file, format_, ignored=ignored) for file in files]
    console = Console(stderr=as_json)
    # The table has ten columns; where nothing is known of the terminal, or it is a file, so be it.
    console.width = max(console.width, WIDTH_MIN)
    logs.configure(level="warning", as_json=False, process="replay")
    wanted = Replay(
        recordings=recordings,
        zone=home,
        speed=speed,
        organisation=organisation,
        data=data,
        ephemeral=ephemeral,
    )
    outcome = asyncio.run(_interruptible(settings, wanted, console, yes=yes))
    if outcome is None:
        ctx.exit(130)
    if as_json:
        click.echo(json.dumps(report.as_json(outcome), indent=2))
    else:
        report.show(outcome, console)
    ctx.exit(0 if all(one.settled for one in outcome.accounts) else 1)


async def _interruptible(
    settings: Settings, wanted: Replay, console: Console, *, yes: bool
) -> Outcome | None:
    """None where it was stopped by a signal; what it started has then been stopped too."""
    found: list[Outcome] = []
    bar = _progress(console)
    task = bar.add_task("readings with a receipt", total=None)

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    async def agree(what: str) -> bool:
        if yes:
            say(what)
            return True
        if not sys.stdin.isatty():
            raise ReplayRefused(f"{what} Nobody is there to be asked: say --yes. Nothing was sent")
        say(what)
        return await agreed("Go on?")

    def begin(count: int) -> None:
        bar.update(task, total=count)
        bar.start()

    async def work() -> None:
        try:
            found.append(
                await replayed(
                    settings,
                    wanted,
                    notice=say,
                    agree=agree,
                    begin=begin,
                    report=lambda count: bar.update(task, completed=count),
                )
            )
        finally:
            if bar.live.is_started:
                bar.stop()

    await until_stopped(work())
    return found[0] if found else None


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
