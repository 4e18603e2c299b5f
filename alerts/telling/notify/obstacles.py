"""Looked at once more when a message leaves: whether it is still wanted, and still true."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from asyncpg import Record

from alerts.telling.notify.message import Message
from alerts.telling.patient_message import QUERIES as OF_PATIENTS
from alerts.telling.quiet_hours import OF_PATIENTS as USUAL
from alerts.telling.quiet_hours import awake_at, own_or
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("alerts", "outbox.sql")


async def obstacle(conn: Connection, message: Message, *, now: dt.datetime) -> str | None:
    """Why it is not to be sent, without the address; None where nothing is in the way."""
    row = await conn.fetchrow(QUERIES["looked_at_again"], message.id, now)
    if row is None:
        return "it is gone"
    if row["ended"]:
        return "the contact is not in use any more"
    if message.what != "alert" and not row["agreed"]:
        return "there is no consent to messages any more"
    return await _of_reminder(conn, row, now) if message.what == "reminder" else None


async def _of_reminder(conn: Connection, row: Record, now: dt.datetime) -> str | None:
    if row["came"]:
        return "the reading has come"
    quiet = own_or(row["quiet_from"], row["quiet_to"], USUAL)
    if awake_at(now, quiet, ZoneInfo(row["time_zone"])) != now:
        return "the quiet hours have begun"
    away = await conn.fetch(OF_PATIENTS["unheard"], now, [row["patient_id"]])
    return "the hub is away" if away else None
