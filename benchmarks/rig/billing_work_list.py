"""The work list of many patients in a process of its own, and how long at most it answers nobody.

python -m benchmarks.rig.billing_work_list DSN ORGANISATION
"""

import asyncio
import datetime as dt
import json
import sys
import time
from typing import Final
from uuid import UUID

from billing.months.outlooks import forecasts_of
from console.billing.work_list import tasks_of
from store.pool import connect

NOW: Final = dt.datetime(2026, 10, 20, 15, tzinfo=dt.UTC)
LATER: Final = dt.timedelta(minutes=1)
LOOKS_S: Final = 0.002


async def worked_out(dsn: str, organisation: UUID) -> dict[str, float]:
    conn = await connect(dsn, application_name="billing work list")
    over, held = asyncio.Event(), [0.0]
    looking = asyncio.create_task(_looking(over, held))
    try:
        began, used = time.perf_counter(), time.process_time()
        found = await forecasts_of(conn, organisation, now=NOW)
        tasks = tasks_of(found)
        took, cpu = time.perf_counter() - began, time.process_time() - used
        began, used = time.perf_counter(), time.process_time()
        again = await forecasts_of(conn, organisation, now=NOW + LATER)
        took_again, cpu_again = time.perf_counter() - began, time.process_time() - used
        # What came last is seen too.
        await asyncio.sleep(2 * LOOKS_S)
    finally:
        over.set()
        await looking
        await conn.close()
    return {
        "patients": len(found), "tasks": len(tasks), "s": took, "cpu_s": cpu,
        "held_ms": 1000 * max(held), "again": len(again), "again_s": took_again,
        "again_cpu_s": cpu_again,
    }  # fmt: skip


async def _looking(over: asyncio.Event, held: list[float]) -> None:
    while not over.is_set():
        before = time.perf_counter()
        await asyncio.sleep(LOOKS_S)
        held.append(time.perf_counter() - before - LOOKS_S)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(worked_out(sys.argv[1], UUID(sys.argv[2])))))
