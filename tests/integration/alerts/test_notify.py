"""Messages that really leave: to a mail server, to servers that answer as the real ones do."""

import asyncio
import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from alerts.process import senders
from alerts.settings import ChannelSettings
from alerts.telling.notify.message import Channel, Message, Sender, Sent
from alerts.telling.notify.outbox import Outbox
from alerts.telling.notify.over_http import (
    SIGNATURE,
    HttpClient,
    NtfySender,
    SmsSender,
    SmsSettings,
    WebhookSender,
)
from store.pool import Pool
from tests.integration.alerts.sending import NOW, ORGANISATION, Clock, Server, queued, state


async def test_a_webhook_is_signed_over_its_time_and_body(
    pool: Pool, server: Server, client: HttpClient
) -> None:
    sender = WebhookSender(client, secret="s3cret", clock=Clock())
    outbox = Outbox(pool, {Channel.WEBHOOK: sender}, clock=Clock())
    message = await queued(pool, Channel.WEBHOOK, f"{server.url}/hook")
    await outbox.send_due()
    (taken,) = server.taken
    stamp, digest = (part.split("=")[1] for part in taken.headers[SIGNATURE].split(","))
    signed = f"{stamp}.".encode() + taken.body
    assert digest == hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    assert int(stamp) == int(NOW.timestamp())
    assert taken.headers["Idempotency-Key"] == str(message)
    assert (await state(pool, message))["state"] == "sent"


@pytest.mark.parametrize(
    ("status", "after"),
    [(200, "sent"), (204, "sent"), (302, "queued"), (400, "failed"), (404, "failed"),
     (408, "queued"), (429, "queued"), (500, "queued"), (503, "queued")],
)  # fmt: skip
async def test_what_may_go_better_is_tried_again_and_what_cannot_is_not(
    pool: Pool, server: Server, client: HttpClient, status: int, after: str
) -> None:
    server.answers = [(status, {})]
    sender = WebhookSender(client, secret="s3cret", clock=Clock())
    outbox = Outbox(pool, {Channel.WEBHOOK: sender}, clock=Clock())
    message = await queued(pool, Channel.WEBHOOK, f"{server.url}/hook")
    await outbox.send_due()
    assert (await state(pool, message))["state"] == after


async def test_ntfy_gets_title_body_and_token(
    pool: Pool, server: Server, client: HttpClient
) -> None:
    server.answers = [(200, {"id": "abc"})]
    outbox = Outbox(
        pool, {Channel.NTFY: NtfySender(client, server=server.url, token="tk")}, clock=Clock()
    )
    message = await queued(pool, Channel.NTFY, "clinic-nurses")
    await outbox.send_due()
    (taken,) = server.taken
    assert taken.path == "/clinic-nurses"
    assert taken.headers["Title"] == "Hearthbeat: high alert"
    assert taken.headers["Authorization"] == "Bearer tk"
    assert (await state(pool, message))["provider_id"] == "abc"


async def test_the_token_of_our_ntfy_server_goes_to_no_other(
    pool: Pool, server: Server, client: HttpClient
) -> None:
    sender = NtfySender(client, server="http://ours.example", token="tk")
    outbox = Outbox(pool, {Channel.NTFY: sender}, clock=Clock())
    await queued(pool, Channel.NTFY, f"{server.url}/theirs")
    await outbox.send_due()
    assert "Authorization" not in server.taken[0].headers


async def test_an_sms_is_a_form_with_the_accounts_name_and_token(
    pool: Pool, server: Server, client: HttpClient
) -> None:
    server.answers = [(201, {"sid": "SM1"})]
    settings = SmsSettings(url=server.url, account="AC1", token="t", sender="+15550100")
    outbox = Outbox(pool, {Channel.SMS: SmsSender(client, settings)}, clock=Clock())
    message = await queued(pool, Channel.SMS, "+15550199")
    await outbox.send_due()
    (taken,) = server.taken
    assert taken.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert b"To=%2B15550199" in taken.body
    assert taken.headers["Authorization"].startswith("Basic ")
    row = await state(pool, message)
    assert (row["state"], row["provider_id"]) == ("sent", "SM1")


async def test_a_channel_that_is_not_set_up_is_said_and_not_tried_again(pool: Pool) -> None:
    outbox = Outbox(pool, {}, clock=Clock())
    message = await queued(pool, Channel.SMS, "+15550199")
    await outbox.send_due()
    row = await state(pool, message)
    assert (row["state"], row["last_error"]) == ("failed", "sms is not set up")


@pytest.mark.parametrize(("minutes", "final"), [(119, "queued"), (120, "failed")])
async def test_a_message_that_comes_too_late_is_not_sent(
    pool: Pool, server: Server, client: HttpClient, minutes: int, final: str
) -> None:
    clock = Clock()
    clock.later(minutes=minutes - 1)
    server.answers = [(503, {})]
    sender = WebhookSender(client, secret="s", clock=clock)
    outbox = Outbox(pool, {Channel.WEBHOOK: sender}, clock=clock)
    message = await queued(pool, Channel.WEBHOOK, f"{server.url}/hook")
    clock.now = NOW + dt.timedelta(minutes=minutes, seconds=-15)
    await outbox.send_due()
    assert (await state(pool, message))["state"] == final


async def test_many_senders_at_once_send_each_message_once(
    pool: Pool, server: Server, client: HttpClient
) -> None:
    for number in range(60):
        await queued(pool, Channel.WEBHOOK, f"{server.url}/{number}", key=str(number))
    sender = WebhookSender(client, secret="s", clock=Clock())
    outboxes = [Outbox(pool, {Channel.WEBHOOK: sender}, clock=Clock()) for _ in range(3)]

    async def drain(outbox: Outbox) -> None:
        while await outbox.send_due():
            pass

    await asyncio.gather(*(drain(outbox) for outbox in outboxes))
    assert sorted(taken.path for taken in server.taken) == sorted(f"/{n}" for n in range(60))


async def test_a_message_whose_sender_died_is_taken_over_when_its_lease_is_over(
    pool: Pool, server: Server, client: HttpClient
) -> None:
    clock = Clock()
    message = await queued(pool, Channel.WEBHOOK, f"{server.url}/hook")
    dead = Outbox(pool, {Channel.WEBHOOK: Dying()}, clock=clock)
    with pytest.raises(asyncio.CancelledError):
        await dead.send_due()
    assert (await state(pool, message))["state"] == "sending"
    alive = Outbox(
        pool, {Channel.WEBHOOK: WebhookSender(client, secret="s", clock=clock)}, clock=clock
    )
    clock.later(seconds=119)
    assert await alive.send_due() == 0
    clock.later(seconds=1)
    assert await alive.send_due() == 1
    assert (await state(pool, message))["state"] == "sent"


class Choking:
    """A fake that cannot bear one address."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, message: Message) -> Sent:
        if message.address == "odd":
            raise RuntimeError("nobody thought of that")
        await asyncio.sleep(0.05)
        self.sent.append(message.address)
        return Sent()


async def test_a_message_that_chokes_its_sender_stops_no_other(pool: Pool) -> None:
    odd = await queued(pool, Channel.WEBHOOK, "odd", key="odd")
    good = [await queued(pool, Channel.WEBHOOK, f"a{n}", key=str(n)) for n in range(5)]
    sender = Choking()
    assert await Outbox(pool, {Channel.WEBHOOK: sender}, clock=Clock()).send_due() == 6
    assert len(sender.sent) == 5
    assert {(await state(pool, each))["state"] for each in good} == {"sent"}
    row = await state(pool, odd)
    assert (row["state"], row["last_error"]) == ("queued", "cannot be sent: RuntimeError")


async def test_who_may_not_sign_in_any_more_is_told_of_nothing(
    pool: Pool, server: Server, client: HttpClient
) -> None:
    message = await queued(pool, Channel.WEBHOOK, f"{server.url}/hook")
    await pool.execute(
        "INSERT INTO organisations (id, name, time_zone) VALUES ($1, 'C', 'UTC')", ORGANISATION
    )
    await pool.execute(
        "UPDATE notifications SET user_id = made.id FROM (SELECT gen_random_uuid() AS id) made"
    )
    await pool.execute(
        "INSERT INTO users (id, organisation_id, username, password_hash, role, disabled_at)"
        " SELECT user_id, $1, 'ana', 'x', 'nurse', now() FROM notifications",
        ORGANISATION,
    )
    sender = WebhookSender(client, secret="s", clock=Clock())
    await Outbox(pool, {Channel.WEBHOOK: sender}, clock=Clock()).send_due()
    assert server.taken == []
    assert (await state(pool, message))["state"] == "cancelled"


@pytest.mark.parametrize(
    "answer",
    [b'{"id":"\xff\xfe"}', b"[" * 60_000, b'{"id":"a\\u0000b"}', b'{"id":"\\ud800"}', b"", b"\0"],
)
async def test_what_was_sent_is_not_sent_again_whatever_the_answer(
    pool: Pool, client: HttpClient, answer: bytes
) -> None:
    async def answered(_: web.Request) -> web.Response:
        return web.Response(body=answer, content_type="application/json")

    app = web.Application()
    app.router.add_post("/{path:.*}", answered)
    async with serving(app) as url:
        sender = NtfySender(client, server=url)
        message = await queued(pool, Channel.NTFY, "topic")
        await Outbox(pool, {Channel.NTFY: sender}, clock=Clock()).send_due()
    assert (await state(pool, message))["state"] == "sent"


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Dying:
    """A fake whose process dies in the middle of a try."""

    async def send(self, message: Message) -> Sent:
        raise asyncio.CancelledError(message.id)


async def test_only_channels_that_are_set_up_have_a_sender() -> None:
    async with aiohttp.ClientSession() as session:
        found: dict[Channel, Sender] = senders(ChannelSettings(), session, clock=Clock())
    assert set(found) == {Channel.CONSOLE, Channel.WEBHOOK}
