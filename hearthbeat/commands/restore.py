"""`hearthbeat restore`: fill an empty database from a backup."""

import asyncio
import datetime as dt
from pathlib import Path

import click

from hearthbeat.backup import restore
from hearthbeat.commands.administration import database_of
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings
from store.migrate import upgrade


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@pass_settings
def command(settings: Settings, *, file: Path) -> None:
    """Fill an empty database from FILE, all or nothing. One that holds rows is refused.

    Start ingest afterwards: it asks the gateways for what they have sent since the backup.
    """
    url = database_of(settings)

    def progress(table: str, rows: int) -> None:
        click.echo(f"  {table:<20} {rows:>10,} rows")

    async def run() -> str:
        await upgrade(url, now=dt.datetime.now(dt.UTC))
        manifest = await restore(url, file, progress=progress)
        return manifest.made_at.isoformat(timespec="seconds")

    click.echo(f"Restored as it was at {asyncio.run(run())}.")
