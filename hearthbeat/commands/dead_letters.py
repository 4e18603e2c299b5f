"""`hearthbeat dead-letters`: what could not be read, and another try."""

import asyncio
import datetime as dt
from uuid import UUID

import click
import msgspec
from msgspec import Struct

from care.registry import find_organisation
from care.snapshot import read
from hearthbeat.commands.administration import (
    database_of,
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from ingest import dead_letters, quarantine
from ingest.committer import Committer
from ingest.replay import Replayed, replay
from store.pool import Connection, open_pool

COLUMNS = ("id", "last_received_at", "times", "gateway_id", "pointer", "error", "outcome")


class Letter(Struct, frozen=True, kw_only=True):
    """A dead letter as it is listed."""

    id: int
    organisation_id: UUID | None
    gateway_id: str | None
    topic: str
    pointer: str
    error: str
    bytes: int
    first_received_at: dt.datetime
    last_received_at: dt.datetime
    times: int
    replayed_at: dt.datetime | None
    outcome: str | None


@click.group()
def command() -> None:
    """Messages and readings that could not be read or stored, kept with their errors."""


@command.command("list")
@click.option("--replayed", is_flag=True, help="Also those that are readings by now.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@organisation_option
@json_option
@pass_settings
def list_(
    settings: Settings,
    limit: int,
    organisation: str | None,
    *,
    replayed: bool,
    as_json: bool,
) -> None:
    """The latest first, without their contents."""

    async def work(conn: Connection, whose: UUID) -> list[Letter]:
        seen = await quarantine.organisations_seen_by(conn, whose)
        rows = await dead_letters.listed(conn, organisations=seen, replayed=replayed, limit=limit)
        return [Letter(**row) for row in rows]

    show(run_for(settings, organisation, work), columns=COLUMNS, as_json=as_json)


@command.command("show")
@click.argument("letter", type=int)
@organisation_option
@pass_settings
def show_(settings: Settings, letter: int, organisation: str | None) -> None:
    """One letter with its content, which may be somebody's measurements."""

    async def work(conn: Connection, whose: UUID) -> dict[str, object] | None:
        seen = await quarantine.organisations_seen_by(conn, whose)
        return await dead_letters.one(conn, letter, organisations=seen)

    found = run_for(settings, organisation, work)
    if found is None:
        raise click.ClickException(f"there is no dead letter {letter}")
    payload = found.pop("payload")
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    if isinstance(payload, bytes):
        click.echo(payload.decode("utf-8", "backslashreplace"))


@command.command("replay")
@click.argument("letters", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All that are not readings yet.")
@organisation_option
@pass_settings
def replay_(
    settings: Settings, letters: tuple[int, ...], organisation: str | None, *, everything: bool
) -> None:
    """Through the same admission once more: run it after adding a device, or an update."""
    if bool(letters) == everything:
        raise click.UsageError("name the letters, or say --all")
    results = asyncio.run(_replay(settings, letters, organisation))
    for result in results:
        click.echo(f"{result.letter:8}  {result.outcome}")
    if not all(result.done for result in results):
        raise SystemExit(1)


async def _replay(
    settings: Settings, letters: tuple[int, ...], organisation: str | None
) -> list[Replayed]:
    pool = await open_pool(database_of(settings), application_name="hearthbeat replay", max_size=2)
    try:
        async with pool.acquire() as conn:
            whose = (await find_organisation(conn, organisation)).id
            seen = await quarantine.organisations_seen_by(conn, whose)
            snapshot = await read(conn)
            numbers = letters or await dead_letters.waiting(conn, organisations=seen)
        committer, results = Committer(pool), list[Replayed]()
        for number in numbers:
            result = await replay(
                pool, committer, number, organisations=seen, snapshot=snapshot, now=now()
            )
            if result is None:
                raise click.ClickException(f"there is no dead letter {number}")
            results.append(result)
        return results
    finally:
        await pool.close()
