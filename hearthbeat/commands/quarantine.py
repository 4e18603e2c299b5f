"""`hearthbeat quarantine`: readings that are held back, and another look at them."""

from uuid import UUID

import click

from care.snapshot import read
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from ingest import quarantine, recheck
from store.pool import Connection

COLUMNS = ("received_at", "reason", "kind", "gateway_id", "device", "measured_at", "id")


@click.group(cls=Group)
def command() -> None:
    """Readings that are kept and do not count, each with its reason."""


@command.command("list")
@click.option("--reason", help="Only those held back for this.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@organisation_option
@json_option
@pass_settings
def list_(
    settings: Settings,
    reason: str | None,
    limit: int,
    organisation: str | None,
    *,
    as_json: bool,
) -> None:
    """The latest first. Values are not shown: look at the reading in the console."""

    async def work(conn: Connection, whose: UUID) -> list[quarantine.Held]:
        seen = await quarantine.organisations_seen_by(conn, whose)
        return await quarantine.held(conn, seen, reason=reason, limit=limit)

    show(run_for(settings, organisation, work), columns=COLUMNS, as_json=as_json)


@command.command("recheck")
@organisation_option
@pass_settings
def recheck_(settings: Settings, organisation: str | None) -> None:
    """Judge those again that lacked an owner: run it after adding a gateway, device or assignment.

    Implausible values stay where they are.
    """

    async def work(conn: Connection, whose: UUID) -> dict[str, int]:
        seen = await quarantine.organisations_seen_by(conn, whose)
        return await recheck.recheck(conn, organisations=seen, snapshot=await read(conn), now=now())

    fates = run_for(settings, organisation, work)
    for fate, count in sorted(fates.items()):
        click.echo(f"{count:8}  {fate}")
    click.echo(f"{sum(fates.values()):8}  looked at")
