"""`hearthbeat gateway revoke`: a home hub shut out."""

import click

from care.registry import revoke_gateway
from hearthbeat.commands.administration import now, organisation_option, run_for
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings


@click.command()
@click.argument("gateway_id", metavar="ID")
@organisation_option
@pass_settings
def command(settings: Settings, gateway_id: str, organisation: str | None) -> None:
    """Shut a gateway out for good: it is cut off, and no code lets it in again."""
    run_for(
        settings,
        organisation,
        lambda conn, whose: revoke_gateway(conn, whose, gateway_id, now=now()),
    )
    click.echo(f"Revoked {gateway_id}.")
