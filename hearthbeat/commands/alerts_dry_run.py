"""`hearthbeat alerts dry-run`: what limits would have raised, before anybody lives with them."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from alerts.dry_run.limits import Limits, always, read_limits
from alerts.dry_run.result import DryRunResult
from alerts.dry_run.stored import Stretch, acted_on, parts, patients_of, refused, stored_batch
from alerts.dry_run.trial import DryRun
from care.programme_files import BYTES_MAX
from care.registry import find_organisation, find_patient
from hearthbeat.commands.administration import instant, json_option, organisation_option, run
from hearthbeat.dry_run.files import gather
from hearthbeat.dry_run.shown import show, unjudged
from hearthbeat.errors import SettingsError
from hearthbeat.invocation import pass_settings
from hearthbeat.recordings import formats
from hearthbeat.settings import Settings
from hearthbeat.settings_check import zone_named
from store.pool import Connection

WIDTH_MIN: Final = 110
FIRST: Final = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
A_FILE: Final = click.Path(path_type=Path, exists=True, dir_okay=False)

Report = Callable[[int], None]


@click.command()
@click.argument("files", nargs=-1, type=A_FILE)
@click.option(
    "--limits",
    "limits_file",
    type=A_FILE,
    required=True,
    help="What is tried: a programme file, or one of only [[rules]].",
)
@click.option("--against", type=A_FILE, help="Another such file, to compare with.")
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
@click.option(
    "--time-zone",
    "--zone",
    "zone",
    metavar="ZONE",
    help="IANA zone of the recordings and of the working hours; by default the clinic's.",
)
@click.option("--stored", is_flag=True, help="Of the readings in the database, not of files.")
@click.option(
    "--patient",
    "patients",
    metavar="NUMBER",
    multiple=True,
    help="With --stored: only this one (medical record number or id); may be repeated.",
)
@click.option("--from", "since", help="With --stored: measured then or later, with its offset.")
@click.option("--to", "until", help="With --stored: measured before; by default now.")
@organisation_option
@json_option
@pass_settings
@click.pass_context
def command(ctx: click.Context, settings: Settings, /, **options: Any) -> None:
    """What limits would have raised on recorded or stored readings: counts, nothing is changed.

    The same rules as in operation, over the formats that `replay` reads. Exit status: 0; 1 where
    a file cannot be used or holds no valid reading; 2 for a call that makes no sense. See
    docs/alerts-dry-run.md for LIMITS.toml and for the JSON.
    """
    as_json: bool = options["as_json"]
    limits = _limits(options["limits_file"])
    against = None if options["against"] is None else _limits(options["against"])
    _sensible(options)
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = max(console.width, WIDTH_MIN)
    trial = _Trial(settings, limits, against, options, console)
    result = trial.stored() if options["stored"] else trial.recorded()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
        for line in unjudged(result):
            click.echo(line, err=True)
    else:
        show(result, console)
    if not result.readings.valid:
        click.echo("There was no valid reading to try the limits on.", err=True)
        ctx.exit(1)


def _sensible(options: dict[str, Any]) -> None:
    if options["stored"]:
        if options["files"] or options["format_"] or options["ignored"]:
            raise click.UsageError("--stored reads the database: name no files with it")
        return
    if not options["files"]:
        raise click.UsageError("name the files with readings, or --stored")
    if len({file.resolve() for file in options["files"]}) < len(options["files"]):
        raise click.UsageError("a file is named twice: its people would count twice")
    for name in ("patients", "since", "until", "organisation"):
        if options[name]:
            option = {"patients": "patient", "since": "from", "until": "to"}.get(name, name)
            raise click.UsageError(f"--{option} goes with --stored only")


def _limits(file: Path) -> Limits:
    """Raises FaultsError: file, line where known, key, and what is allowed."""
    with file.open("rb") as stream:
        raw = stream.read(BYTES_MAX + 1)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: is not UTF-8, at byte {error.start}") from error
    return read_limits(text, name=str(file))


class _Trial:
    """One call."""

    def __init__(
        self,
        settings: Settings,
        limits: Limits,
        against: Limits | None,
        options: dict[str, Any],
        console: Console,
    ) -> None:
        self._settings = settings
        self._limits = limits
        self._plan = always(limits)
        self._other = None if against is None else always(against)
        self._against = None if against is None else against.name
        self._options = options
        self._console = console
        self._now = dt.datetime.now(dt.UTC)

    def recorded(self) -> DryRunResult:
        zone = self._zone(self._settings.clinic.time_zone)
        run_ = DryRun(self._limits.name, zone=zone, now=self._now)
        with self._progress() as bar:
            reading = bar.add_task("rows read", total=None)
            gathered = gather(
                self._options["files"],
                named=self._options["format_"],
                ignored=self._options["ignored"],
                zone=zone,
                now=self._now,
                report=lambda count: bar.update(reading, completed=count),
            )
            bar.update(reading, completed=gathered.read, total=gathered.read)
            judging = bar.add_task("readings judged", total=len(gathered.columns))
            for part in gathered.columns.parts(self._plan, zone):
                run_.add(part, against=self._others(len(part.charts)))
                bar.advance(judging, sum(len(series) for series in part.series.values()))
        return run_.result(read=gathered.read, refused=gathered.refused, against=self._against)

    def stored(self) -> DryRunResult:
        since = instant(self._options["since"]) or FIRST
        until = instant(self._options["until"]) or self._now
        if until <= since:
            raise click.UsageError("--to is not after --from")
        return run(self._settings, lambda conn: self._over(conn, since, until))

    async def _over(self, conn: Connection, since: dt.datetime, until: dt.datetime) -> DryRunResult:
        organisation = await find_organisation(conn, self._options["organisation"])
        stretch = Stretch(organisation_id=organisation.id, since=since, until=until)
        zone = self._zone(organisation.time_zone)
        run_ = DryRun(self._limits.name, zone=zone, now=self._now, span=stretch.span)
        patients = await self._patients(conn, organisation.id)
        held_back = await refused(conn, patients, stretch)
        read = sum(held_back.values())
        with self._progress() as bar:
            judging = bar.add_task("readings judged", total=None)
            async for part, count in parts(conn, patients, stretch):
                batch = await stored_batch(conn, part, [self._plan] * len(part), stretch)
                past = await acted_on(conn, part, stretch)
                run_.add(batch, against=self._others(len(part)), past=past)
                read += count
                bar.advance(judging, count)
        return run_.result(read=read, refused=held_back, against=self._against)

    async def _patients(self, conn: Connection, organisation: UUID) -> list[UUID]:
        named: Sequence[str] = self._options["patients"]
        only = [(await find_patient(conn, organisation, key)).id for key in named] or None
        return await patients_of(conn, organisation, only)

    def _others(self, count: int) -> list[Any] | None:
        return None if self._other is None else [self._other] * count

    def _zone(self, usual: str) -> ZoneInfo:
        try:
            return zone_named("--time-zone", self._options["zone"] or usual)
        except SettingsError as error:
            raise click.BadParameter(str(error)) from error

    def _progress(self) -> Progress:
        console = Console(stderr=True)
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
