"""`hearthbeat reading`: whose a reading is, and saying so."""

from uuid import UUID

import click
import msgspec
from msgspec import Struct

from care.attribution import Reason
from care.patients import find_patient
from care.reassignment import (
    AttributionChange,
    Reassigned,
    ShownReading,
    find_reading,
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
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection

COLUMNS = (
    "at", "username", "from_attribution", "from_reason", "from_patient", "to_attribution",
    "to_reason", "to_patient", "why",
)  # fmt: skip


class Story(Struct, frozen=True, kw_only=True):
    """A reading, and what was ever said about whose it is."""

    reading: ShownReading
    changes: list[AttributionChange]


@click.group(cls=Group)
def command() -> None:
    """Single readings: whose they were taken to be, and whose they are."""


@command.command("reassign")
@click.argument("reading", type=click.UUID)
@click.option("--patient", help="Whose it is: a medical record number or an id.")
@click.option("--nobody", is_flag=True, help="It is no patient's.")
@click.option("--reason", required=True, help="How you know.")
@by_option
@organisation_option
@pass_settings
def reassign_(
    settings: Settings, reading: UUID, patient: str | None, reason: str, by: str | None,
    organisation: str | None, *, nobody: bool,
) -> None:  # fmt: skip
    """Give READING to a patient, or to nobody. Alerts, trends and day counts follow."""
    if (patient is None) is not nobody:
        raise click.UsageError("say either --patient or --nobody")

    async def work(conn: Connection, whose: UUID) -> tuple[ShownReading, Reassigned, ShownReading]:
        patient_id = None if patient is None else (await find_patient(conn, whose, patient)).id
        actor = await user_named(conn, whose, by)
        before = await find_reading(conn, whose, reading)
        done = await reassign(
            conn, whose, reading, patient_id=patient_id, actor=actor, reason=reason, now=now()
        )
        return before, done, await find_reading(conn, whose, reading)

    before, done, after = run_for(settings, organisation, work)
    if not done.changed:
        click.echo(f"Nothing to change: reading {reading} is {_owner(after)} already.")
        return
    click.echo(f"Reading {reading} ({after.kind}) was {_owner(before)}, is {_owner(after)} now.")


@command.command("show")
@click.argument("reading", type=click.UUID)
@organisation_option
@json_option
@pass_settings
def show_(settings: Settings, reading: UUID, organisation: str | None, *, as_json: bool) -> None:
    """What READING is, without its values, and what was ever said about whose it is."""

    async def work(conn: Connection, whose: UUID) -> Story:
        return Story(
            reading=await find_reading(conn, whose, reading),
            changes=await list_attribution(conn, whose, reading),
        )

    found = run_for(settings, organisation, work)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    show([found.reading], columns=ShownReading.__struct_fields__, as_json=False)
    click.echo()
    if not found.changes:
        click.echo("Nobody has said since whose it is.")
        return
    show(found.changes, columns=COLUMNS, as_json=False)


def _owner(reading: ShownReading) -> str:
    if reading.mrn is not None:
        return f"patient {reading.mrn}'s"
    unsaid = reading.reason is None or reading.reason == Reason.NOBODYS.value
    return "nobody's" if unsaid else f"nobody's ({reading.reason})"
