"""`hearthbeat alerts reevaluate`: judge stored readings again; what is the same stays the same."""

import datetime as dt
from typing import Final
from uuid import UUID

import click

from alerts.evaluating.anew import judge_anew
from care.registry import find_patient
from hearthbeat.commands.administration import instant, organisation_option, run_for
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection

EVER: Final = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


@click.command()
@click.option("--patient", metavar="MRN", help="Only this patient; all with a plan by default.")
@click.option("--since", metavar="INSTANT", help="Readings from here on; all by default.")
@organisation_option
@pass_settings
def command(
    settings: Settings, patient: str | None, since: str | None, organisation: str | None
) -> None:
    """Judge stored readings again, from nothing but readings and plans.

    Alerts that are still borne out are not touched, and nobody is told anything twice. A running
    alert process does the work; `hearthbeat doctor` shows how far it is.
    """
    start = instant(since) or EVER

    async def work(conn: Connection, whose: UUID) -> int:
        found = None if patient is None else (await find_patient(conn, whose, patient)).id
        return await judge_anew(conn, whose, patient_id=found, since=start)

    count = run_for(settings, organisation, work)
    click.echo(f"{count} {'patient' if count == 1 else 'patients'} will be judged again.")
