"""Whose readings a replay's would be: among real people's they go only when somebody says so."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from care.organisations import Organisation
from care.registry import add_organisation, find_organisation, list_organisations
from hearthbeat.errors import ReplayRefused
from hearthbeat.replay.load import GIVEN_NAME, NUMBER_PREFIX, DeviceLoad
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("hearthbeat", "replay.sql")

Agree = Callable[[str], Awaitable[bool]]
"""Asks a person whether to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What is known of the system before anything is written to it."""

    where: str
    """For people: `the system on DIR`."""
    is_demonstration: bool


async def destination(
    conn: Connection,
    system: System,
    loads: Sequence[DeviceLoad],
    *,
    named: str | None,
    clinic: str,
    zone: str,
    agree: Agree,
) -> UUID:
    """The organisation to write to; raises ReplayRefused for a real one that nobody agreed to.

    Where there is none at all, one is made: nobody has set up a clinic here.
    """
    there = await list_organisations(conn)
    if named is None and not there:
        return (await add_organisation(conn, name=clinic, time_zone=zone)).id
    if system.is_demonstration or not any([await is_real(conn, one.id) for one in there]):
        return (await find_organisation(conn, named)).id
    if named is None:
        names = ", ".join(repr(one.name) for one in there)
        raise ReplayRefused(
            f"{system.where} is a real clinic's: say whose the readings shall be, with "
            f"--organisation NAME (there are {names}), or take a system that is thrown away, "
            "with --ephemeral. Nothing has been sent"
        )
    whose = await find_organisation(conn, named)
    if await is_real(conn, whose.id) and not await agree(what_would_happen(whose, system, loads)):
        raise ReplayRefused("nothing has been sent")
    return whose.id


async def is_real(conn: Connection, organisation: UUID) -> bool:
    """Whether it may be anybody's but a replay's: somebody signs in, or is cared for, or it is new.

    What a replay has made holds recordings and nobody else.
    """
    return bool(
        await conn.fetchval(QUERIES["is_real"], organisation, f"{NUMBER_PREFIX}%", GIVEN_NAME)
    )


def what_would_happen(whose: Organisation, system: System, loads: Sequence[DeviceLoad]) -> str:
    """In words, before it happens."""
    people = many(len({load.number for load in loads}), "patient")
    readings = many(sum(len(load.readings) for load in loads), "recorded reading")
    return (
        f"Into {whose.name!r}, in {system.where}, would go {readings}: as {people} with numbers "
        f"{NUMBER_PREFIX}…, with {many(len(loads), 'device')} and gateways of their own. "
        "They count as any other, and nothing takes them out again."
    )


def many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
