"""Ticks that go on when the machine's clock is stepped.

The scheduler waits for times of day. Set back by an hour, it would not tick for an hour: no step of
a ladder, no message, no sweep.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from structlog import get_logger

log = get_logger()

STEP_S: Final = 2.0
"""Slewing is far slower than this in a second."""
LOOK_EVERY_S: Final = 1.0


async def keep_ticking(
    scheduler: AsyncIOScheduler, *, clock: Callable[[], dt.datetime], every_s: float = LOOK_EVERY_S
) -> None:
    """For ever. Every job is due at once after a step, and at its own pace again from then on."""
    known = _ahead(clock)
    while True:
        await asyncio.sleep(every_s)
        ahead = _ahead(clock)
        if abs(ahead - known) > STEP_S:
            log.warning("the machine's clock was stepped", by_s=round(ahead - known))
            for job in scheduler.get_jobs():
                job.modify(next_run_time=clock())
        known = ahead


def _ahead(clock: Callable[[], dt.datetime]) -> float:
    """Of the clock on the wall, compared with the one that only goes forward."""
    return clock().timestamp() - time.monotonic()
