"""What a line of a locked month rests on may be gone: nobody releases or approves it before that is
decided about.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from billing.months.adjusting import QUERIES as ADJUSTMENTS
from billing.months.keeping import up_to_date
from billing.months.standing import QUERIES
from care.errors import TakenError
from store.pool import Connection


async def check_settled(
    conn: Connection, organisation_id: UUID, lines: Iterable[UUID], *, now: dt.datetime
) -> None:
    """Before the lines are locked: months come first, for everybody. Raises TakenError."""
    wanted = list(lines)
    for row in await conn.fetch(QUERIES["locked months"], organisation_id, wanted):
        await up_to_date(conn, organisation_id, row["month"], now=now)
    waiting = await conn.fetch(ADJUSTMENTS["waiting of lines"], organisation_id, wanted)
    if waiting:
        codes = ", ".join(dict.fromkeys(row["code"] for row in waiting))
        raise TakenError(
            "lines",
            f"{codes} is not what was locked any more: decide about the adjustment of it first",
        )
