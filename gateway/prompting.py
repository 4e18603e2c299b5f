"""Keeps what the home is asked for in step with what the clinic asks, and with the clock."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from gateway.prompt import Prompt
from wire.messages import MeasureAgain

LOOK_S: Final = 0.5


def still_open(asked: Sequence[MeasureAgain], *, now: dt.datetime) -> tuple[MeasureAgain, ...]:
    """Nobody waits any more for what is over."""
    return tuple(each for each in asked if now < each.until)


class Prompting:
    """Shows changes, and has the devices that are asked about listened for."""

    def __init__(
        self,
        prompt: Prompt,
        *,
        asked: Callable[[], Sequence[MeasureAgain]],
        now: Callable[[], dt.datetime],
        await_news: Callable[[frozenset[str]], None],
    ) -> None:
        self._prompt = prompt
        self._asked = asked
        self._now = now
        self._await_news = await_news
        self._shown: tuple[MeasureAgain, ...] | None = None
        """None: a hub that was killed may have left an old request on a display."""

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        wanted = still_open(self._asked(), now=self._now())
        if wanted != self._shown:
            self._shown = wanted
            self._await_news(frozenset(each.device.upper() for each in wanted))
            await self._prompt.show(wanted)
