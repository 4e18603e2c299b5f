"""`hearthbeat organisation`: the clinics and practices on this installation."""

from typing import Any

import click
from msgspec import UNSET

from care.organisations import Organisation, update_organisation
from care.registry import add_organisation, find_organisation, list_organisations
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import json_option, run, show
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from store.schema import GLUCOSE_UNITS, TEMPERATURE_UNITS, WEIGHT_UNITS


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


@command.command()
@click.argument("name")
@click.option("--rename", metavar="NAME", help="What it is called from now on.")
@click.option("--time-zone", help="IANA name: for patients and hubs that are added from now on.")
@click.option("--phone", help="Whom patients call; an empty text takes it away.")
@click.option("--emergency-number", help="As 911; an empty text takes it away.")
@click.option("--weight-unit", type=click.Choice(WEIGHT_UNITS), help="Of new patients.")
@click.option("--glucose-unit", type=click.Choice(GLUCOSE_UNITS), help="Of new patients.")
@click.option("--temperature-unit", type=click.Choice(TEMPERATURE_UNITS), help="Of new patients.")
@click.option(
    "--second-factor/--no-second-factor",
    "second_factor_required",
    default=None,
    help="Whether staff must prove themselves twice.",
)
@data_option
@pass_settings
def update(
    settings: Settings,
    /,
    name: str,
    rename: str | None,
    phone: str | None,
    emergency_number: str | None,
    **fields: Any,
) -> None:
    """Change what is given of an organisation."""

    async def work(conn: Connection) -> Organisation:
        return await update_organisation(
            conn,
            (await find_organisation(conn, name)).id,
            name=rename,
            phone=UNSET if phone is None else phone or None,
            emergency_number=UNSET if emergency_number is None else emergency_number or None,
            **fields,
        )

    made = run(settings, work)
    click.echo(f"Organisation {made.name}: {made.time_zone}, telephone {made.phone or '-'}.")


@command.command("list")
@data_option
@json_option
@pass_settings
def list_(settings: Settings, *, as_json: bool) -> None:
    """List organisations."""
    show(run(settings, list_organisations), columns=("name", "time_zone"), as_json=as_json)
