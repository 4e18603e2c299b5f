"""`hearthbeat gateway list`: the home hubs of a clinic."""

import datetime as dt
from uuid import UUID

import click

from care.gateways import Gateway
from care.registry import list_gateways, with_own_words
from hearthbeat.commands.administration import json_option, organisation_option, run_for, show
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection


@click.command()
@organisation_option
@json_option
@pass_settings
def command(settings: Settings, organisation: str | None, *, as_json: bool) -> None:
    """List gateways, with what they say is wrong with them."""
    rows = run_for(settings, organisation, _listed)
    columns = ("id", "label", "transport", "time_zone", "enrolled_at", "revoked_at", "trouble")
    show(rows, columns=columns, as_json=as_json)


async def _listed(conn: Connection, organisation_id: UUID) -> list[Gateway]:
    found = await list_gateways(conn, organisation_id)
    return await with_own_words(conn, found, now=dt.datetime.now(dt.UTC))
