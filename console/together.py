"""What many ask for at once is made once, and few such things at the same time.

A long queue takes a core some 40 ms. When a whole shift opens it at once, sixty that are made side
by side are all late together, each holding a connection meanwhile, and whoever comes next finds
none. So they take turns: who waits holds nothing, and all who asked for the same thing before its
making began are given that one. Nobody is given what was read before they asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar

from aiohttp import web

from console.errors import Unavailable
from console.tenancy import beside

AT_ONCE: Final = 2
"""One waits for the database while another one's page is written."""
WAIT_MOST_S: Final = 20.0
"""A browser shows that it waits; what takes longer, a person gives up."""
RETRY_AFTER_S: Final = 5

Made = TypeVar("Made")


class Together:
    def __init__(self, *, at_once: int = AT_ONCE, wait_most_s: float = WAIT_MOST_S) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._wait_most_s = wait_most_s
        self._to_come: dict[Hashable, asyncio.Task[Any]] = {}
        """Makings that have not begun: others may still join."""

    async def get(self, key: Hashable, make: Callable[[], Awaitable[Made]]) -> Made:
        """What `make` answers, to this or an equal key. Raises Unavailable after a long wait.

        `make` runs within what the door has said of who asks first, so a key names the
        organisation, and whatever else may not be told to everybody in it.
        """
        task: asyncio.Task[Made] | None = self._to_come.get(key)
        if task is None:
            task = asyncio.create_task(self._made(key, make), context=beside())
            # Told to those who wait; where all have gone, to nobody.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._to_come[key] = task
        try:
            # Whoever goes away leaves it to the others.
            return await asyncio.wait_for(asyncio.shield(task), self._wait_most_s)
        except TimeoutError as error:
            raise Unavailable("too many ask at once", retry_after_s=RETRY_AFTER_S) from error

    async def _made(self, key: Hashable, make: Callable[[], Awaitable[Made]]) -> Made:
        try:
            async with self._turns:
                del self._to_come[key]
                return await make()
        finally:
            if self._to_come.get(key) is asyncio.current_task():
                del self._to_come[key]


TOGETHER: Final = web.AppKey("together", Together)
