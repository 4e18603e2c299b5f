"""`hearthbeat patient`: people who are cared for."""

import datetime as dt
from typing import Any

import click

from care.registry import add_patient, list_patients
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    json_option,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings


@click.group(cls=Group)
def command() -> None:
    """People who are cared for."""


@command.command()
@click.argument("mrn")
@click.option("--given-name", required=True)
@click.option("--family-name", required=True)
@click.option("--birth-date", type=click.DateTime(["%Y-%m-%d"]), help="YYYY-MM-DD")
@click.option("--time-zone", help="IANA name; without it, the organisation's.")
@click.option("--language", default="en", show_default=True)
@organisation_option
@pass_settings
def add(
    settings: Settings,
    /,
    organisation: str | None,
    birth_date: dt.datetime | None,
    **fields: Any,
) -> None:
    """Add a patient under a medical record number."""
    born = None if birth_date is None else birth_date.date()
    made = run_for(
        settings,
        organisation,
        lambda conn, whose: add_patient(conn, whose, birth_date=born, **fields),
    )
    click.echo(f"Added patient {made.mrn}, id {made.id}.")


@command.command("list")
@organisation_option
@json_option
@pass_settings
def list_(settings: Settings, organisation: str | None, *, as_json: bool) -> None:
    """List patients."""
    rows = run_for(settings, organisation, list_patients)
    columns = ("mrn", "family_name", "given_name", "birth_date", "time_zone", "id")
    show(rows, columns=columns, as_json=as_json)
