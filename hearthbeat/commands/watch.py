"""`hearthbeat watch`: readings as they arrive, in the terminal."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.live import Live

from hearthbeat.feed import Arrival, Feed, Totals, totals
from hearthbeat.finding import database_url
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from hearthbeat.watch_view import Show, View, line, write_picture
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

    Shows readings that were measured within the last two days; what arrives later than that shows
    in the totals only.
    """
    if picture is not None and for_s is None:
        raise click.UsageError("--picture needs --for: say how long to watch first.")
    url = database_url(settings, data=data)
    console = Console()
    with _shown(
        console, rows=rows, plain=plain or not console.is_terminal, picture=picture
    ) as show:
        try:
            asyncio.run(_watch(url, show, for_s=for_s))
        except TimeoutError:
            return


@contextmanager
def _shown(console: Console, *, rows: int, plain: bool, picture: Path | None) -> Iterator[Show]:
    if picture is not None:
        view = View(rows=rows)
        yield view.add
        write_picture(view, picture)
        return
    if plain:
        yield _say
        return
    view = View(rows=rows)
    with Live(view.render(), console=console, refresh_per_second=4, screen=True) as live:

        def show(arrivals: list[Arrival], counted: Totals | None) -> None:
            view.add(arrivals, counted)
            live.update(view.render())

        yield show


def _say(arrivals: list[Arrival], _: Totals | None) -> None:
    for one in arrivals:
        click.echo(line(one))


async def _watch(url: str, show: Show, *, for_s: float | None) -> None:
    """Until interrupted; raises TimeoutError after `for_s`."""
    feed = Feed(since=dt.datetime.now(dt.UTC))
    async with asyncio.timeout(for_s):
        while True:
            try:
                connection = await connect(url, application_name="hearthbeat watch")
                try:
                    await _follow(connection, feed, show)
                finally:
                    await connection.close(timeout=1)
            except (UnavailableError, *UNREACHABLE) as error:
                if isinstance(error, TimeoutError):
                    raise
                show([], None)
                await asyncio.sleep(AGAIN_S)


async def _follow(connection: Connection, feed: Feed, show: Show) -> None:
    while True:
        now = dt.datetime.now(dt.UTC)
        show(await feed.arrived(connection, now=now), await totals(connection, now=now))
        await asyncio.sleep(POLL_S)
