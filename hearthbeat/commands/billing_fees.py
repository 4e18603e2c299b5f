"""`hearthbeat billing fees`: what codes cost, from files; no amount is part of the program."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import click

from billing.parties.fees import Schedule, import_fees, list_schedules
from billing.parties.payers import list_payers
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import json_option, now, organisation_option, run_for, show
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection


@click.group(cls=Group)
def command() -> None:
    """What codes cost, from files."""


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--payer", metavar="KEY", help="Whose; without it, of all that have no own file.")
@click.option(
    "--effective", required=True, type=click.DateTime(["%Y-%m-%d"]), help="From this day."
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="To this day, included.")
@click.option("--name", help="What it is called; without it, as the file.")
@by_option
@organisation_option
@pass_settings
def import_file(
    settings: Settings,
    /,
    organisation: str | None,
    file: Path,
    payer: str | None,
    effective: dt.datetime,
    until: dt.datetime | None,
    name: str | None,
    by: str | None,
) -> None:
    """Import a CSV with the columns code, modifier, locality, amount, charge. All of it or none."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file.name} is not in UTF-8") from error

    async def work(conn: Connection, whose: UUID) -> Schedule:
        async with conn.transaction():
            return await import_fees(
                conn, whose, text, payer=await _payer(conn, whose, payer),
                name=name or file.name, effective_from=effective.date(),
                effective_to=None if until is None else until.date(),
                actor=await user_named(conn, whose, by), now=now(),
            )  # fmt: skip

    made = run_for(settings, organisation, work)
    click.echo(f"Imported {made.codes} fees as {made.name}, version {made.version}.")
    if made.about_localities:
        click.echo(made.about_localities)


@command.command(name="list")
@json_option
@organisation_option
@pass_settings
def list_files(settings: Settings, /, organisation: str | None, *, as_json: bool) -> None:
    """Files that were imported."""
    show(
        run_for(settings, organisation, list_schedules),
        columns=("name", "version", "payer_name", "effective_from", "effective_to", "codes"),
        as_json=as_json,
    )


async def _payer(conn: Connection, whose: UUID, key: str | None) -> UUID | None:
    if key is None:
        return None
    payers = await list_payers(conn, whose)
    for each in payers:
        if each.key == key:
            return each.id
    known = ", ".join(each.key for each in payers) or "none is entered"
    raise click.ClickException(f"there is no payer {key!r}: {known}")
