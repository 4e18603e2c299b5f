"""The month strip of a patient's header: days and minutes towards billing.

One place: what `month_of` answers is `month` in "timelog/month_strip.html", which every page of the
chart includes where it is there.
"""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.month_facts import month_so_far_of
from store.pool import Connection


async def month_of(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    zone: ZoneInfo,
    now: dt.datetime,
) -> object | None:
    """None: there is nothing to show."""
    del zone  # Days were fixed when they were measured.
    return await month_so_far_of(conn, organisation_id, patient_id, now=now)
