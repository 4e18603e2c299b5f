"""What we publish, QoS 1: a window of messages under way, and a bounded queue behind it."""

import asyncio
from collections import deque
from typing import NamedTuple, Protocol, Self

from wire.errors import LinkDown


class Outgoing(NamedTuple):
    """One message, and who waits for its PUBACK (nobody: a receipt)."""

    topic: str
    payload: bytes
    retain: bool
    answer: asyncio.Future[None] | None = None


class Limits(Protocol):
    """Of what waits for the window to have room."""

    @property
    def most_unsent(self) -> int: ...

    @property
    def most_unsent_bytes(self) -> int: ...


class Outbound:
    """One connection's outgoing messages; it knows nothing of sockets."""

    def __init__(self, *, window: int, most_queued: int, most_queued_bytes: int) -> None:
        self._window = window
        self._most_queued = most_queued
        self._most_bytes = most_queued_bytes
        self._queue: deque[Outgoing] = deque()
        self._bytes = 0
        self._sent: dict[int, Outgoing] = {}
        self._last_id = 0

    @classmethod
    def of(cls, limits: Limits, *, window: int) -> Self:
        return cls(
            window=window,
            most_queued=limits.most_unsent,
            most_queued_bytes=limits.most_unsent_bytes,
        )

    def __len__(self) -> int:
        """Messages not yet answered by the broker."""
        return len(self._queue) + len(self._sent)

    def offer(self, message: Outgoing) -> bool:
        """Queue it; False when the queue is full."""
        size = len(message.payload)
        if len(self._queue) >= self._most_queued or self._bytes + size > self._most_bytes:
            return False
        self._queue.append(message)
        self._bytes += size
        return True

    def next(self) -> Outgoing | None:
        """The next message to put on the line, when the window has room."""
        if not self._queue or len(self._sent) >= self._window:
            return None
        message = self._queue.popleft()
        self._bytes -= len(message.payload)
        return message

    def free_id(self) -> int:
        """A packet id that is not under way."""
        while True:
            self._last_id = self._last_id % 0xFFFF + 1
            if self._last_id not in self._sent:
                return self._last_id

    def sent(self, packet_id: int, message: Outgoing) -> None:
        self._sent[packet_id] = message

    def answered(self, packet_id: int, error: Exception | None = None) -> Outgoing | None:
        """The broker's PUBACK for one message under way; None when there is none by that id."""
        message = self._sent.pop(packet_id, None)
        if message is not None and message.answer is not None and not message.answer.done():
            if error is None:
                message.answer.set_result(None)
            else:
                message.answer.set_exception(error)
        return message

    def forget(self, reason: str) -> None:
        """The connection is gone: whoever waits learns it, the rest is repeated on request."""
        for message in [*self._sent.values(), *self._queue]:
            if message.answer is not None and not message.answer.done():
                message.answer.set_exception(LinkDown(reason))
        self._sent.clear()
        self._queue.clear()
        self._bytes = 0
