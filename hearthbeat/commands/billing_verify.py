"""`hearthbeat billing verify`: whether locked months still say what they said."""

from uuid import UUID

import click

from billing.months.verifying import Checked, verify
from hearthbeat.commands.administration import json_option, organisation_option, run_for, show
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection


@click.command()
@click.option("--month", metavar="YYYY-MM", help="Only this month.")
@json_option
@organisation_option
@pass_settings
def command(
    settings: Settings, /, organisation: str | None, month: str | None, *, as_json: bool
) -> None:
    """Make every hash of locked months again from what is stored. Ends with 1 where one differs."""

    async def checked(conn: Connection, whose: UUID) -> list[Checked]:
        return [each async for each in verify(conn, whose, month)]

    found = run_for(settings, organisation, checked)
    show(
        found, columns=("month", "version", "patients", "good", "sha256", "faults"), as_json=as_json
    )
    if not all(each.good for each in found):
        raise click.exceptions.Exit(1)
