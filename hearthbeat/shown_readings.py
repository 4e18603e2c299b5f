"""Readings printed as they arrive. Only for a demonstration: its people do not exist."""

import asyncio
import datetime as dt
from typing import Final

from hearthbeat.feed import Feed
from hearthbeat.terminal import say
from hearthbeat.watch_view import line
from store.errors import UnavailableError
from store.pool import UNREACHABLE, Connection, connect

EVERY_S: Final = 0.5
AT_ONCE: Final = 12
"""Readings printed per look; a storm is summed up."""


async def show(database: str) -> None:
    """For ever."""
    feed = Feed(since=dt.datetime.now(dt.UTC))
    while True:
        try:
            conn = await connect(database, application_name="hearthbeat up")
            try:
                await _follow(conn, feed)
            finally:
                await conn.close(timeout=1)
        except (UnavailableError, *UNREACHABLE):
            # It is being started again, which has been said already.
            await asyncio.sleep(EVERY_S)


async def _follow(conn: Connection, feed: Feed) -> None:
    while True:
        arrivals = await feed.arrived(conn, now=dt.datetime.now(dt.UTC))
        for one in arrivals[:AT_ONCE]:
            say(line(one))
        if len(arrivals) > AT_ONCE:
            say(f"          … and {len(arrivals) - AT_ONCE} more")
        await asyncio.sleep(EVERY_S)
