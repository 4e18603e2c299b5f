"""An alert process as it runs: a test message, a receipt and a reminder leave by real ticks."""

import asyncio
import datetime as dt
from typing import Any

from aiohttp import web

from alerts.process import run
from alerts.settings import AlertSettings, ChannelSettings
from alerts.telling.contacts import add_contact, try_contact
from alerts.telling.notify.over_http import SmsSettings
from care.consents import add_consent
from store import partitions
from tests.integration.alerts.clinic import DAY, MINUTE, Clinic

WITHIN_S = 60.0


async def test_a_test_a_receipt_and_a_reminder_leave(clinic: Clinic, database: str) -> None:
    taken: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append({name: str(value) for name, value in (await request.post()).items()})
        return web.json_response({"sid": f"SM{len(taken)}"}, status=201)

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clinic.now = dt.datetime.now(dt.UTC)
    silent, busy = await clinic.patient(), await clinic.patient()
    async with clinic.pool.acquire() as conn:
        await partitions.ensure(conn, clinic.now)
        contacts = [
            await add_contact(
                conn, clinic.organisation, patient_id=patient, channel="sms", address=number,
                receipts=True, quiet_from="00:00", quiet_to="00:01", actor=None, now=clinic.now,
            )
            for patient, number in ((silent, "+12025550101"), (busy, "+12025550102"))
        ]  # fmt: skip
        for patient in (silent, busy):
            await add_consent(
                conn, clinic.organisation, patient, kind="messages", method="verbal",
                given_at=clinic.now - DAY, actor=None, now=clinic.now,
            )  # fmt: skip
        await try_contact(conn, clinic.organisation, contacts[0].contact.id, now=clinic.now)
        await conn.execute("UPDATE patients SET time_zone = 'UTC'")
    await clinic.pressure(busy, 120, 80, at=clinic.now - 5 * MINUTE, received_at=clinic.now)
    ahead = dt.timedelta()

    def clock() -> dt.datetime:
        return dt.datetime.now(dt.UTC) + ahead

    sms = SmsSettings(
        url=f"http://127.0.0.1:{runner.addresses[0][1]}", account="A", token="t", sender="+1"
    )
    settings = AlertSettings(
        channels=ChannelSettings(sms=sms), tick_s=0.1, receipts_s=0.1, sweep_s=600, audit_s=600
    )
    stop = asyncio.Event()
    process = asyncio.create_task(run(settings, dsn=database, stop=stop, clock=clock))
    try:
        await told(taken, "This is a test.")
        ahead = 4 * MINUTE
        await told(taken, "Thanks. Your reading came in at")
        (row,) = await clinic.pool.fetch(
            "SELECT due_at FROM due_times WHERE subject = $1 ORDER BY due_at LIMIT 1", silent
        )
        ahead = row["due_at"] - dt.datetime.now(dt.UTC)
        await told(taken, "Hi. We do not have your reading for")
    finally:
        stop.set()
        await process
        await runner.cleanup()
    assert len({(each["To"], each["Body"]) for each in taken}) == len(taken), "each once"


async def told(taken: list[dict[str, Any]], beginning: str) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not any(each["Body"].startswith(beginning) for each in taken):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
