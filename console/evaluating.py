"""Months that take long are worked out beside the requests, and whoever asks is told how far.

A few patients are worked out while somebody waits; for more nobody has to. Each process works a
month out at most once at a time, and of all processes one does. Every batch is kept for good: a
process that is killed loses none, and the next who looks goes on from there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from typing import Final, TypeAlias
from uuid import UUID

from aiohttp import web
from msgspec import Struct
from structlog import get_logger

from billing.errors import EvaluatingError
from billing.months.keeping import QUERIES, Progress, at_once, progress_of, work_out
from console.parts import CALLER, PARTS, Parts
from console.replies import reply
from console.routing import Handler, Route
from console.tenancy import beside

log = get_logger()

AT_ONCE: Final = 200
"""Patients: about two seconds."""
AGAIN_S: Final = 1
MONTHS_MOST: Final = 2
"""At a time in a process: each holds a connection, and requests need some too."""

Key: TypeAlias = tuple[UUID, str]
Showing: TypeAlias = Callable[[web.Request, EvaluatingError], Awaitable[web.StreamResponse]]


class Evaluating(Struct, frozen=True, kw_only=True):
    """Instead of the answer: ask again in a second."""

    month: str
    evaluating: Progress


class Evaluations:
    """What this process works out now."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._failed: set[Key] = set()
        self._turns = asyncio.Semaphore(MONTHS_MOST)

    def begin(self, organisation_id: UUID, month: str) -> None:
        """Unless it goes on already."""
        key = (organisation_id, month)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._run(key), context=beside())

    def goes_on(self, organisation_id: UUID, month: str) -> bool:
        return (organisation_id, month) in self._tasks

    def has_failed(self, organisation_id: UUID, month: str) -> bool:
        return (organisation_id, month) in self._failed

    def forget_failure(self, organisation_id: UUID, month: str) -> bool:
        """Whether there was one. Who asks next waits for it, and is told why."""
        key = (organisation_id, month)
        failed = key in self._failed
        self._failed.discard(key)
        return failed

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self, key: Key) -> None:
        organisation_id, month = key
        try:
            async with self._turns, self._parts.connection() as conn:
                if await conn.fetchval(QUERIES["working out"], str(organisation_id), month):
                    await work_out(conn, organisation_id, month, now=self._parts.clock())
        except Exception:
            # The supervising level of this task: somebody who asks is told, as of any request.
            self._failed.add(key)
            log.exception("a month could not be worked out", month=month)
        finally:
            del self._tasks[key]


EVALUATIONS: Final = web.AppKey("EVALUATIONS", Evaluations)


async def evaluations(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[EVALUATIONS].stop()


def in_time(handler: Handler, showing: Showing) -> Handler:
    """Answered at once: if it is a matter of many patients, with how far they are."""

    @wraps(handler)
    async def answered(request: web.Request) -> web.StreamResponse:
        with at_once(AT_ONCE):
            try:
                return await handler(request)
            except EvaluatingError as error:
                far = error
        whose, ongoing = request[CALLER].organisation_id, request.app[EVALUATIONS]
        if ongoing.forget_failure(whose, far.month):
            return await handler(request)
        ongoing.begin(whose, far.month)
        return await showing(request, far)

    return answered


def all_in_time(routes: Iterable[Route], showing: Showing) -> tuple[Route, ...]:
    """Those that only look."""
    return tuple(
        replace(each, handler=in_time(each.handler, showing)) if each.method == "GET" else each
        for each in routes
    )


async def as_json(_: web.Request, far: EvaluatingError) -> web.StreamResponse:
    answer = Evaluating(month=far.month, evaluating=Progress(done=far.done, of=far.of))
    response = reply(answer, status=202)
    response.headers["Retry-After"] = str(AGAIN_S)
    return response


async def how_far(request: web.Request, month: str) -> tuple[Progress, bool]:
    """And whether it goes on; it does, if whoever worked it out is there no more."""
    parts, whose = request.app[PARTS], request[CALLER].organisation_id
    async with parts.connection() as conn:
        found = await progress_of(conn, whose, month, now=parts.clock())
    ongoing = request.app[EVALUATIONS]
    if found.of - found.done > AT_ONCE and not ongoing.has_failed(whose, month):
        ongoing.begin(whose, month)
    return found, found.done < found.of and ongoing.goes_on(whose, month)
