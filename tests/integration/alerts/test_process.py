"""The whole process: it waits for the database, evaluates, escalates, tells, and watches itself."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp
import msgspec
import pytest
from aiohttp import web

from alerts import process
from alerts.auditor import APPLICATION, audit, clock_trouble, release
from alerts.settings import AlertSettings, ChannelSettings
from care.programme import WEEK, WorkingHours
from hearthbeat import ports
from store.pool import Pool, connect
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, Clinic
from tests.integration.alerts.test_escalation import in_team, person

Condition = Callable[[], Awaitable[Any]]


@dataclass
class Outside:
    """What stands outside of the house: a dead man's switch, and somebody's webhook."""

    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path}")
        return web.json_response({})


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    found = Outside()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@asynccontextmanager
async def running(dsn: str, settings: AlertSettings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(process.run(settings, dsn=dsn, stop=stop, pool_max=4))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(60):
            await task


async def until(condition: Condition, *, within_s: float = 60) -> Any:
    for _ in range(int(within_s / 0.05)):
        if found := await condition():
            return found
        await asyncio.sleep(0.05)
    return pytest.fail(f"not within {within_s} s")


async def page(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client:
        try:
            async with client.get(f"http://127.0.0.1:{port}{path}") as answer:
                return answer.status, await answer.text()
        except aiohttp.ClientConnectionError:
            return 0, ""


def settings(outside: Outside | None = None, **changes: Any) -> AlertSettings:
    fields: dict[str, Any] = {
        "idle_s": 0.02,
        "tick_s": 0.1,
        "audit_s": 0.2,
        "sweep_s": 3600,
        "health_port": ports.free(),
        "channels": ChannelSettings(webhook_secret="s"),
    }
    if outside is not None:
        fields["heartbeat_url"] = f"{outside.url}/beat"
    return AlertSettings(**(fields | changes))


async def now_in(clinic: Clinic) -> Clinic:
    """The process has the real clock."""
    clinic.now = dt.datetime.now(dt.UTC)
    return clinic


async def open_alerts(clinic: Clinic, patient: UUID) -> list[Any]:
    return [each for each in await clinic.alerts(patient) if each.rule == "bp-very-high"]


async def test_a_reading_becomes_an_alert_and_the_alert_a_message(
    clinic: Clinic, database: str, outside: Outside
) -> None:
    await now_in(clinic)
    patient = await clinic.patient()
    nurse = await person(clinic, "ana", contact=None)
    await in_team(clinic, patient, nurse)
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO contacts (organisation_id, user_id, channel, address)"
            " VALUES ($1, $2, 'webhook', $3)",
            clinic.organisation,
            nurse,
            f"{outside.url}/hook",
        )
        # Whatever the hour at which this test runs, somebody is there.
        await conn.execute(
            "UPDATE plan_versions SET resolved = jsonb_set(resolved, '{hours}', $1::jsonb)",
            msgspec.json.encode(WorkingHours(days=WEEK, start="00:00", end="24:00")).decode(),
        )
    async with running(database, settings()):
        await clinic.pressure(patient, 184, at=clinic.now - 3 * MINUTE)
        await until(lambda: open_alerts(clinic, patient))
        await clinic.pressure(patient, 186, at=clinic.now)

        async def opened() -> bool:
            return any(
                each.state in {"open", "escalated"} for each in await open_alerts(clinic, patient)
            )

        await until(opened)
        await until(lambda: _asked(outside, "POST /hook"))


async def _asked(outside: Outside, what: str) -> bool:
    return what in outside.asked


async def test_while_all_is_well_the_dead_mans_switch_is_held_down(
    clinic: Clinic, database: str, outside: Outside
) -> None:
    await now_in(clinic)
    mine = settings(outside)
    async with running(database, mine):
        await until(lambda: _asked(outside, "GET /beat"))
        status, _ = await page(mine.health_port, "/readyz")
        assert status == 200


@pytest.mark.parametrize("forgotten", ["due", "message", "snooze"])
async def test_what_was_forgotten_is_found_and_the_switch_is_let_go(
    clinic: Clinic, forgotten: str
) -> None:
    await now_in(clinic)
    async with clinic.pool.acquire() as conn:
        assert (await audit(conn, now=clinic.now, late_s=120)).troubles(late_s=120) == []
        await _forget(conn, clinic, forgotten)
        found = (await audit(conn, now=clinic.now, late_s=120)).troubles(late_s=120)
    assert len(found) == 1


async def _forget(conn: Any, clinic: Clinic, what: str) -> None:
    if what == "due":
        await conn.execute(
            "INSERT INTO due_times (organisation_id, what, subject, key, due_at)"
            " VALUES ($1, 'escalate', $2, '1/0', $3)",
            clinic.organisation,
            UUID(int=4),
            clinic.now - HOUR,
        )
    elif what == "message":
        await conn.execute(
            "INSERT INTO notifications (organisation_id, channel, address, subject, body, key,"
            " next_at, expires_at, created_at) VALUES ($1, 'email', 'a@b', 's', 'b', 'k', $2, $3,"
            " $2)",
            clinic.organisation,
            clinic.now - HOUR,
            clinic.now + DAY,
        )
    else:
        await conn.execute(
            "INSERT INTO alerts (organisation_id, patient_id, subject_kind, subject, lane, rule,"
            " label, severity, peak, state, onset_at, last_at, reason, opened_at, snoozed_until,"
            " updated_at) VALUES ($1, $2, 'patient', 'x', 'medical', 'r', 'l', 'high', 'high',"
            " 'snoozed', $3, $3, '{}', $3, $4, $3)",
            clinic.organisation,
            UUID(int=5),
            clinic.now - HOUR,
            clinic.now + HOUR,
        )


@pytest.mark.parametrize(("late_s", "well"), [(119, True), (120, True), (121, False)])
async def test_the_auditor_allows_so_much_and_no_more(
    pool: Pool, clinic: Clinic, late_s: int, *, well: bool
) -> None:
    async with pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO due_times (organisation_id, what, subject, key, due_at)"
            " VALUES ($1, 'escalate', $2, '1/0', $3)",
            clinic.organisation,
            UUID(int=4),
            clinic.now - dt.timedelta(seconds=late_s),
        )
        found = await audit(conn, now=clinic.now, late_s=120)
    assert (found.troubles(late_s=120) == []) is well


async def test_it_starts_without_a_database_and_says_so() -> None:
    mine = settings()
    nowhere = f"postgresql://nobody@127.0.0.1:{ports.free()}/none"
    async with running(nowhere, mine):

        async def unready() -> bool:
            return (await page(mine.health_port, "/readyz"))[0] == 503

        await until(unready)
        assert (await page(mine.health_port, "/healthz"))[0] == 200


@pytest.mark.parametrize(("off_s", "said"), [(-3600, True), (604800, True), (-50, False)])
async def test_a_clock_that_is_off_the_databases_is_said(
    pool: Pool, off_s: float, *, said: bool
) -> None:
    """An hour behind, every step is an hour late; a week ahead, all of them are taken now."""
    now = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=off_s)
    async with pool.acquire() as conn:
        trouble = await clock_trouble(conn, now=now)
    assert (trouble is not None) == said


async def test_a_process_that_is_paused_while_it_is_answered_holds_no_lock_for_ever(
    pool: Pool, database: str
) -> None:
    """Neither a statement's time limit nor an idle transaction's counts while the server writes."""
    paused = await connect(database, application_name=APPLICATION)
    await paused.execute("BEGIN; SELECT pg_advisory_xact_lock(4845)")
    (transport := paused._transport).pause_reading()  # type: ignore[union-attr]
    # One message of the protocol: nothing of it waits for an answer to an earlier one.
    many = "SELECT repeat('x', 2000) FROM generate_series(1, 20000)"
    asked = asyncio.create_task(paused.execute(many))

    async def released() -> Any:
        async with pool.acquire() as conn:
            assert await release(conn) == 0  # Not yet for long.
            return await release(conn, after=dt.timedelta(seconds=0.5))

    assert await until(released) == 1
    async with pool.acquire() as conn:
        await conn.execute("SELECT pg_advisory_xact_lock(4845)", timeout=60)
    transport.abort()
    await asyncio.gather(asked, return_exceptions=True)
