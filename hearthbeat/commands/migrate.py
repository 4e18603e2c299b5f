"""`hearthbeat migrate`: the database brought to this program's schema."""

import asyncio

import click

from hearthbeat.commands.administration import database_of, now
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings
from store.migrate import check, upgrade


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Change nothing; say what differs.")
@data_option
@pass_settings
def command(settings: Settings, *, only_check: bool) -> None:
    """Bring the database to this program's schema; safe to run again."""
    url = database_of(settings)
    if only_check:
        _report(asyncio.run(check(url)))
        return
    engine = asyncio.run(upgrade(url, now=now()))
    click.echo(f"The database is up to date. Time series are kept by {engine}.")


def _report(differences: list[str]) -> None:
    for difference in differences:
        click.echo(difference)
    if differences:
        raise click.ClickException(f"{len(differences)} differences from the description")
    click.echo("The tables are as described.")
