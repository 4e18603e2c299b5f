"""`hearthbeat backup`: write everything into one file."""

import asyncio
import datetime as dt
from pathlib import Path

import click

from hearthbeat.backup import backup
from hearthbeat.commands.administration import database_of
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@pass_settings
def command(settings: Settings, *, file: Path) -> None:
    """Write everything as it is at one instant into FILE; the system may run on meanwhile.

    FILE holds patient data and is not encrypted: keep it where only you can read it.
    """
    url = database_of(settings)

    def progress(table: str, rows: int) -> None:
        click.echo(f"  {table:<20} {rows:>10,} rows")

    manifest = asyncio.run(backup(url, file, now=dt.datetime.now(dt.UTC), progress=progress))
    rows = sum(part.rows for part in manifest.tables)
    click.echo(f"{file}: {rows:,} rows, {file.stat().st_size:,} bytes, schema {manifest.migration}")
