"""Leaving when we can no longer do our work, so that systemd starts a process that can."""

import asyncio
import faulthandler
import os
import sys
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from gateway.errors import LineDead
from gateway.sd_notify import ALIVE, Notifier
from wire.consumer import Consumer

STUCK_LOOP_STATUS: Final = 70
"""EX_SOFTWARE."""
PULSE_S: Final = 1.0
MOST_IN_VAIN: Final = 3


class Verdict(StrEnum):
    """How the line stands."""

    FINE = "fine"
    NO_ANSWERS = "connected, and the broker acknowledges nothing"
    NO_ATTEMPTS = "not connected, and nothing tries to connect"


def verdict(*, connected: bool, in_vain: int, no_attempt_s: float, patience_s: float) -> Verdict:
    """Decide. A line that is down and tries again is fine: that is the network's business."""
    if connected and in_vain >= MOST_IN_VAIN:
        return Verdict.NO_ANSWERS
    if not connected and no_attempt_s >= patience_s:
        return Verdict.NO_ATTEMPTS
    return Verdict.FINE


class LineWatch:
    """Judges the line by what can be seen of it: connections, attempts, answers."""

    def __init__(self, link: Consumer, *, patience_s: float) -> None:
        self._link = link
        self._patience_s = patience_s
        self._in_vain = 0
        self._generation = -1
        self._changed_at = 0.0

    def unanswered(self, count: int) -> None:
        """So many publishes in a row had no answer."""
        self._in_vain = count

    async def run(self) -> None:
        """For ever. Raises LineDead."""
        loop = asyncio.get_running_loop()
        while True:
            if self._link.connected or self._link.generation != self._generation:
                self._generation = self._link.generation
                self._changed_at = loop.time()
            found = verdict(
                connected=self._link.connected,
                in_vain=self._in_vain,
                no_attempt_s=loop.time() - self._changed_at,
                patience_s=self._patience_s,
            )
            if found is not Verdict.FINE:
                raise LineDead(str(found))
            await asyncio.sleep(PULSE_S)


class LoopWatch:
    """A thread that ends the process when the event loop has not turned for too long.

    The loop's own pulse also feeds systemd's watchdog, which covers a process that hangs whole.
    """

    def __init__(
        self,
        *,
        limit_s: float,
        notifier: Notifier,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._limit_s = limit_s
        self._notifier = notifier
        self._leave = leave
        self._pulse = time.monotonic()
        self._done = threading.Event()

    async def run(self) -> None:
        """Beat for ever, with the thread watching."""
        self._pulse = time.monotonic()
        threading.Thread(target=self._watch, name="loop-watch", daemon=True).start()
        try:
            while True:
                self._pulse = time.monotonic()
                self._notifier.say(ALIVE)
                await asyncio.sleep(PULSE_S)
        finally:
            self._done.set()

    def _watch(self) -> None:
        while not self._done.wait(min(PULSE_S, self._limit_s / 4)):
            if time.monotonic() - self._pulse > self._limit_s:
                sys.stderr.write(f"The event loop has not turned for {self._limit_s} s: leaving.\n")
                faulthandler.dump_traceback(all_threads=True)
                self._leave(STUCK_LOOP_STATUS)
                return
