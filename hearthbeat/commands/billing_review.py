"""`hearthbeat billing review`: how far a month is."""

from functools import partial
from typing import Final
from uuid import UUID

import click
import msgspec
from msgspec import Struct

from billing.months.keeping import BATCH, Progress, work_out
from billing.months.review import review_of
from billing.months.views import Review, Verdict
from hearthbeat.commands.administration import json_option, now, organisation_option, run_for, show
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection

WORDS: Final = {
    Verdict.BILLABLE: "eligible",
    Verdict.NOT_YET: "not yet",
    Verdict.IMPOSSIBLE: "not eligible",
}
"""As pages say it: nothing here promises that anybody pays."""


class Line(Struct, frozen=True, kw_only=True):
    """A row of the table that is shown."""

    mrn: str
    code: str
    verdict: str
    status: str
    units: int
    why: str


@click.command()
@click.option("--month", metavar="YYYY-MM", required=True, help="Which month.")
@json_option
@organisation_option
@pass_settings
def command(settings: Settings, /, organisation: str | None, month: str, *, as_json: bool) -> None:
    """How far a month is: each patient, each code, and what is missing."""

    async def work(conn: Connection, whose: UUID) -> Review:
        at = now()
        await work_out(conn, whose, month, now=at, on_progress=partial(_tell, month))
        return await review_of(conn, whose, month, now=at)

    found = run_for(settings, organisation, work)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    lines = [
        Line(
            mrn=row.mrn,
            code=cell.code or cell.scope,
            verdict=WORDS[cell.verdict],
            status=cell.status or "",
            units=cell.units,
            why=cell.why,
        )
        for row in found.rows
        for cell in row.cells
    ]
    show(lines, columns=("mrn", "code", "verdict", "status", "units", "why"), as_json=False)
    said = ", ".join(f"{count} {name}" for name, count in sorted(found.statuses.items()))
    how = f" To lock it: --etag {found.etag}" if found.state == "open" else ""
    click.echo(f"{month} is {found.state}: {said or 'no lines'}.{how}")


def _tell(month: str, far: Progress) -> None:
    """Of a month that takes more than one step."""
    if far.of > BATCH:
        click.echo(f"Working out {month}: {far.done:,} of {far.of:,} patients", err=True)
