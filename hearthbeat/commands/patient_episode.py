"""`hearthbeat patient episode`: in which programme a patient is monitored, from when until when."""

from typing import Any
from uuid import UUID

import click

from care.episodes import Episode, end_episode, list_episodes, start_episode
from care.errors import InvalidError, NotFoundError
from care.registry import find_patient
from hearthbeat.command_group import Group
from hearthbeat.commands.administration import (
    instant,
    json_option,
    now,
    organisation_option,
    run_for,
    show,
)
from hearthbeat.commands.somebody import by_option, user_named
from hearthbeat.invocation import pass_settings
from hearthbeat.settings import Settings
from store.pool import Connection
from store.schema import EPISODE_ENDS


@click.group("episode", cls=Group)
def command() -> None:
    """In which programme a patient is monitored, from when until when."""


@command.command()
@click.argument("patient")
@click.argument("programme")
@click.option("--from", "starts", help="With its offset from UTC; without it, now.")
@click.option("--reason", default="")
@by_option
@organisation_option
@pass_settings
def start(
    settings: Settings, /, patient: str, programme: str, organisation: str | None, by: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Start an episode; which limits hold is said by `patient plan set`."""

    async def work(conn: Connection, whose: UUID) -> Episode:
        at = now()
        return await start_episode(
            conn,
            whose,
            (await find_patient(conn, whose, patient)).id,
            programme=programme,
            starts_at=instant(options["starts"]) or at,
            reason=options["reason"],
            actor=await user_named(conn, whose, by),
            now=at,
        )

    made = run_for(settings, organisation, work)
    click.echo(f"Started an episode of {made.programme}.")


@command.command()
@click.argument("patient")
@click.option("--programme", help="Needed where the patient is in several.")
@click.option("--reason", type=click.Choice(EPISODE_ENDS), required=True)
@click.option("--note", default="")
@click.option("--at", help="With its offset from UTC; without it, now.")
@by_option
@organisation_option
@pass_settings
def end(
    settings: Settings, /, patient: str, organisation: str | None, by: str | None, **options: Any
) -> None:
    """End an episode, and the plan of its programme with it."""

    async def work(conn: Connection, whose: UUID) -> Episode:
        found = await find_patient(conn, whose, patient)
        at = now()
        running = _one(await list_episodes(conn, whose, found.id), options["programme"])
        return await end_episode(
            conn,
            whose,
            found.id,
            running.id,
            ends_at=instant(options["at"]) or at,
            reason=options["reason"],
            note=options["note"],
            actor=await user_named(conn, whose, by),
            now=at,
        )

    ended = run_for(settings, organisation, work)
    click.echo(f"Ended the episode of {ended.programme}.")


@command.command("list")
@click.argument("patient")
@json_option
@organisation_option
@pass_settings
def list_(settings: Settings, patient: str, organisation: str | None, *, as_json: bool) -> None:
    """List a patient's episodes, ended ones too."""

    async def work(conn: Connection, whose: UUID) -> list[Episode]:
        return await list_episodes(conn, whose, (await find_patient(conn, whose, patient)).id)

    columns = ("programme", "starts_at", "ends_at", "start_reason", "end_reason", "end_note")
    show(run_for(settings, organisation, work), columns=columns, as_json=as_json)


def _one(episodes: list[Episode], programme: str | None) -> Episode:
    running = [
        each for each in episodes if each.ends_at is None and programme in {None, each.programme}
    ]
    if not running:
        raise NotFoundError("episode", "there is none that could end")
    if len(running) > 1:
        names = ", ".join(each.programme for each in running)
        raise InvalidError("programme", f"say which of {names}")
    return running[0]
