"""`hearthbeat dead-letters`: what could not be read, and another try."""

import asyncio
from typing import Any
from uuid import UUID

import click
import msgspec

from care.registry import find_organisation
from care.snapshot import read
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    NUMBER,
    database_of,
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from ingest import dead_letters, letter_upkeep, quarantine
from ingest.committer import Committer
from ingest.kept_letter import KeptLetter
from ingest.replay import Replayed, replay
from store.pool import Connection, open_pool

COLUMNS = (
    "id", "last_received_at", "times", "gateway_id", "bytes", "pointer", "error", "outcome",
)  # fmt: skip


class Letter(KeptLetter, frozen=True, kw_only=True):
    """A dead letter as it is listed."""

    organisation_id: UUID | None
    gateway_id: str | None


@click.group(cls=Group)
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

    async def work(conn: Connection, whose: UUID) -> tuple[list[Letter], list[dict[str, Any]]]:
        seen = await quarantine.organisations_seen_by(conn, whose)
        rows = await dead_letters.listed(conn, organisations=seen, replayed=replayed, limit=limit)
        flooding = await letter_upkeep.over_quota(conn, organisations=seen)
        return [Letter(**row) for row in rows], flooding

    letters, flooding = run_for(settings, organisation, work)
    show(letters, columns=COLUMNS, as_json=as_json)
    for sender in flooding:
        click.echo(_too_many(sender), err=True)


def _too_many(sender: dict[str, Any]) -> str:
    who = sender["gateway"] or "gateways that nobody enrolled"
    return (
        f"{who}: {sender['letters']} wait, of {sender['truncated']} only the beginning is kept; "
        f"{sender['only_counted']} more came and were only counted"
    )


@command.command("show")
@click.argument("letter", type=NUMBER)
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


@command.command("dismiss")
@click.argument("letters", nargs=-1, type=NUMBER)
@click.option("--gateway", metavar="ID", help="All that wait from this gateway.")
@click.option("--strangers", is_flag=True, help="All that wait from gateways nobody enrolled.")
@organisation_option
@pass_settings
def dismiss_(
    settings: Settings,
    letters: tuple[int, ...],
    gateway: str | None,
    organisation: str | None,
    *,
    strangers: bool,
) -> None:
    """Nobody needs to look at these any more: they make room for others of their gateway."""
    if sum((bool(letters), gateway is not None, strangers)) != 1:
        raise click.UsageError("name the letters, or a --gateway, or say --strangers")

    async def work(conn: Connection, whose: UUID) -> int:
        seen = await quarantine.organisations_seen_by(conn, whose)
        return await letter_upkeep.dismiss(
            conn,
            organisations=seen,
            now=now(),
            letters=letters,
            gateway=dead_letters.STRANGERS if strangers else gateway,
        )

    click.echo(f"{run_for(settings, organisation, work)} dismissed")


@command.command("replay")
@click.argument("letters", nargs=-1, type=NUMBER)
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
