"""`hearthbeat reading`: whose a reading is, and saying so."""

from uuid import UUID

import click

from care.patients import find_patient
from care.reassignment import (
    AttributionChange,
    Reassigned,
    is_known,
    list_attribution,
    reassign,
)
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection

COLUMNS = (
    "at", "username", "from_attribution", "from_reason", "from_patient", "to_attribution",
    "to_reason", "to_patient", "why",
)  # fmt: skip


@click.group(cls=Group)
def command() -> None:
    """Single readings: whose they were taken to be, and whose they are."""


@command.command("reassign")
@click.argument("reading", type=click.UUID)
@click.option("--patient", help="Whose it is: a medical record number or an id.")
@click.option("--nobody", is_flag=True, help="It is no patient's.")
@click.option("--reason", required=True, help="How you know.")
@organisation_option
@pass_settings
def reassign_(
    settings: Settings,
    reading: UUID,
    patient: str | None,
    reason: str,
    organisation: str | None,
    *,
    nobody: bool,
) -> None:
    """Give READING to a patient, or to nobody. Alerts, trends and day counts follow."""
    if (patient is None) is not nobody:
        raise click.UsageError("say either --patient or --nobody")

    async def work(conn: Connection, whose: UUID) -> Reassigned:
        patient_id = None if patient is None else (await find_patient(conn, whose, patient)).id
        return await reassign(
            conn, whose, reading, patient_id=patient_id, actor=None, reason=reason, now=now()
        )

    done = run_for(settings, organisation, work)
    click.echo("moved" if done.changed else "it stood so already")


@command.command("show")
@click.argument("reading", type=click.UUID)
@organisation_option
@json_option
@pass_settings
def show_(settings: Settings, reading: UUID, organisation: str | None, *, as_json: bool) -> None:
    """What was ever said about whose READING is; nothing where nobody had to."""

    async def work(conn: Connection, whose: UUID) -> list[AttributionChange] | None:
        found = await list_attribution(conn, whose, reading)
        return found if found or await is_known(conn, whose, reading) else None

    found = run_for(settings, organisation, work)
    if found is None:
        raise click.ClickException(f"there is no reading {reading}")
    show(found, columns=COLUMNS, as_json=as_json)
