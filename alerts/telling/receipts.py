"""A word to patients who want to know that what they measured has arrived. Never what it was."""

import datetime as dt
from typing import Any, Final

from structlog import get_logger

from alerts.telling.patient_message import QUERIES, Reached, ToPatient, queue, reached
from alerts.telling.patient_words import receipt
from alerts.telling.quiet_hours import awake_at
from alerts.telling.reminders import following
from alerts.telling.sessions import Arrival, Sitting, to_receipt
from care.plan_shelf import PlanShelf, plans_between
from care.programme import Plan
from store.pool import Pool

log = get_logger()

EXPIRES: Final = dt.timedelta(hours=1)
"""Whoever waits for it has stopped waiting."""
NEXT_WITHIN: Final = dt.timedelta(days=6)
"""Further on a weekday's name would be another week's."""


class Receipts:
    def __init__(self, pool: Pool, *, shelf: PlanShelf) -> None:
        self._pool = pool
        self._shelf = shelf

    async def tick(self, *, now: dt.datetime) -> int:
        """One receipt for each sitting that is complete; how many were queued."""
        async with self._pool.acquire() as conn, conn.transaction():
            if not await conn.fetchval(QUERIES["lead"]):
                return 0
            rows = [dict(row) for row in await conn.fetch(QUERIES["wanting_receipts"], now)]
            found = [(reached(row), sitting) for row in rows if (sitting := _sitting(row, now))]
            if not found:
                return 0
            ids = {contact.patient_id for contact, _ in found}
            plans = await plans_between(conn, ids, now, shelf=self._shelf)
            messages = [
                _message(contact, sitting, plans.get(contact.patient_id, ()), now)
                for contact, sitting in found
                if awake_at(now, contact.own_quiet, contact.zone) == now
            ]
            count = await queue(conn, messages, now=now)
        if count:
            log.info("receipts", queued=count)
        return count


def _sitting(row: dict[str, Any], now: dt.datetime) -> Sitting | None:
    arrivals = map(Arrival, row["measured"], row["received"])
    return to_receipt(arrivals, told_until=row["told_until"], now=now)


def _message(
    contact: Reached, sitting: Sitting, plans: tuple[Plan, ...], now: dt.datetime
) -> ToPatient:
    coming = following(plans, contact.zone, after=sitting.ends, within=NEXT_WITHIN)
    return ToPatient(
        to=contact,
        what="receipt",
        key=f"receipt/{contact.contact_id}/{sitting.begins.astimezone(dt.UTC):%Y%m%dT%H%M%S}",
        text=receipt(
            sitting.arrived.astimezone(contact.zone),
            count=sitting.count,
            following=None if coming is None else coming.astimezone(contact.zone),
            language=contact.language,
            by_sms=contact.by_sms,
        ),
        facts={"until": sitting.ends},
        next_at=now,
        expires_at=now + EXPIRES,
    )
