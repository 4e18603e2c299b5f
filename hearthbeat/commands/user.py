"""`hearthbeat user`: people who may sign in."""

from pathlib import Path
from uuid import UUID

import click

from care.registry import add_user, disable_user, find_patient, list_users, set_password
from care.users import User
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    json_option,
    now,
    organisation_option,
    password_options,
    read_password,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from store.schema import ROLES


@click.group(cls=Group)
def command() -> None:
    """People who may sign in."""


@command.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--patient", help="Medical record number, for the roles patient and caregiver.")
@password_options
@organisation_option
@pass_settings
def add(
    settings: Settings,
    username: str,
    role: str,
    patient: str | None,
    organisation: str | None,
    *,
    password_stdin: bool,
    password_file: Path | None,
) -> None:
    """Add somebody; asks for the password, unless it is in a file or comes in."""
    password = read_password(from_stdin=password_stdin, file=password_file)

    async def work(conn: Connection, whose: UUID) -> User:
        found = None if patient is None else await find_patient(conn, whose, patient)
        return await add_user(
            conn,
            whose,
            username=username,
            password=password,
            role=role,
            patient_id=None if found is None else found.id,
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Added {made.role} {made.username}.")


@command.command("list")
@organisation_option
@json_option
@pass_settings
def list_(settings: Settings, organisation: str | None, *, as_json: bool) -> None:
    """List users."""
    rows = run_for(settings, organisation, list_users)
    show(rows, columns=("username", "role", "created_at", "disabled_at"), as_json=as_json)


@command.command()
@click.argument("username")
@organisation_option
@pass_settings
def disable(settings: Settings, username: str, organisation: str | None) -> None:
    """Shut somebody out, at once."""
    run_for(
        settings, organisation, lambda conn, whose: disable_user(conn, whose, username, now=now())
    )
    click.echo(f"Disabled {username}; every session of theirs has ended.")


@command.command("password")
@click.argument("username")
@password_options
@organisation_option
@pass_settings
def password_(
    settings: Settings,
    username: str,
    organisation: str | None,
    *,
    password_stdin: bool,
    password_file: Path | None,
) -> None:
    """Set somebody's password; every session of theirs ends."""
    new = read_password(from_stdin=password_stdin, file=password_file)
    run_for(
        settings,
        organisation,
        lambda conn, whose: set_password(conn, whose, username, new, now=now()),
    )
    click.echo(f"Set the password of {username}.")
