"""Locked months are looked at once a day, whether anybody does or not.

What was paid too much has to be returned within 60 days of its being found (L-3): it is found.
"""

import datetime as dt
from typing import Final

from structlog import get_logger

from billing.errors import BillingError
from billing.months.keeping import QUERIES, up_to_date
from store.pool import Connection

log = get_logger()

EVERY: Final = dt.timedelta(days=1)
MONTHS: Final = dt.timedelta(days=400)
"""So long after a month is locked."""


async def look_after(conn: Connection, *, now: dt.datetime) -> int:
    """Of every organisation; how many months were looked at."""
    rows = await conn.fetch(QUERIES["unseen"], now - EVERY, now - MONTHS)
    for row in rows:
        try:
            await up_to_date(conn, row["organisation_id"], row["month"], now=now)
        except BillingError as error:
            # One practice's rules are no reason to look after nobody.
            log.warning("a locked month cannot be worked out", month=row["month"], why=str(error))
    return len(rows)
