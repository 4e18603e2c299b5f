"""The application: the API's routes and the pages behind their doors, and the health pages."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Final

from aiohttp import web

from care.directory import Directory
from console.account.oidc_provider import PROVIDER, Provider
from console.api.table import ROUTES
from console.audit_watch import WATCH, AuditWatch, watching
from console.doors import guarded
from console.evaluating import EVALUATIONS, Evaluations, evaluations
from console.index import with_index
from console.landing import landing
from console.live import LIVE, Live, listening
from console.middleware import problems, protected
from console.page_table import PAGES
from console.parts import PARTS, Parts
from console.routing import API, Route
from console.settings import ConsoleSettings
from console.together import TOGETHER, Together
from ingest.committer import Committer
from observe.health import Readiness, health_routes
from observe.metrics import Metrics
from store.pool import Pool

BODY_BYTES_MAX: Final = 1024 * 1024
"""A last line of defence: each route has its own cap, far below."""


def make_app(
    settings: ConsoleSettings,
    pool: Pool,
    directory: Directory,
    *,
    requests: Pool,
    clock: Callable[[], dt.datetime],
    readiness: Readiness | None = None,
    metrics: Metrics | None = None,
) -> web.Application:
    """Everything that the console serves. `directory` is kept fresh by the caller; `requests` is
    of `console.tenancy.open_requests`, `pool` sees every organisation.
    """
    committer = Committer(pool, allow_unsafe=settings.allow_unsafe_database)
    app = web.Application(middlewares=[protected, problems], client_max_size=BODY_BYTES_MAX)
    app[PARTS] = Parts(
        settings=settings,
        pool=pool,
        requests=requests,
        directory=directory,
        committer=committer,
        clock=clock,
    )
    if settings.oidc is not None:
        app[PROVIDER] = Provider(settings.oidc)
    app[LIVE] = Live(pool)
    app[WATCH] = AuditWatch(pool, clock=clock, file=settings.audit_checkpoints)
    app[EVALUATIONS] = Evaluations(app[PARTS])
    app[TOGETHER] = Together()
    app.cleanup_ctx.append(_live)
    app.cleanup_ctx.append(evaluations)
    app.on_shutdown.append(_let_go)
    for route in served(settings):
        app.router.add_route(route.method, route.path, guarded(route))
        if route.path == API:  # Whoever puts a path behind a root ends it with a slash.
            app.router.add_route(route.method, f"{API}/", guarded(route))
    for page in PAGES:
        app.router.add_route(page.method, page.path, guarded(page))
    app.router.add_get("/", landing)
    app.add_routes(health_routes(readiness or Readiness(), metrics or Metrics("console")))
    return app


async def _live(app: web.Application) -> AsyncIterator[None]:
    async with listening(app[LIVE]), watching(app[WATCH]):
        yield


async def _let_go(app: web.Application) -> None:
    """Pages that are open for hours: nothing is cut short, and they come back by themselves."""
    app[LIVE].let_go()


def served(settings: ConsoleSettings) -> tuple[Route, ...]:
    """The table, and the routes that tell of it."""
    return _described(settings.version)


@cache
def _described(version: str) -> tuple[Route, ...]:
    return with_index(ROUTES, version=version)
