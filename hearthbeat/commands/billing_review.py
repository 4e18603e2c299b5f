"""`hearthbeat billing review`: how far a month is."""

import click
import msgspec
from msgspec import Struct

from billing.months.review import review_of
from billing.months.views import Review
from hearthbeat.commands.administration import json_option, now, organisation_option, run_for, show
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings


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
    found: Review = run_for(
        settings, organisation, lambda conn, whose: review_of(conn, whose, month, now=now())
    )
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    lines = [
        Line(
            mrn=row.mrn,
            code=cell.code or cell.scope,
            verdict=cell.verdict,
            status=cell.status or "",
            units=cell.units,
            why=cell.why,
        )
        for row in found.rows
        for cell in row.cells
    ]
    show(lines, columns=("mrn", "code", "verdict", "status", "units", "why"), as_json=False)
    said = ", ".join(f"{count} {name}" for name, count in sorted(found.statuses.items()))
    click.echo(f"{month} is {found.state}: {said or 'no lines'}. To lock it: --etag {found.etag}")
