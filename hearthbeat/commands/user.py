"""`hearthbeat user`: people who may sign in."""

from pathlib import Path
from typing import Final
from uuid import UUID

import click

from care.accounts import open_again, reset_second_factor, shut_out
from care.oidc_links import unlink
from care.password_codes import issue_password_code
from care.registry import add_user, find_patient, list_users, set_password
from care.users import User, update_user, user_named
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
from hearthbeat.settings_check import public_url
from store.pool import Connection
from store.schema import ROLES

COLUMNS: Final = ("username", "role", "display_name", "credential", "created_at", "disabled_at")
name_option = click.option("--name", help="As others see them: Ana Reyes.")
credential_option = click.option("--credential", help="Behind the name, as RN or MD.")


@click.group(cls=Group)
def command() -> None:
    """People who may sign in."""


@command.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--patient", help="Medical record number, for the roles patient and caregiver.")
@name_option
@credential_option
@password_options
@organisation_option
@pass_settings
def add(
    settings: Settings,
    /,
    username: str,
    role: str,
    patient: str | None,
    organisation: str | None,
    *,
    password_stdin: bool,
    password_file: Path | None,
    **described: str | None,
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
            display_name=described["name"] or "",
            credential=described["credential"] or "",
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
    show(rows, columns=COLUMNS, as_json=as_json)


@command.command()
@click.argument("username")
@organisation_option
@pass_settings
def disable(settings: Settings, username: str, organisation: str | None) -> None:
    """Shut somebody out, at once."""

    async def work(conn: Connection, whose: UUID) -> None:
        user = await user_named(conn, whose, username)
        await shut_out(conn, whose, user.id, now=now())

    run_for(settings, organisation, work)
    click.echo(f"Disabled {username}; every session of theirs has ended.")


@command.command()
@click.argument("username")
@organisation_option
@pass_settings
def enable(settings: Settings, username: str, organisation: str | None) -> None:
    """Let somebody in again who was disabled."""

    async def work(conn: Connection, whose: UUID) -> None:
        user = await user_named(conn, whose, username)
        await open_again(conn, whose, user.id)

    run_for(settings, organisation, work)
    click.echo(f"Enabled {username}.")


@command.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), help="What they may do from now on.")
@name_option
@credential_option
@organisation_option
@pass_settings
def change(
    settings: Settings,
    username: str,
    role: str | None,
    organisation: str | None,
    *,
    name: str | None,
    credential: str | None,
) -> None:
    """Change somebody's role, name or credential; what is not named stays."""

    async def work(conn: Connection, whose: UUID) -> User:
        found = await user_named(conn, whose, username)
        return await update_user(
            conn, whose, found.id, display_name=name, credential=credential, role=role
        )

    made = run_for(settings, organisation, work)
    click.echo(f"{made.username} is {made.name}, {made.role}.")


@command.command()
@click.argument("username")
@organisation_option
@pass_settings
def invite(settings: Settings, username: str, organisation: str | None) -> None:
    """A link by which somebody sets their own password: once, within 24 hours."""

    async def work(conn: Connection, whose: UUID) -> str:
        found = await user_named(conn, whose, username)
        return await issue_password_code(conn, whose, found.id, now=now())

    code = run_for(settings, organisation, work)
    base = public_url(settings) or f"http://{settings.console.host}:{settings.console.port}"
    click.echo(f"{base}/sign-in/new-password?code={code}")


@command.command("forget-factor")
@click.argument("username")
@organisation_option
@pass_settings
def forget_factor(settings: Settings, username: str, organisation: str | None) -> None:
    """Remove the second factor of somebody who has lost it, and who they were at a provider.

    Every session of theirs ends.
    """

    async def work(conn: Connection, whose: UUID) -> None:
        found = await user_named(conn, whose, username)
        await reset_second_factor(conn, whose, found.id, now=now())
        await unlink(conn, whose, found.id)

    run_for(settings, organisation, work)
    click.echo(f"{username} signs in with the password alone, until a second factor is set up.")


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
