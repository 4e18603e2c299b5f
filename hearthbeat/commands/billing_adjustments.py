"""`hearthbeat billing adjustments`: what happened to a locked month since."""

from uuid import UUID

import click

from billing.months.adjustment_list import adjustments_of
from billing.months.keeping import up_to_date
from billing.months.views import Adjustment
from hearthbeat.commands.administration import json_option, now, organisation_option, run_for, show
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection


@click.command()
@click.option("--month", metavar="YYYY-MM", required=True, help="Which month.")
@json_option
@organisation_option
@pass_settings
def command(settings: Settings, /, organisation: str | None, month: str, *, as_json: bool) -> None:
    """What has happened to a locked month since; looked for now."""

    async def found(conn: Connection, whose: UUID) -> list[Adjustment]:
        await up_to_date(conn, whose, month, now=now())
        return await adjustments_of(conn, whose, month)

    show(
        run_for(settings, organisation, found),
        columns=(
            "id", "mrn", "direction", "found_at", "report_and_return_by", "decision", "differs",
        ),
        as_json=as_json,
    )  # fmt: skip
