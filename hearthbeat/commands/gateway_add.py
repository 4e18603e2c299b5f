"""`hearthbeat gateway add`: which home hubs are let in."""

from typing import Any
from uuid import UUID

import click

from care.registry import add_gateway, issue_code
from hearthbeat.commands.administration import now, organisation_option, run_for
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from store.schema import TRANSPORTS


@click.command()
@click.argument("gateway_id", metavar="ID")
@click.option("--label", default="")
@click.option("--transport", type=click.Choice(TRANSPORTS), default="mqtt", show_default=True)
@click.option("--time-zone", help="IANA name of where it stands.")
@organisation_option
@pass_settings
def command(settings: Settings, /, organisation: str | None, **fields: Any) -> None:
    """Add a gateway and print its enrolment code."""

    async def work(conn: Connection, whose: UUID) -> str:
        made = await add_gateway(conn, whose, **fields)
        return await issue_code(conn, whose, made.id, now=now())

    code = run_for(settings, organisation, work)
    click.echo(f"Enrolment code  {code}\nGood once, for 24 hours.")
