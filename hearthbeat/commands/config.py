"""`hearthbeat config`: check and show the settings."""

import click

from hearthbeat.command_group import Group
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from hearthbeat.settings_check import doubts
from hearthbeat.settings_shown import as_toml


@click.group(cls=Group)
def command() -> None:
    """Check and show the settings."""


@command.command()
@pass_settings
def check(settings: Settings) -> None:
    """Read the settings as every process does; exit status 2 where something is wrong."""
    for doubt in doubts(settings):
        click.echo(f"note: {doubt}")
    click.echo("The settings can be used.")


@command.command()
@pass_settings
def show(settings: Settings) -> None:
    """The resolved settings as TOML, secrets masked; as `hearthbeat --print-config`."""
    click.echo(as_toml(settings), nl=False)
