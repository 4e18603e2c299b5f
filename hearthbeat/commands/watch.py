"""`hearthbeat watch`: readings as they arrive, in the terminal."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.live import Live

from hearthbeat.data_directory import in_use
from hearthbeat.errors import NotRunning
from hearthbeat.feed import Arrival, Feed, Totals, totals
from hearthbeat.finding import database_url
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings, state_directory
from hearthbeat.watch_view import WAITING, Shown, View, line, write_picture
from store.errors import UnavailableError
from store.pool import UNREACHABLE, Connection, connect

POLL_S: Final = 0.5
AGAIN_S: Final = 1.0


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="Data directory of a running `up`.")
@click.option("--rows", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--for", "for_s", type=float, help="Stop after so many seconds.")
@click.option("--plain", is_flag=True, help="One line for each reading; no live table.")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the last screen as an SVG file; needs --for.",
)
@pass_settings
def command(
    settings: Settings,
    *,
    data: Path | None,
    rows: int,
    for_s: float | None,
    plain: bool,
    picture: Path | None,
) -> None:
    """See readings arrive: gateway, device, kind, value, age. Nobody is named.

    Opens with the last ones. Shows readings that were measured within the last two days; what
    arrives later than that shows in the totals only.
    """
    if picture is not None and for_s is None:
        raise click.UsageError("--picture needs --for: say how long to watch first.")
    console = Console()
    with _shown(
        console, rows=rows, plain=plain or not console.is_terminal, picture=picture
    ) as shown:
        try:
            asyncio.run(_watch(settings, data, shown, rows=rows, for_s=for_s))
        except TimeoutError:
            return


@contextmanager
def _shown(console: Console, *, rows: int, plain: bool, picture: Path | None) -> Iterator[Shown]:
    if picture is not None:
        view = View(rows=rows)
        yield view
        write_picture(view, picture)
        return
    if plain:
        yield _Lines()
        return
    view = View(rows=rows)
    with Live(view.render(), console=console, refresh_per_second=4, screen=True) as live:
        yield _Screen(view, live)


class _Screen:
    """The live table."""

    def __init__(self, view: View, live: Live) -> None:
        self._view = view
        self._live = live

    def open_with(self, latest: Sequence[Arrival]) -> None:
        self._view.open_with(latest)

    def add(self, arrivals: Sequence[Arrival], counted: Totals | None) -> None:
        self._view.add(arrivals, counted)
        self._live.update(self._view.render())


class _Lines:
    """One line for each reading; about the database on standard error."""

    def __init__(self) -> None:
        self._waits = False

    def open_with(self, latest: Sequence[Arrival]) -> None:
        self.add(latest, None)

    def add(self, arrivals: Sequence[Arrival], counted: Totals | None) -> None:
        for one in arrivals:
            click.echo(line(one))
        waits = counted is None and not arrivals
        if waits and not self._waits:
            click.echo(WAITING, err=True)
        self._waits = waits


async def _watch(
    settings: Settings, data: Path | None, shown: Shown, *, rows: int, for_s: float | None
) -> None:
    """Until interrupted; raises TimeoutError after `for_s`."""
    feed = Feed(since=dt.datetime.now(dt.UTC))
    opened = False
    async with asyncio.timeout(for_s):
        url = await _found(settings, data, shown)
        while True:
            try:
                connection = await connect(url, application_name="hearthbeat watch")
                try:
                    if not opened:
                        now = dt.datetime.now(dt.UTC)
                        shown.open_with(await feed.latest(connection, now=now, most=rows))
                        opened = True
                    await _follow(connection, feed, shown)
                finally:
                    await connection.close(timeout=1)
            except (UnavailableError, *UNREACHABLE) as error:
                if isinstance(error, TimeoutError):
                    raise
                shown.add([], None)
                await asyncio.sleep(AGAIN_S)


async def _found(settings: Settings, data: Path | None, shown: Shown) -> str:
    """The database, waited for while `up` starts it. Raises NotRunning where nothing does."""
    while True:
        try:
            return database_url(settings, data=data)
        except NotRunning:
            if not _is_starting(settings, data):
                raise
        shown.add([], None)
        await asyncio.sleep(AGAIN_S)


def _is_starting(settings: Settings, data: Path | None) -> bool:
    """Whether a system holds a directory that could be meant, and is not ready yet."""
    named = data or settings.up.data
    state = state_directory()
    usual = (state / "demo", state / "clinic")
    return any(in_use(directory) for directory in ([named] if named else usual))


async def _follow(connection: Connection, feed: Feed, shown: Shown) -> None:
    while True:
        now = dt.datetime.now(dt.UTC)
        shown.add(await feed.arrived(connection, now=now), await totals(connection, now=now))
        await asyncio.sleep(POLL_S)
