"""A short message asks for its report; a report that is quicker than our own note stands."""

import datetime as dt
from uuid import UUID

import aiohttp
import pytest
from aiohttp import web

from alerts.telling.deliveries import report_delivery
from alerts.telling.notify.message import Channel, Message, Sent
from alerts.telling.notify.outbox import Outbox
from alerts.telling.notify.over_http import HttpClient, SmsSender, SmsSettings
from store.pool import Pool

NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)


async def queued(pool: Pool) -> UUID:
    made: UUID = await pool.fetchval(
        "INSERT INTO notifications (organisation_id, channel, address, subject, body, key, what,"
        " next_at, expires_at, created_at)"
        " VALUES (gen_random_uuid(), 'sms', '+12025550123', 's', 'b', 'k', 'test', $1, $2, $1)"
        " RETURNING id",
        NOW,
        NOW + dt.timedelta(hours=1),
    )
    return made


@pytest.mark.parametrize("asks", [True, False])
async def test_a_report_is_asked_for_where_we_can_be_reached(
    pool: Pool,
    asks: bool,  # noqa: FBT001 - of the case
) -> None:
    taken: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append({name: str(value) for name, value in (await request.post()).items()})
        return web.json_response({"sid": "SM1"}, status=201)

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = "https://hb.example/api/v1/sms/status" if asks else None
    settings = SmsSettings(
        url=f"http://127.0.0.1:{runner.addresses[0][1]}", account="A", token="t", sender="+1",
        report_url=url,
    )  # fmt: skip
    message = await queued(pool)
    async with aiohttp.ClientSession() as session:
        sender = SmsSender(HttpClient(session), settings)
        await Outbox(pool, {Channel.SMS: sender}, clock=lambda: NOW).send_due()
    await runner.cleanup()
    (form,) = taken
    assert form.get("StatusCallback") == (f"{url}?message={message}" if asks else None)


class QuickPhone:
    """Reports before we have noted that it was sent."""

    def __init__(self, pool: Pool, state: str) -> None:
        self._pool = pool
        self._state = state

    async def send(self, message: Message) -> Sent:
        async with self._pool.acquire() as conn:
            assert await report_delivery(conn, message.id, state=self._state, error=None, now=NOW)
        return Sent(provider_id="SM1")


@pytest.mark.parametrize("state", ["delivered", "failed"])
async def test_a_report_that_is_quicker_than_we_stands(pool: Pool, state: str) -> None:
    message = await queued(pool)
    outbox = Outbox(pool, {Channel.SMS: QuickPhone(pool, state)}, clock=lambda: NOW)
    await outbox.send_due()
    assert await pool.fetchval("SELECT state FROM notifications WHERE id = $1", message) == state


async def test_a_report_about_what_never_left_is_no_news(pool: Pool) -> None:
    message = await queued(pool)
    async with pool.acquire() as conn:
        assert not await report_delivery(conn, message, state="delivered", error=None, now=NOW)
        assert not await report_delivery(conn, UUID(int=9), state="failed", error=None, now=NOW)
