"""`hearthbeat patient team`: who looks after a patient."""

from typing import Any
from uuid import UUID

import click

from care.errors import NotFoundError
from care.registry import find_patient
from care.teams import Member, add_member, list_team, remove_member
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    instant,
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
from store.schema import TEAM_ROLES


@click.group("team", cls=Group)
def command() -> None:
    """Who looks after a patient."""


@command.command()
@click.argument("patient")
@click.argument("username")
@click.option("--role", type=click.Choice(TEAM_ROLES), help="Without it, that of the account.")
@click.option("--from", "starts", help="With its offset from UTC; without it, now.")
@click.option("--until", "ends", help="With its offset from UTC; without it, until further notice.")
@by_option
@organisation_option
@pass_settings
def add(
    settings: Settings, /, patient: str, username: str, organisation: str | None, by: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Put somebody into a patient's team."""

    async def work(conn: Connection, whose: UUID) -> Member:
        user_id = await user_named(conn, whose, username)
        assert user_id is not None  # noqa: S101 - a name was given
        at = now()
        return await add_member(
            conn,
            whose,
            (await find_patient(conn, whose, patient)).id,
            user_id=user_id,
            role=options["role"],
            starts_at=instant(options["starts"]) or at,
            ends_at=instant(options["ends"]),
            actor=await user_named(conn, whose, by),
            now=at,
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Added {made.username} as {made.role}.")


@command.command()
@click.argument("patient")
@click.argument("username")
@click.option("--at", help="With its offset from UTC; without it, now.")
@click.option("--reason", default="")
@by_option
@organisation_option
@pass_settings
def remove(
    settings: Settings, /, patient: str, username: str, organisation: str | None, by: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Take somebody out of a patient's team."""

    async def work(conn: Connection, whose: UUID) -> list[Member]:
        found = await find_patient(conn, whose, patient)
        at = now()
        team = [
            each
            for each in await list_team(conn, whose, found.id)
            if each.username == username.lower() and (each.ends_at is None or each.ends_at > at)
        ]
        if not team:
            raise NotFoundError("username", f"{username!r} is not in this team")
        return [
            await remove_member(
                conn,
                whose,
                found.id,
                each.id,
                ends_at=instant(options["at"]) or at,
                reason=options["reason"],
                actor=await user_named(conn, whose, by),
                now=at,
            )
            for each in team
        ]

    gone = run_for(settings, organisation, work)
    click.echo(f"{username} leaves as {', '.join(each.role for each in gone)}.")


@command.command("list")
@click.argument("patient")
@json_option
@organisation_option
@pass_settings
def list_(settings: Settings, patient: str, organisation: str | None, *, as_json: bool) -> None:
    """List a patient's team, and who was in it."""

    async def work(conn: Connection, whose: UUID) -> list[Member]:
        return await list_team(conn, whose, (await find_patient(conn, whose, patient)).id)

    rows = run_for(settings, organisation, work)
    show(rows, columns=("username", "role", "starts_at", "ends_at"), as_json=as_json)
