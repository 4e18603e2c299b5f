"""`hearthbeat patient`: people who are cared for."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import click
from msgspec import UNSET

from care.patients import Patient, update_patient
from care.registry import add_patient, find_patient, list_patients
from hearthbeat.command_group import Group
from hearthbeat.commands import (
    patient_consent,
    patient_episode,
    patient_order,
    patient_plan,
    patient_team,
)
from hearthbeat.commands.administration import (
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from store.schema import GLUCOSE_UNITS, SEXES, TEMPERATURE_UNITS, WEIGHT_UNITS

OF_PAGES: Final = "What pages show this patient's numbers in."


@click.group(cls=Group)
def command() -> None:
    """People who are cared for."""


for group in (patient_plan, patient_team, patient_consent, patient_order, patient_episode):
    command.add_command(group.command)


@command.command()
@click.argument("mrn")
@click.option("--given-name", required=True)
@click.option("--family-name", required=True)
@click.option("--birth-date", type=click.DateTime(["%Y-%m-%d"]), help="YYYY-MM-DD")
@click.option("--time-zone", help="IANA name; without it, the organisation's.")
@click.option("--language", default="en", show_default=True)
@click.option("--sex", type=click.Choice(SEXES), default="unknown", show_default=True)
@click.option("--phone")
@click.option("--allergies", help='As told; "None known" where there are none. Without: not asked.')
@click.option("--weight-unit", type=click.Choice(WEIGHT_UNITS), help=OF_PAGES)
@click.option("--glucose-unit", type=click.Choice(GLUCOSE_UNITS), help=OF_PAGES)
@click.option("--temperature-unit", type=click.Choice(TEMPERATURE_UNITS), help=OF_PAGES)
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


@command.command()
@click.argument("patient")
@click.option("--mrn", help="A new medical record number.")
@click.option("--given-name")
@click.option("--family-name")
@click.option("--birth-date", type=click.DateTime(["%Y-%m-%d"]), help="YYYY-MM-DD")
@click.option("--time-zone", help="IANA name: where the patient lives from now on.")
@click.option("--language")
@click.option("--sex", type=click.Choice(SEXES))
@click.option("--phone", help="An empty text takes it away.")
@click.option("--allergies", help="An empty text: nobody has asked.")
@click.option("--weight-unit", type=click.Choice(WEIGHT_UNITS), help=OF_PAGES)
@click.option("--glucose-unit", type=click.Choice(GLUCOSE_UNITS), help=OF_PAGES)
@click.option("--temperature-unit", type=click.Choice(TEMPERATURE_UNITS), help=OF_PAGES)
@click.option("--reason", default="")
@by_option
@organisation_option
@pass_settings
def update(
    settings: Settings,
    /,
    patient: str,
    organisation: str | None,
    by: str | None,
    birth_date: dt.datetime | None,
    phone: str | None,
    allergies: str | None,
    **fields: Any,
) -> None:
    """Change what is given of a patient (medical record number)."""

    async def work(conn: Connection, whose: UUID) -> Patient:
        return await update_patient(
            conn,
            whose,
            (await find_patient(conn, whose, patient)).id,
            birth_date=UNSET if birth_date is None else birth_date.date(),
            phone=UNSET if phone is None else phone or None,
            allergies=UNSET if allergies is None else allergies or None,
            **fields,
            actor=await user_named(conn, whose, by),
            now=now(),
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Patient {made.mrn}: {made.time_zone}, {made.language}.")


@command.command("list")
@organisation_option
@json_option
@pass_settings
def list_(settings: Settings, organisation: str | None, *, as_json: bool) -> None:
    """List patients."""
    rows = run_for(settings, organisation, list_patients)
    columns = ("mrn", "family_name", "given_name", "birth_date", "time_zone", "id")
    show(rows, columns=columns, as_json=as_json)
