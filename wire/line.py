"""The reconnecting line: all that both ends have in common."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

import structlog

from wire.consumer import OnState, State
from wire.delivery import Delivery
from wire.errors import LinkDown, LoginRefused, SubscriptionRefused, WireError
from wire.inbox import Inbox
from wire.outbound import Outgoing
from wire.session import Session, Wishes

log = structlog.get_logger()


Opener = Callable[[Wishes, Inbox, int], Awaitable[Session]]
"""Connects, logs in, subscribes, for one generation. Raises OSError, TimeoutError, LineError."""


class Line:
    """A `wire.consumer.Consumer` over one session at a time; each end says how to open one."""

    def __init__(
        self, wishes: Wishes, opener: Opener, *, on_state: OnState | None, loud: bool
    ) -> None:
        self._wishes = wishes
        self._opener = opener
        self._on_state = on_state
        self._loud = loud
        self._inbox = Inbox(wishes.bounds, self._flow)
        self._session: Session | None = None
        self._generation = 0
        self._closing = False
        self._refusal: LoginRefused | SubscriptionRefused | None = None
        self._changed = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._dice = random.Random()  # noqa: S311 (jitter, not secrets)

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep(), name=f"line {self._wishes.client_id}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self._inbox.close()
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if session is not None:
            self._tell(connected=False, reason="closed")

    @property
    def connected(self) -> bool:
        return self._live() is not None

    @property
    def generation(self) -> int:
        return self._generation

    @property
    def protocol(self) -> str | None:
        """`5` or `3.1.1` on the present connection, None when there is none."""
        session = self._live()
        return None if session is None else session.protocol

    @property
    def waiting(self) -> int:
        """Messages that have arrived and are in no batch yet."""
        return self._inbox.messages

    @property
    def waiting_bytes(self) -> int:
        return self._inbox.bytes

    async def wait_connected(self, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                while self._session is None:
                    self._raise_refusal()
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise LinkDown(f"no connection to the broker in {timeout_s} s") from None

    async def batch(self, *, most: int, most_bytes: int, wait_s: float) -> list[Delivery]:
        if self._loud and self._session is None:
            self._raise_refusal()
        return await self._inbox.batch(most=most, most_bytes=most_bytes, wait_s=wait_s)

    def ack(self, deliveries: Sequence[Delivery]) -> int:
        session = self._live()
        return 0 if session is None else session.acknowledge(deliveries)

    def publish_soon(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        session = self._live()
        return session is not None and session.offer(Outgoing(topic, payload, retain))

    async def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, timeout_s: float = 10
    ) -> None:
        session = self._live()
        if session is None:
            raise LinkDown("not connected")
        answer = asyncio.get_running_loop().create_future()
        if not session.offer(Outgoing(topic, payload, retain, answer)):
            raise LinkDown("too many messages wait to be sent")
        try:
            async with asyncio.timeout(timeout_s):
                await answer
        except TimeoutError:
            raise LinkDown(f"the broker did not answer in {timeout_s} s") from None

    def unsubscribe(self) -> None:
        """Take no new messages: the first step of a clean stop. What has arrived stays in batches
        and is acknowledged as ever; the broker gives the rest to other members, or keeps it.
        """
        self._wishes = replace(self._wishes, filters=())
        session = self._live()
        if session is not None:
            session.unsubscribe()

    def _live(self) -> Session | None:
        """The present session, unless it has just ended."""
        session = self._session
        return None if session is None or session.lost.done() else session

    def _flow(self, stop: bool) -> None:  # noqa: FBT001 (a callback: on or off)
        if self._session is not None:
            self._session.flow(stop=stop)

    def _raise_refusal(self) -> None:
        if self._refusal is not None:
            raise self._refusal.with_traceback(None)  # Else it grows with each raising.

    async def _keep(self) -> None:
        """Hold one session after another, until cancelled. The supervising level of the line."""
        failures = 0
        loop = asyncio.get_running_loop()
        backoff = self._wishes.backoff
        while True:
            began, refused = loop.time(), None
            try:
                reason = await self._hold()
                if self._closing:
                    return
            except (LoginRefused, SubscriptionRefused) as error:
                self._refusal, reason = error, str(error)
                refused = error.code if isinstance(error, LoginRefused) else None
            except (OSError, TimeoutError, WireError) as error:
                reason = str(error) or "the broker did not answer in time"
            except Exception:
                log.exception("line failed", client=self._wishes.client_id)
                reason = "a fault of our own, see the log"
            failures = 1 if loop.time() - began > backoff.steady_after_s else failures + 1
            self._tell(connected=False, reason=reason, refused=refused)
            await asyncio.sleep(backoff.delay_s(failures, dice=self._dice))

    async def _hold(self) -> str:
        """One session from its opening to its end; why it ended."""
        self._generation += 1  # Each attempt: a failed one may have left deliveries behind.
        self._inbox.hold_back()
        session = await self._opener(self._wishes, self._inbox, self._generation)
        self._refusal = None
        self._session = session
        try:
            session.flow(stop=self._inbox.full)
            self._inbox.let_in()
            self._tell(connected=True, reason=f"connected (MQTT {session.protocol})")
            return await session.lost
        finally:
            self._session = None

    def _tell(self, *, connected: bool, reason: str, refused: int | None = None) -> None:
        wishes = self._wishes
        report = log.info if connected or self._closing else log.warning
        report(
            "line",
            connected=connected,
            reason=reason,
            broker=wishes.address.shown,
            client=wishes.client_id,
            generation=self._generation,
        )
        self._changed.set()
        if self._on_state is None:
            return
        state = State(
            connected=connected, generation=self._generation, reason=reason, refused=refused
        )
        try:
            self._on_state(state)
        except Exception:  # Someone else's callback must not end the line.
            log.exception("on_state failed", client=wishes.client_id)
