"""Sends what the outbox holds until the clinic has answered for all of it."""

import asyncio
import random
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog

from gateway.backoff import full_jitter
from gateway.hub_clock import HubClock
from gateway.outbox import Outbox, Pending
from gateway.sending import Flights, due, messages, receipted, sent
from gateway.settings import ForwardRules
from wire import topics
from wire.codec import envelope
from wire.consumer import Consumer
from wire.errors import LinkDown, PublishRefused, TooLarge, WireError

LOOK_S: Final = 1.0
REFUSED_WAIT_S: Final = 30.0
NEWEST: Final = 200
log = structlog.get_logger()


class Forwarder:
    """Outbox to line. `poke` when there is something new; `answered` when receipts came."""

    def __init__(
        self,
        outbox: Outbox,
        link: Consumer,
        *,
        gateway_id: str,
        rules: ForwardRules,
        clock: HubClock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outbox = outbox
        self._link = link
        self._topic = topics.readings(gateway_id)
        self._rules = rules
        self._clock = clock
        self._chance = chance
        self._flights: Flights = {}
        self._generation = 0
        self._bell = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def poke(self) -> None:
        self._bell.set()

    def answered(self, ids: list[UUID]) -> None:
        receipted(self._flights, ids)
        self._bell.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            if not self._link.connected or not await self._send():
                await self._wait()

    async def _send(self) -> bool:
        """One turn; whether anything went out."""
        self._begin_again_on_a_new_connection()
        todo = messages(
            newest=self._outbox.pending_newest(most=NEWEST),
            oldest=self._oldest(),
            flights=self._flights,
            rules=self._rules,
            now=self._loop.time(),
            wall=self._clock.now().timestamp(),
        )
        for message in todo:
            await self._publish(message)
        return bool(todo) or self._forget_answered()

    def _oldest(self) -> list[Pending]:
        """Also what is to be repeated, wherever it stands: what was new when it went out lies
        behind a long backlog, and it would hold its place in the window and never go again.
        """
        most = self._rules.most_per_message
        oldest = self._outbox.pending_from(0, most=most + len(self._flights))
        last = oldest[-1].seq if oldest else 0
        again = due(self._flights, now=self._loop.time(), most=most)
        return oldest + self._outbox.pending_among(seq for seq in again if seq > last)

    def _forget_answered(self) -> bool:
        """Whether there was a flight that nobody waits for: it would keep its place in the window.

        A receipt that came while its reading went out again, or a full disk that took half of a
        message's receipts: the outbox knows, and what it does not send again is never answered.
        """
        if not self._flights:
            return False
        answered = self._flights.keys() - {
            one.seq for one in self._outbox.pending_among(self._flights)
        }
        for seq in answered:
            del self._flights[seq]
        return bool(answered)

    def _begin_again_on_a_new_connection(self) -> None:
        if self._link.generation != self._generation:
            self._generation = self._link.generation
            self._flights.clear()

    async def _publish(self, message: list[Pending]) -> None:
        waits = {
            attempt: full_jitter(
                attempt,
                first_s=self._rules.resend_first_s,
                most_s=self._rules.resend_most_s,
                chance=self._chance(),
            )
            for attempt in range(1, self._attempts(message) + 2)
        }
        # Before the wait for the broker: a receipt may be quicker than its acknowledgement.
        sent(self._flights, message, now=self._loop.time(), wait_s=waits)
        try:
            payload = envelope([one.body for one in message], sent_at=self._clock.now())
            await self._link.publish(self._topic, payload)
        except LinkDown as error:
            log.info("message not taken", readings=len(message), why=str(error))
            await self._wait()
        except PublishRefused as error:
            log.warning("the broker refuses our readings", why=error.reason, code=error.code)
            await asyncio.sleep(REFUSED_WAIT_S)
        except TooLarge as error:
            await self._in_halves(message, error)

    async def _in_halves(self, message: list[Pending], error: WireError) -> None:
        """A broker with a smaller limit than ours."""
        if len(message) == 1:
            log.error(
                "the broker takes no reading of this size", seq=message[0].seq, why=str(error)
            )
            return
        half = len(message) // 2
        await self._publish(message[:half])
        await self._publish(message[half:])

    def _attempts(self, message: list[Pending]) -> int:
        """The most that any of them has behind it."""
        known = (self._flights.get(one.seq) for one in message)
        return max((flight.attempts for flight in known if flight is not None), default=0)

    async def _wait(self) -> None:
        """Until something changes, but not longer than the next look."""
        self._bell.clear()
        try:
            async with asyncio.timeout(LOOK_S):
                await self._bell.wait()
        except TimeoutError:
            return
