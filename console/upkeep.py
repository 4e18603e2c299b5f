"""Sessions that the clock has ended are written down, what nobody needs any more is deleted, what
a killed process was exporting is told as failed, and locked months are looked at once a day.
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Final

from structlog import get_logger

from billing.exports.ledger import end_abandoned
from billing.months.looking_after import look_after
from care.half_sessions import forget_halves
from care.oidc_attempts import forget_attempts
from care.password_codes import forget_password_codes
from care.sessions import forget_old
from console import failures
from console.audit_sign_in import lapsed
from observe.redaction import described
from store.errors import StoreError
from store.pool import UNREACHABLE, Connection, Pool

log = get_logger()

EVERY_S: Final = 600.0


async def run(pool: Pool, clock: Callable[[], dt.datetime]) -> None:
    """For ever; survives any absence of the database. Several processes may do it at once."""
    while True:
        try:
            async with pool.acquire() as conn:
                await tidy(conn, now=clock())
        except (StoreError, *UNREACHABLE) as error:
            log.warning("old sign-ins are not deleted", why=described(error))
        await asyncio.sleep(EVERY_S)


async def tidy(conn: Connection, *, now: dt.datetime) -> None:
    await lapsed(conn, now=now)
    await forget_old(conn, now=now)
    await forget_halves(conn, now=now)
    await forget_attempts(conn, now=now)
    await forget_password_codes(conn, now=now)
    await failures.forget(conn, now=now)
    await end_abandoned(conn, now=now)
    await look_after(conn, now=now)
