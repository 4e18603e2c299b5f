"""`hearthbeat billing export`: a month as files, with a manifest; written to the audit log."""

import sys
from pathlib import Path
from typing import Final
from uuid import UUID

import click
from msgspec import Struct

from billing.errors import BillingError
from billing.exports.claims import Which
from billing.exports.ledger import Wanted
from billing.exports.manifest import FileKind, Manifest
from billing.exports.run import Done, run_export
from care.registry import find_organisation
from hearthbeat.commands.administration import now, organisation_option, run
from hearthbeat.commands.audit_of_commands import person, write_down
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection

PURPOSE: Final = "payment"
"""What somebody takes a month of bills out of the house for, unless they say otherwise."""
TOLD_EVERY: Final = 50


@click.command("export")
@click.option("--month", required=True, metavar="YYYY-MM", help="In the practice's time zone.")
@click.option(
    "--format",
    "kind",
    type=click.Choice([str(kind) for kind in FileKind]),
    required=True,
    help="Four tables as CSV, one workbook, or claims as X12 837P.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder; made if it is not there.",
)
@click.option("--purpose", help=f"What for: kept in the audit log. Default: {PURPOSE}.")
@click.option(
    "--draft/--no-draft",
    default=None,
    help="Mark it as a draft; refuse an open month. Default: a draft where the month is open.",
)
@click.option(
    "--lines",
    "which",
    type=click.Choice([str(which) for which in Which]),
    default=str(Which.ALL),
    help="Of claims: all (a test file, if some were sent before), new ones, or what was sent and"
    " not answered again.",
)
@click.option(
    "--mark-exported/--no-mark-exported",
    default=None,
    help="Take its lines as sent. Default: those of an 837P of a locked month.",
)
@click.option("--bom", is_flag=True, help="CSV with a byte order mark, for old spreadsheets.")
@organisation_option
@pass_settings
def command(  # noqa: PLR0913 - Options are the interface.
    settings: Settings,
    /,
    month: str,
    kind: str,
    out: Path,
    purpose: str | None,
    organisation: str | None,
    *,
    draft: bool | None,
    which: str,
    mark_exported: bool | None,
    bom: bool,
) -> None:
    """Write a month's lines, time, days and what is not eligible; or its claims."""
    wanted = Wanted(
        month=month,
        kind=FileKind(kind),
        purpose=purpose or _asked_for(),
        who=person(),
        draft=draft,
        which=Which(which),
        mark_exported=mark_exported,
        byte_order_mark=bom,
    )

    async def work(conn: Connection) -> Done:
        whose = (await find_organisation(conn, organisation)).id
        at = now()
        done = await run_export(conn, whose, wanted, out, now=at, on_progress=_tell)
        people = [_Patient(patient_id=each) for each in done.patients]
        await write_down(conn, whose, people, now=now(), reason=wanted.purpose)
        return done

    try:
        done = run(settings, work)
    except BillingError as error:
        raise click.ClickException(str(error)) from error
    _show(done, out)


class _Patient(Struct, frozen=True):
    """As the audit log finds whose data it was."""

    patient_id: UUID


def _asked_for() -> str:
    """People are asked; a script that says nothing exports for the usual reason."""
    if not sys.stdin.isatty():
        return PURPOSE
    typed: str = click.prompt("What for", default=PURPOSE)
    return typed


def _tell(patients: int) -> None:
    if sys.stderr.isatty() and patients % TOLD_EVERY == 0:
        click.echo(f"\r{patients:,} patients", nl=False, err=True)


def _show(done: Done, out: Path) -> None:
    manifest = done.manifest
    totals = manifest.totals
    for file in manifest.files:
        click.echo(f"{out / file.name}: {file.rows:,} rows")
    click.echo(
        f"{manifest.month}: {manifest.patients:,} patients, {totals.lines:,} lines,"
        f" {totals.units:,} units, ${totals.charge:,}"
        + (f"; {totals.without_charge:,} without a fee" if totals.without_charge else "")
    )
    _show_claims(manifest)
    if done.marked:
        click.echo(f"{_lines_are(done.marked)} taken as sent from now on.")
    if manifest.state == "DRAFT":
        click.echo(
            "DRAFT: the month is not locked, or a draft was asked for. Do not send it.", err=True
        )


def _show_claims(manifest: Manifest) -> None:
    claims = manifest.claims
    if claims is None:
        return
    those, lines = claims.claims, claims.totals.lines
    click.echo(
        f"{those:,} {'claim' if those == 1 else 'claims'} with"
        f" {lines:,} {'line' if lines == 1 else 'lines'}."
    )
    if claims.test and manifest.state != "DRAFT":
        click.echo(
            f"A COPY: {claims.exported_before:,} lines of it were sent before, so the file is a"
            " test (ISA15 T). To send what is new: --lines new.",
            err=True,
        )
    if claims.taken_back.lines:
        those = claims.taken_back.lines
        sent = "line that was" if those == 1 else "lines that were"
        click.echo(f"{those:,} {sent} sent before {'is' if those == 1 else 'are'} taken back.")
    if claims.to_take_back:
        click.echo(
            f"{_lines_are(len(claims.to_take_back))} billed no more and not taken back with the"
            " payer: problems.csv and manifest.json say what to do.",
            err=True,
        )
    if claims.left_out:
        click.echo(
            f"{_lines_are(len(claims.left_out))} in no claim: problems.csv and manifest.json say"
            " why.",
            err=True,
        )


def _lines_are(count: int) -> str:
    return "1 line is" if count == 1 else f"{count:,} lines are"
