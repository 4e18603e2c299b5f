"""`hearthbeat gateway list`: the home hubs of a clinic."""

import click

from care.registry import list_gateways
from hearthbeat.commands.administration import json_option, organisation_option, run_for, show
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings


@click.command()
@organisation_option
@json_option
@pass_settings
def command(settings: Settings, organisation: str | None, *, as_json: bool) -> None:
    """List gateways."""
    rows = run_for(settings, organisation, list_gateways)
    columns = ("id", "label", "transport", "time_zone", "enrolled_at", "revoked_at")
    show(rows, columns=columns, as_json=as_json)
