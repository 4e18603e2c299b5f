"""`hearthbeat on-call`: whom ladders find at night, and when they would find nobody."""

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
import msgspec

from alerts.telling.oncall import Duty, DutySchedule, add_shift, remove_shift, schedule
from alerts.telling.oncall_gaps import instant_typed
from care.registry import find_organisation
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import json_option, now, organisation_option, run_for
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection


@click.group("on-call", cls=Group)
def command() -> None:
    """Who is on call, and when nobody is."""


@command.command()
@click.argument("username")
@click.option("--from", "starts", required=True, help="2026-11-27T18:00, on the clinic's clock.")
@click.option("--until", "ends", required=True, help="Likewise, or with an offset from UTC.")
@by_option
@organisation_option
@pass_settings
def add(
    settings: Settings, /, username: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """Put somebody on call from one time until another."""

    async def work(conn: Connection, whose: UUID) -> tuple[Duty, ZoneInfo]:
        zone = await _zone(conn, organisation)
        user = await user_named(conn, whose, username)
        assert user is not None  # noqa: S101 - a name was given
        made = await add_shift(
            conn,
            whose,
            user_id=user,
            starts_at=instant_typed("--from", options["starts"], zone),
            ends_at=instant_typed("--until", options["ends"], zone),
            actor=await user_named(conn, whose, by),
            now=now(),
        )
        return made, zone

    made, zone = run_for(settings, organisation, work)
    span = f"{_shown(made.starts_at, zone)} until {_shown(made.ends_at, zone)}"
    click.echo(f"{made.username} is on call from {span} ({zone.key}), shift {made.id}.")


@command.command("list")
@organisation_option
@json_option
@pass_settings
def list_(settings: Settings, organisation: str | None, *, as_json: bool) -> None:
    """List the shifts that are not over, and the gaps of the next 14 days."""

    async def work(conn: Connection, whose: UUID) -> tuple[DutySchedule, ZoneInfo]:
        return await schedule(conn, whose, now=now()), await _zone(conn, organisation)

    found, zone = run_for(settings, organisation, work)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for shift in found.shifts:
        gone = "" if shift.disabled_at is None else "  (cannot sign in any more: not told)"
        span = f"{_shown(shift.starts_at, zone)}  {_shown(shift.ends_at, zone)}"
        click.echo(f"{span}  {shift.username}{gone}  {shift.id}")
    for gap in found.gaps:
        span = f"{_shown(gap.starts_at, zone)}  {_shown(gap.ends_at, zone)}"
        click.echo(click.style(f"{span}  NOBODY", fg="yellow"))
    if not found.gaps:
        click.echo("Somebody is on call at every minute of the next 14 days.")


@command.command()
@click.argument("shift", type=click.UUID)
@organisation_option
@pass_settings
def remove(settings: Settings, shift: UUID, organisation: str | None) -> None:
    """Take a shift away; one that runs ends now."""
    run_for(settings, organisation, lambda conn, whose: remove_shift(conn, whose, shift, now=now()))
    click.echo("Done. `hearthbeat on-call list` shows what is uncovered.")


async def _zone(conn: Connection, name: str | None) -> ZoneInfo:
    return ZoneInfo((await find_organisation(conn, name)).time_zone)


def _shown(at: dt.datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"
