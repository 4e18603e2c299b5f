"""`hearthbeat billing close`: what a month says is frozen."""

from uuid import UUID

import click

from billing.errors import BillingError
from billing.months.closing import close
from hearthbeat.commands.administration import now, organisation_option, run_for
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection


@click.command()
@click.option("--month", metavar="YYYY-MM", required=True, help="Which month.")
@click.option("--etag", required=True, help="Of the review that you have looked at.")
@click.option("--hold-rest", default="", metavar="REASON", help="Hold what nobody has decided.")
@by_option
@organisation_option
@pass_settings
def command(
    settings: Settings,
    /,
    organisation: str | None,
    month: str,
    etag: str,
    hold_rest: str,
    by: str | None,
) -> None:
    """Lock a month: what it says is frozen under one hash."""

    async def lock(conn: Connection, whose: UUID) -> str:
        actor = await user_named(conn, whose, by)
        try:
            head = await close(
                conn, whose, month, etag=etag, hold_rest=hold_rest, actor=actor, now=now()
            )
        except BillingError as error:
            raise click.ClickException(str(error)) from error
        return f"Locked {month}, version {head.version}, SHA-256 {head.sha256}."

    click.echo(run_for(settings, organisation, lock))
