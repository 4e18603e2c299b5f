"""The three addresses that every server process answers: /healthz, /readyz, /metrics."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from observe.doorway import Limits, listen
from observe.metrics import Metrics

LIMITS: Final = Limits()
SHUTDOWN_S = 5.0
"""How long a server that stops waits for answers under way."""
CHECK_TIMEOUT_S: Final = 5.0
"""A check that hangs is a check that fails; an orchestrator asks about every 10 s."""

Check = Callable[[], str | Awaitable[str | None] | None]
"""None when ready; otherwise, in words for an operator, why not."""


class Readiness:
    """Named checks that together say whether work should be sent to this process."""

    def __init__(self, checks: Mapping[str, Check] | None = None) -> None:
        self._checks: dict[str, Check] = dict(checks or {})

    def add(self, name: str, check: Check) -> None:
        self._checks[name] = check

    async def troubles(self) -> dict[str, str | None]:
        """Every check by name: None, or what is wrong."""
        # A process that is starting adds checks while the ones before are being asked.
        asked = dict(self._checks)
        answers = await asyncio.gather(*(_ask(check) for check in asked.values()))
        return dict(zip(asked, answers, strict=True))


async def _ask(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            answer = check()
            return await answer if inspect.isawaitable(answer) else answer
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT_S:g} s"


def health_routes(readiness: Readiness, metrics: Metrics) -> list[web.RouteDef]:
    """The routes, for a server that has others beside them."""

    async def healthz(_: web.Request) -> web.Response:
        return _answer({"status": "alive"}, 200)

    async def readyz(_: web.Request) -> web.Response:
        troubles = await readiness.troubles()
        ready = not any(troubles.values())
        checks = {name: trouble or "ok" for name, trouble in troubles.items()}
        return _answer({"ready": ready, "checks": checks}, 200 if ready else 503)

    async def exposition(_: web.Request) -> web.Response:
        body, content_type = metrics.exposition()
        return web.Response(body=body, headers={"Content-Type": content_type, **_UNCACHED})

    return [
        web.get("/healthz", healthz),
        web.get("/readyz", readyz),
        web.get("/metrics", exposition),
    ]


_UNCACHED: Final = {"Cache-Control": "no-store"}


def _answer(body: object, status: int) -> web.Response:
    return web.json_response(body, status=status, headers=_UNCACHED)


def make_health_app(readiness: Readiness, metrics: Metrics) -> web.Application:
    """A small application of only those, for processes that serve nothing else."""
    app = web.Application()
    app.add_routes(health_routes(readiness, metrics))
    return app


@asynccontextmanager
async def serving(
    app: web.Application, *, host: str, port: int, limits: Limits = LIMITS
) -> AsyncIterator[int]:
    """Serve `app` while the block runs; yields the port (useful where 0 asked for any)."""
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=SHUTDOWN_S,
        keepalive_timeout=limits.idle_s,
        lingering_time=limits.unread_s,
    )
    await runner.setup()
    server = runner.server
    if server is None:
        raise RuntimeError("aiohttp's runner has made no server")
    try:
        listening = await listen(server, host=host, port=port, limits=limits)
        try:
            yield listening.sockets[0].getsockname()[1]
        finally:
            listening.close()
    finally:
        await runner.cleanup()
