"""`hearthbeat console`: the JSON API, until it is told to stop."""

import asyncio
import datetime as dt
import signal

import click

from console import process
from console.settings import ConsoleSettings
from hearthbeat.finding import database_url
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from hearthbeat.version import VERSION
from observe import logs


@click.command()
@pass_settings
def command(settings: Settings) -> None:
    """Run the JSON API. Put TLS in front of it wherever it is reached from another machine."""
    logs.configure(
        level=settings.log.level, as_json=settings.log.format == "json", process="console"
    )
    asyncio.run(_until_signalled(settings))


async def _until_signalled(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await process.run(
        ConsoleSettings(version=VERSION),
        dsn=database_url(settings),
        host=settings.console.host,
        port=settings.console.port,
        stop=stop,
        clock=lambda: dt.datetime.now(dt.UTC),
        pool_max=settings.database.pool_max,
    )
