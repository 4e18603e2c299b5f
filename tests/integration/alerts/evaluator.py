"""An alert process for tests to kill: `python -m tests.integration.alerts.evaluator DSN`."""

import asyncio
import datetime as dt
import sys

from alerts import process
from alerts.settings import AlertSettings


async def main(dsn: str) -> None:
    settings = AlertSettings(idle_s=0.02, tick_s=0.2)
    await process.run(settings, dsn=dsn, stop=asyncio.Event(), pool_max=3)


if __name__ == "__main__":
    # A cuff of last night is no emergency, but it is no backlog either: the clock is the real one.
    assert dt.datetime.now(dt.UTC).year >= 2026
    asyncio.run(main(sys.argv[1]))
