"""A clock that is set back, or forward, while an alert process ticks."""

import asyncio
import datetime as dt
from dataclasses import dataclass

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from typing_extensions import override

from alerts.clock_steps import keep_ticking


@dataclass
class Wall:
    """The machine's clock, as somebody sets it."""

    off: dt.timedelta = dt.timedelta()

    def now(self, zone: dt.tzinfo | None = None) -> dt.datetime:
        return dt.datetime.now(zone or dt.UTC) + self.off


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    found = Wall()

    class Stepped(dt.datetime):
        @classmethod
        @override
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return found.now(tz)

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Stepped)
    monkeypatch.setattr(apscheduler.triggers.interval, "datetime", Stepped)
    return found


@pytest.mark.parametrize("step", [dt.timedelta(hours=-1), dt.timedelta(days=7)])
async def test_a_clock_that_is_stepped_does_not_stop_the_ticks(
    wall: Wall, step: dt.timedelta
) -> None:
    ticks = 0
    goes_on = asyncio.Event()

    async def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 3:
            goes_on.set()

    scheduler = AsyncIOScheduler(timezone=dt.UTC, job_defaults={"misfire_grace_time": None})
    scheduler.add_job(tick, "interval", seconds=0.05)
    scheduler.start()
    watching = asyncio.create_task(keep_ticking(scheduler, clock=wall.now, every_s=0.05))
    try:
        await asyncio.sleep(0.3)
        wall.off = step
        await asyncio.sleep(0.2)
        ticks = 0
        goes_on.clear()
        async with asyncio.timeout(60):
            await goes_on.wait()
    finally:
        watching.cancel()
        scheduler.shutdown(wait=False)
        await asyncio.gather(watching, return_exceptions=True)
