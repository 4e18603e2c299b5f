"""`hearthbeat gateway add`: which home hubs are let in."""

from typing import Any
from uuid import UUID

import click

from care.registry import add_gateway, issue_code
from hearthbeat.commands.administration import now, organisation_option, run_for
from hearthbeat.commands.gateway_enrol import code_in_words
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from store.schema import TRANSPORTS


@click.command()
@click.argument("gateway_id", metavar="[ID]", required=False)
@click.option("--label", default="")
@click.option("--transport", type=click.Choice(TRANSPORTS), default="mqtt", show_default=True)
@click.option("--time-zone", help="IANA name of where it stands.")
@organisation_option
@pass_settings
def command(settings: Settings, /, organisation: str | None, **fields: Any) -> None:
    """Add a gateway, under an id that is made where none is given; prints its one-time code."""

    async def work(conn: Connection, whose: UUID) -> tuple[str, str]:
        made = await add_gateway(conn, whose, **fields)
        return made.id, await issue_code(conn, whose, made.id, now=now())

    made, code = run_for(settings, organisation, work)
    click.echo(f"Gateway         {made}\n{code_in_words(code)}")
