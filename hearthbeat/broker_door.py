"""Keeps the embedded broker's door in step with the gateways of the clinic."""

import asyncio
from collections.abc import Callable
from typing import Final

from care.gateways import broker_accounts
from hearthbeat.embedded.broker import EmbeddedBroker
from store.errors import UnavailableError
from store.pool import UNREACHABLE, Connection, connect

CHANNEL: Final = "hearthbeat_directory"
LOOK_EVERY_S: Final = 5.0
"""Should a notification be lost."""
AGAIN_S: Final = 1.0


async def keep(url: str, broker: EmbeddedBroker, *, changed: Callable[[], None]) -> None:
    """For ever: enrolled gateways are let in at once, revoked ones no more; calls `changed`."""
    while True:
        try:
            conn = await connect(url, application_name="hearthbeat broker door")
            try:
                await _follow(conn, broker, changed)
            finally:
                await conn.close(timeout=1)
        except (UnavailableError, *UNREACHABLE):
            # The database is being started again; the door stays as it is.
            await asyncio.sleep(AGAIN_S)


async def _follow(conn: Connection, broker: EmbeddedBroker, changed: Callable[[], None]) -> None:
    called = asyncio.Event()
    await conn.add_listener(CHANNEL, lambda *_: called.set())
    while True:
        called.clear()
        if broker.admit(await broker_accounts(conn)):
            changed()
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await called.wait()
        except TimeoutError:
            continue
