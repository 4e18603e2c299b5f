"""Mail as a real server takes it, refuses it, or is away."""

import asyncio
import datetime as dt
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message as Mail
from typing import Any

from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP

from alerts.telling.notify.email import EmailSender, EmailSettings
from alerts.telling.notify.message import Channel
from alerts.telling.notify.outbox import Outbox
from store.pool import Pool
from tests.integration.alerts.sending import NOW, Clock, queued, state

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override


class Mailbox(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Mail] = []

    @override
    def handle_message(self, message: Mail) -> None:
        self.mails.append(message)


class Refusing(Mailbox):
    async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "550 no such person here"


@asynccontextmanager
async def mail_server(handler: Mailbox) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def test_a_mail_arrives_with_the_same_id_at_every_try(pool: Pool) -> None:
    box = Mailbox()
    async with mail_server(box) as port:
        settings = EmailSettings(
            host="127.0.0.1", port=port, tls="none", sender="hb@clinic.example"
        )
        outbox = Outbox(pool, {Channel.EMAIL: EmailSender(settings)}, clock=Clock())
        message = await queued(pool, Channel.EMAIL, "ana@clinic.example")
        assert await outbox.send_due() == 1
    (mail,) = box.mails
    assert mail["To"] == "ana@clinic.example"
    assert mail["Subject"] == "Hearthbeat: high alert"
    assert mail["Message-ID"] == f"<{message}@hearthbeat.invalid>"
    row = await state(pool, message)
    assert (row["state"], row["attempts"], row["sent_at"]) == ("sent", 1, NOW)


async def test_a_person_that_the_mail_server_does_not_know_is_not_tried_again(pool: Pool) -> None:
    async with mail_server(Refusing()) as port:
        settings = EmailSettings(host="127.0.0.1", port=port, tls="none")
        outbox = Outbox(pool, {Channel.EMAIL: EmailSender(settings)}, clock=Clock())
        message = await queued(pool, Channel.EMAIL, "nobody@clinic.example")
        await outbox.send_due()
    row = await state(pool, message)
    assert row["state"] == "failed"
    assert "550" in row["last_error"]
    assert "nobody" not in row["last_error"]


async def test_a_mail_server_that_is_away_is_tried_again_later(pool: Pool) -> None:
    clock = Clock()
    settings = EmailSettings(host="127.0.0.1", port=9, tls="none")
    outbox = Outbox(pool, {Channel.EMAIL: EmailSender(settings)}, clock=clock)
    message = await queued(pool, Channel.EMAIL, "ana@clinic.example")
    await outbox.send_due()
    row = await state(pool, message)
    assert (row["state"], row["next_at"]) == ("queued", NOW + dt.timedelta(seconds=15))
    clock.later(seconds=14)
    assert await outbox.send_due() == 0
    clock.later(seconds=1)
    assert await outbox.send_due() == 1


async def test_an_address_with_a_line_feed_writes_no_header(pool: Pool) -> None:
    box = Mailbox()
    async with mail_server(box) as port:
        settings = EmailSettings(host="127.0.0.1", port=port, tls="none")
        outbox = Outbox(pool, {Channel.EMAIL: EmailSender(settings)}, clock=Clock())
        message = await queued(pool, Channel.EMAIL, "a@b.example\nBcc: c@d.example")
        await outbox.send_due()
    assert box.mails == []
    assert (await state(pool, message))["sent_at"] is None
