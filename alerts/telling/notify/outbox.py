"""Takes messages out of the outbox and hands them to their channel, several at once.

At least once: a process that dies between sending and noting it leaves the message to be sent
again. Which is why a message says nothing that hurts when it is read twice.
"""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from structlog import get_logger

from alerts.evaluating.aside import where
from alerts.telling.notify.message import Channel, Failed, Message, Needless, Sender, Sent
from alerts.telling.notify.obstacles import obstacle
from alerts.telling.notify.retry import LEASE, Next, after
from store.pool import Pool
from store.queries import load

log = get_logger()

QUERIES: Final = load("alerts", "outbox.sql")
AT_ONCE: Final = 20
TIMEOUT_S: Final = 30.0
"""For one try; far below LEASE, so that no message is sent by two at once."""

Clock = Callable[[], dt.datetime]


class Outbox:
    def __init__(self, pool: Pool, senders: Mapping[Channel, Sender], *, clock: Clock) -> None:
        self._pool = pool
        self._senders = senders
        self._clock = clock

    async def send_due(self) -> int:
        """One round; how many were tried. Raises what asyncpg raises: rows stay claimed then, and
        are tried again when their lease is over.
        """
        now = self._clock()
        async with self._pool.acquire() as conn:
            rows = await conn.fetch(QUERIES["claim"], now, AT_ONCE, LEASE)
        messages = [Message(**(dict(row) | {"channel": Channel(row["channel"])})) for row in rows]
        # Each to its end: one that is broken off in the middle of sending would be sent twice.
        ended = await asyncio.gather(
            *(self._try(message) for message in messages), return_exceptions=True
        )
        for error in ended:
            if error is not None:
                raise error
        return len(messages)

    async def _try(self, message: Message) -> None:
        outcome = await self._sent(message)
        now = self._clock()
        after_it = after(message, outcome, now=now)
        if isinstance(outcome, Failed):
            log.warning(
                "message not sent",
                message=str(message.id),
                channel=message.channel,
                attempt=message.attempts,
                why=outcome.why,
                again=after_it.state == "queued",
            )
        await self._note(message, after_it, now)

    async def _sent(self, message: Message) -> Sent | Failed | Needless:
        now = self._clock()
        if message.expires_at <= now:
            return Failed(why="expired before it could be sent", again=False)
        async with self._pool.acquire() as conn:
            why = await obstacle(conn, message, now=now)
        if why is not None:
            return Needless(why=why)
        sender = self._senders.get(message.channel)
        if sender is None:
            return Failed(why=f"{message.channel} is not set up", again=False)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await sender.send(message)
        except TimeoutError:
            return Failed(why=f"no answer within {TIMEOUT_S:g} s", again=True)
        except Exception as error:  # noqa: BLE001 - The level that supervises one message.
            kind, place = type(error).__name__, where(error)
            log.warning("a sender failed", message=str(message.id), error=kind, where=place)
            return Failed(why=f"cannot be sent: {kind}", again=True)

    async def _note(self, message: Message, after_it: Next, now: dt.datetime) -> None:
        async with self._pool.acquire() as conn:
            await conn.execute(
                QUERIES["tried"],
                message.id,
                after_it.state,
                after_it.next_at,
                after_it.error,
                after_it.provider_id,
                now,
            )
