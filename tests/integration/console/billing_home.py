"""A practice with two full months to bill, made as the demonstration makes its own."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from billing.months.calendar import Month
from hearthbeat.demo import billing_past, billing_sent
from hearthbeat.demo.billing_calendar import just_over, lockings
from hearthbeat.demo.past_nurses import Staff
from store.pool import Pool
from tests.integration.console.conftest import Practice

ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, kw_only=True)
class Billed:
    """Its months: the earlier one is locked, and has an adjustment that waits."""

    earlier: Month
    last: Month


async def furnished(pool: Pool, practice: Practice, *, now: dt.datetime) -> Billed:
    async with pool.acquire() as conn:
        people = {
            row["role"]: row["id"]
            for row in await conn.fetch(
                "SELECT role, id FROM users WHERE organisation_id = $1", practice.organisation
            )
        }
        staff = Staff(
            nurse=people["nurse"], second=people["nurse"], clinician=people["clinician"], zone=ZONE
        )
        await billing_past.leave(
            conn, practice.organisation, (), {}, staff, anchor=now, now=now, locked=1
        )
        await billing_sent.send(conn, practice.organisation, now=now)
    return Billed(earlier=lockings(now, ZONE)[-1].month, last=just_over(now, ZONE))
