"""The month strip of one patient, from the database."""

import datetime as dt
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.month_so_far import MonthSoFar, Spent, month_of, month_so_far
from billing.ranges import from_ranges
from billing.rule_numbers import TYPED, WHOSE
from care.errors import NotFoundError
from store.pool import Connection
from store.queries import load
from vitals.flags import NOT_A_PATIENT_VALUE

QUERIES: Final = load("billing", "month.sql")

LOOK_BACK: Final = dt.timedelta(days=400)
"""Of a patient without an episode: so far back the first day is looked for."""
AHEAD: Final = dt.timedelta(days=1)


async def month_so_far_of(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    now: dt.datetime,
    month: dt.date | None = None,
) -> MonthSoFar:
    """By default of this month. Raises NotFoundError where the organisation has no such patient."""
    where = await conn.fetchrow(QUERIES["where"], organisation_id, patient_id, now)
    if where is None:
        raise NotFoundError("patient", "there is no such patient")
    home, practice = ZoneInfo(where["patient_zone"]), ZoneInfo(where["practice_zone"])
    since = where["since"] or now - LOOK_BACK
    days = await conn.fetch(
        QUERIES["days"], organisation_id, patient_id, since, now + AHEAD, list(WHOSE),
        sorted(NOT_A_PATIENT_VALUE), list(TYPED),
    )  # fmt: skip
    day = month or now.astimezone(practice).date()
    spent = await conn.fetch(
        QUERIES["spent"], organisation_id, patient_id, *month_of(day, practice)
    )
    return month_so_far(
        {row["local_day"] for row in days},
        [Spent(**{**dict(row), "spans": from_ranges(row["spans"])}) for row in spent],
        today=now.astimezone(home).date(),
        month=day,
        now=now,
        zone=practice,
    )
