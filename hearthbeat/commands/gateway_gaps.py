"""`hearthbeat gateway gaps`: the readings that gateways made and the clinic lacks."""

import datetime as dt
from uuid import UUID

import click
from msgspec import Struct

from hearthbeat.commands.administration import (
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from ingest import progress
from ingest.gaps import Gap, judge
from store.pool import Connection

COLUMNS = ("gateway", "missing", "count", "since", "asked_at", "state")


class Line(Struct, frozen=True, kw_only=True):
    """One gateway's gap, for people."""

    gateway: str
    missing: str
    """Outbox numbers: `51-52, 60`."""
    count: int
    since: dt.datetime
    asked_at: dt.datetime | None
    state: str | None


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also those younger than 15 minutes.")
@organisation_option
@json_option
@pass_settings
def command(
    settings: Settings, organisation: str | None, *, everything: bool, as_json: bool
) -> None:
    """Name the readings that are missing, by the gateways' own numbers for them.

    Ingest asks for them again by itself; what stays here is lost, or the gateway is away.
    """
    at = now()

    async def work(conn: Connection, whose: UUID) -> list[Line]:
        found = []
        for known, state in await progress.holes(conn, now=at, organisation=whose):
            gap = judge(known, now=at)
            if gap is not None and (everything or gap.visible(at)):
                found.append(_line(gap, known.asked_at, state))
        return found

    lines = run_for(settings, organisation, work)
    if lines or as_json:
        show(lines, columns=COLUMNS, as_json=as_json)
    else:
        click.echo("No readings are missing.")


def _line(gap: Gap, asked_at: dt.datetime | None, state: str | None) -> Line:
    return Line(
        gateway=gap.gateway,
        missing=gap.words,
        count=gap.count,
        since=gap.since,
        asked_at=asked_at,
        state=state,
    )
