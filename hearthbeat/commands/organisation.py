"""`hearthbeat organisation`: the clinics and practices on this installation."""

import click

from care.registry import add_organisation, list_organisations
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import json_option, run, show
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings


@click.group(cls=Group)
def command() -> None:
    """Clinics and practices."""


@command.command()
@click.argument("name")
@click.option("--time-zone", default="UTC", show_default=True, help="IANA name.")
@data_option
@pass_settings
def add(settings: Settings, name: str, time_zone: str) -> None:
    """Add an organisation."""
    made = run(settings, lambda conn: add_organisation(conn, name=name, time_zone=time_zone))
    click.echo(f"Added organisation {made.name}.")


@command.command("list")
@data_option
@json_option
@pass_settings
def list_(settings: Settings, *, as_json: bool) -> None:
    """List organisations."""
    show(run(settings, list_organisations), columns=("name", "time_zone"), as_json=as_json)
