"""Patients that cannot be judged: one of them must not stop the others.

A batch that fails is halved until the patient that it is about stands alone. That one's rows become
a due row, tried again later and later: nothing is lost, and the auditor says how many there are.
"""

import datetime as dt
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from structlog import get_logger

from alerts.evaluating.taking import QUERIES, Task
from store.pool import UNREACHABLE, Connection

log = get_logger()

FIRST: Final = dt.timedelta(seconds=2)
LAST: Final = dt.timedelta(minutes=10)
ATTEMPTS_MOST: Final = 1000
"""Counted, and no further: the column is small."""

ANSWERS_S: Final = 5.0
REMEMBERED_MOST: Final = 10_000


def wait_after(attempts: int) -> dt.timedelta:
    """Twice as long each time, from FIRST to LAST."""
    return min(FIRST * (1 << min(attempts - 1, 20)), LAST)


async def in_parts(
    conn: Connection,
    tasks: Sequence[Task],
    work: Callable[[Sequence[Task]], Awaitable[None]],
    *,
    failing: set[UUID],
) -> list[Task]:
    """`work` on all of them, in savepoints; which ones could not be done.

    `failing` is kept from call to call: those of them are tried alone from the start, so that many
    of them cost one try each. Raises only where the database is away.
    """
    failed: list[Task] = []
    sound = [task for task in tasks if task.patient_id not in failing]
    parts = deque([sound] if sound else [])
    parts += [[task] for task in tasks if task.patient_id in failing]
    while parts:
        part = parts.popleft()
        error = await tried(conn, partial(work, part))
        if error is None:
            failing.difference_update(task.patient_id for task in part)
        elif len(part) > 1:
            half = len(part) // 2
            parts.extendleft((part[half:], part[:half]))
        else:
            failed += part
            if len(failing) < REMEMBERED_MOST:
                failing.add(part[0].patient_id)
            log.error(
                "a patient's readings cannot be judged: put off, the others go on",
                patient=str(part[0].patient_id),
                attempts=part[0].attempts + 1,
                error=type(error).__name__,
                where=where(error),
            )
    return failed


async def tried(conn: Connection, work: Callable[[], Awaitable[None]]) -> Exception | None:
    """`work` in a savepoint; what it failed with. Raises only where the database is away."""
    try:
        async with conn.transaction():
            await work()
    except Exception as error:  # noqa: BLE001 - The level that supervises: the others go on.
        if isinstance(error, UNREACHABLE):
            # A statement that takes too long is that one's trouble too; a dead server is not.
            await conn.fetchval("SELECT 1", timeout=ANSWERS_S)
        return error
    return None


def where(error: Exception) -> str:
    """Module and line, and nothing of what was worked on: an error's text may quote a value."""
    found = error.__traceback__
    while found is not None and found.tb_next is not None:
        found = found.tb_next
    if found is None:
        return ""
    return f"{found.tb_frame.f_globals.get('__name__', '')}:{found.tb_lineno}"


async def put_off(conn: Connection, failed: Sequence[Task], *, now: dt.datetime) -> None:
    """Due again after a while, from their earliest new reading on, for all kinds."""
    if failed:
        attempts = [min(task.attempts + 1, ATTEMPTS_MOST) for task in failed]
        await conn.execute(
            QUERIES["put_off"],
            [task.organisation_id for task in failed],
            [task.patient_id for task in failed],
            [now + wait_after(count) for count in attempts],
            [task.since for task in failed],
            attempts,
        )
