"""`hearthbeat audit`: prove that the audit log is as it was written, and keep what proves it."""

from pathlib import Path

import click
import msgspec

from care.registry import list_organisations
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import json_option, now, organisation_option, run
from hearthbeat.invocation import data_option, pass_settings
from hearthbeat.settings import Settings
from store.audit_chain import Checkpoint, Verdict, chains, checkpoints_now, verify
from store.audit_checkpoints import append, read
from store.pool import Connection
from store.schema import UNCLAIMED

BROKEN: int = 1
"""The exit code where a chain is not as it was written; 2 is for calls that cannot be read."""
NOBODYS = "nobody's"


@click.group(cls=Group)
def command() -> None:
    """The audit log: who saw and changed what, in a chain that shows every later change."""


@command.command("verify")
@click.option(
    "--checkpoint",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True),
    help="Hold it against this file of `audit checkpoint`: finds an end that was cut off.",
)
@json_option
@organisation_option
@pass_settings
@click.pass_context
def verify_(
    ctx: click.Context,
    settings: Settings,
    *,
    organisation: str | None,
    file: Path | None,
    as_json: bool,
) -> None:
    """Walk the chains; name the first row that was changed, taken out or moved."""
    kept = [] if file is None else read(file)

    async def work(conn: Connection) -> list[tuple[str, Verdict]]:
        names = {each.id: each.name for each in await list_organisations(conn)}
        names[UNCLAIMED] = NOBODYS
        there = {*await chains(conn), *(each.organisation for each in kept)}
        return [
            (names.get(whose, str(whose)), await verify(conn, whose, kept))
            for whose in sorted(there)
            if organisation in {None, names.get(whose)}
        ]

    found = run(settings, work)
    if organisation is not None and not found:
        raise click.UsageError(f"there is no audit log of an organisation {organisation!r}")
    _show(found, compared=file is not None, as_json=as_json)
    if not all(verdict.sound for _, verdict in found):
        ctx.exit(BROKEN)


def _show(found: list[tuple[str, Verdict]], *, compared: bool, as_json: bool) -> None:
    if as_json:
        rows = [
            {**msgspec.to_builtins(verdict), "name": name, "sound": verdict.sound}
            for name, verdict in found
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    for name, verdict in found:
        if verdict.fault is None:
            click.echo(f"{name}: {verdict.size:,} rows, as they were written.")
        else:
            fault = verdict.fault
            click.echo(f"{name}: NOT as it was written. Row {fault.position:,}: {fault.what}.")
    if not found:
        click.echo("There is nothing in the audit log yet.")
    elif not compared:
        click.echo(
            "That the end was not cut off, only a checkpoint kept elsewhere can show: --checkpoint."
        )


@command.command("checkpoint")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@data_option
@pass_settings
def checkpoint(settings: Settings, file: Path | None) -> None:
    """Write down how far the chains have come: to the end of FILE, or here. Keep it elsewhere."""

    async def work(conn: Connection) -> list[Checkpoint]:
        return await checkpoints_now(conn, now=now())

    made = run(settings, work)
    if file is None:
        for each in made:
            click.echo(msgspec.json.encode(each).decode())
        return
    append(file, made)
    click.echo(f"{len(made)} checkpoints are at the end of {file}. Keep a copy elsewhere.")
