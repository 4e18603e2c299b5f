"""`hearthbeat billing rules`: which rules hold, files of rules, and what is confirmed (R-3)."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import click

from billing.parties.rule_sets import RuleSets, confirm, import_rules, list_rule_sets
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import json_option, now, organisation_option, run_for, show
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection


@click.group(cls=Group)
def command() -> None:
    """Which rules hold, and through when somebody has confirmed them."""


@command.command(name="list")
@json_option
@organisation_option
@pass_settings
def list_sets(settings: Settings, /, organisation: str | None, *, as_json: bool) -> None:
    """Sets of rules: those that come with Hearthbeat, and imported ones."""

    async def work(conn: Connection, whose: UUID) -> RuleSets:
        return await list_rule_sets(conn, whose, now=now())

    found = run_for(settings, organisation, work)
    show(
        found.items,
        columns=("name", "version", "origin", "effective_from", "effective_to",
                 "confirmed_through", "source_read_on"),
        as_json=as_json,
    )  # fmt: skip
    for each in found.notices:
        were = "were" if each.over else "are"
        click.echo(
            f"The rules for {each.name} {were} confirmed through {each.confirmed_through}: confirm"
            f" {each.rule_set} for longer, or import the next set.",
            err=True,
        )


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="Where it comes from, and why it is imported.")
@click.option(
    "--replaces",
    multiple=True,
    metavar="NAME",
    help="A set of which it takes days that are confirmed.",
)
@by_option
@organisation_option
@pass_settings
def import_file(
    settings: Settings,
    /,
    organisation: str | None,
    file: Path,
    reason: str,
    replaces: tuple[str, ...],
    by: str | None,
) -> None:
    """Import a TOML file with one set of rules. All of it or nothing."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name} is not in UTF-8") from error

    async def work(conn: Connection, whose: UUID) -> RuleSets:
        async with conn.transaction():
            return await import_rules(
                conn, whose, text, file=file.name, reason=reason, replaces=replaces,
                actor=await user_named(conn, whose, by), now=now(),
            )  # fmt: skip

    made = run_for(settings, organisation, work).statements[0]
    click.echo(
        f"Imported {made.name} version {made.version}, confirmed through {made.confirmed_through}."
    )


@command.command(name="confirm")
@click.argument("name")
@click.option(
    "--through", required=True, type=click.DateTime(["%Y-%m-%d"]), help="To this day, included."
)
@click.option("--reason", required=True, help="What was read, and where.")
@by_option
@organisation_option
@pass_settings
def confirm_set(
    settings: Settings,
    /,
    organisation: str | None,
    name: str,
    through: dt.datetime,
    reason: str,
    by: str | None,
) -> None:
    """Confirm a set of rules for longer. It cannot be taken back."""

    async def work(conn: Connection, whose: UUID) -> RuleSets:
        async with conn.transaction():
            return await confirm(
                conn, whose, name, through=through.date(), reason=reason,
                actor=await user_named(conn, whose, by), now=now(),
            )  # fmt: skip

    made = run_for(settings, organisation, work).statements[0]
    click.echo(f"{made.name} is confirmed through {made.confirmed_through}.")
