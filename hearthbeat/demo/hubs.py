"""What simulated kits say of themselves: heard every few minutes, or silent."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import UNSET, UnsetType

from hearthbeat.demo.roster import address_of, hub_of
from hearthbeat.version import VERSION
from ingest import dead_letters, health_rows
from ingest.dead_letters import Letter
from ingest.health_rows import Said
from simulator.history_body import running
from simulator.history_chance import luck
from simulator.people_cast import Character
from simulator.people_stories import Story, Tale
from store.pool import Connection
from vitals.kinds import Kind
from wire import topics
from wire.messages import DeviceStatus, Presence, Status

SPOKEN_OF: Final = 10
"""Days before the start of which each kit has said how it was."""
DAY: Final = dt.timedelta(days=1)
JUST_BEFORE: Final = dt.timedelta(minutes=8)
"""Long enough ago for a trouble that still stands to be told of."""
FRESH: Final = 97.0
ON_BATTERY: Final = "running on its battery, 14 % left"
GARBLED: Final = b'{"v":1,"readings":[{"kind":"blood_pressure","values":{"systolic":"13O"}}]}'


async def say_all(
    conn: Connection,
    organisation_id: UUID,
    characters: Sequence[Character],
    *,
    anchor: dt.datetime,
    now: dt.datetime,
) -> None:
    """Each kit that can be heard, at once."""
    said = [
        Said(hub_of(each), organisation_id, status(each, anchor=anchor, now=now))
        for each in characters
        if not is_offline(each, anchor=anchor, now=now)
    ]
    await health_rows.keep(conn, said, now=now)


async def said_before(
    conn: Connection, organisation_id: UUID, character: Character, *, anchor: dt.datetime
) -> None:
    """Once a day for some days, and just before; and the last word of one that has gone."""
    hub = hub_of(character)
    days = range(min(SPOKEN_OF, -character.enrolled), 0, -1)
    for at in (*(anchor - back * DAY for back in days), anchor - JUST_BEFORE):
        if not is_offline(character, anchor=anchor, now=at):
            told = status(character, anchor=anchor, now=at)
            await health_rows.keep(conn, [Said(hub, organisation_id, told)], now=at)
    gone = next((s for s in character.stories if s.tale is Tale.HUB_OFFLINE), None)
    if gone is not None:
        at = anchor + gone.day * DAY + dt.timedelta(minutes=1)
        last = Status(state=Presence.OFFLINE)
        await health_rows.keep(conn, [Said(hub, organisation_id, last)], now=at)
    await _garbled(conn, organisation_id, character, anchor=anchor)


def status(character: Character, *, anchor: dt.datetime, now: dt.datetime) -> Status:
    """As the gateway program says it."""
    trouble: str | UnsetType = UNSET
    if _tells(character, Tale.HUB_BATTERY, anchor, now):
        trouble = ON_BATTERY
    return Status(
        state=Presence.ONLINE,
        version=VERSION,
        devices=[_device(character, kind, anchor, now) for kind in character.kinds],
        at=now,
        trouble=trouble,
    )


def is_offline(character: Character, *, anchor: dt.datetime, now: dt.datetime) -> bool:
    """Whether nothing is heard of the kit then, for good."""
    return any(
        story.tale is Tale.HUB_OFFLINE and now > anchor + story.day * DAY
        for story in character.stories
    )


def _device(
    character: Character, kind: Kind, anchor: dt.datetime, now: dt.datetime
) -> DeviceStatus:
    wrong = 0.0
    if kind is Kind.BLOOD_PRESSURE:
        wrong = next((s.size for s in running(character, Tale.CLOCK, _day(anchor, now))), 0.0)
    return DeviceStatus(
        device=address_of(character, kind),
        battery=battery(character, kind, _day(anchor, now)),
        # Who tells of a battery that fades was on the air just then: an alert of it begins there,
        # not on the day on which the kit was handed out.
        last_seen=now if _fades(character, kind, _day(anchor, now)) else None,
        clock_drift_s=wrong or round(float(luck(character.key, kind, "clock").normal()) * 4, 1),
    )


def battery(character: Character, kind: Kind, day: int) -> int:
    """Per cent: fades slowly, and is changed when it is low; one story is of one that is not."""
    for story in character.stories:
        if _is_of(story, character, kind, day):
            gone = min((day - story.day) / story.length, 1.0)
            return round(40 + (story.size - 40) * gone)
    lasts = float(luck(character.key, kind, "battery").uniform(260, 420))
    used = float(luck(character.key, kind, "age").uniform(0, 150))
    return round(FRESH - 62 * ((day - character.enrolled + used) % lasts) / lasts)


def _is_of(story: Story, character: Character, kind: Kind, day: int) -> bool:
    return story.tale is Tale.BATTERY and kind is character.kinds[0] and day >= story.day


def _fades(character: Character, kind: Kind, day: int) -> bool:
    return any(_is_of(story, character, kind, day) for story in character.stories)


def _tells(character: Character, tale: Tale, anchor: dt.datetime, now: dt.datetime) -> bool:
    return any(True for _ in running(character, tale, _day(anchor, now)))


def _day(anchor: dt.datetime, now: dt.datetime) -> int:
    return (now - anchor) // DAY


async def _garbled(
    conn: Connection, organisation_id: UUID, character: Character, *, anchor: dt.datetime
) -> None:
    """A message that cannot be read is kept until somebody looks."""
    for story in character.stories:
        if story.tale is Tale.GARBLED:
            letter = Letter(
                topic=topics.readings(hub_of(character)),
                payload=GARBLED,
                error="Expected `float`, got `str`",
                pointer="/readings/0/values/systolic",
                gateway=hub_of(character),
                organisation=organisation_id,
            )
            await dead_letters.keep(conn, [letter], now=anchor + story.day * DAY)
