"""One run: create the world, let the variant loose on it, wait for quiet, judge."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.rig.ports import free_port
from store import commit_batch
from tests.chaos import copies, ledger, small_disk
from tests.chaos.copies import Copies
from tests.chaos.invariant import Verdict, judge
from tests.chaos.proxy import Proxy
from tests.chaos.quiet import until_quiet
from tests.chaos.variants import VARIANTS, Run
from tests.chaos.world import AGAIN_S, INGEST_WORKERS, World, created

QUIET_WITHIN_S: Final = 150.0
FIRST_READING_WITHIN_S: Final = 30.0
PER_S: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happened and what came of it."""

    variant: str
    seed: int
    seconds: float
    verdict: Verdict
    copies: Copies
    quiet_after_s: float | None
    events: dict[str, int]
    unasked_exits: dict[str, list[int]]
    """Processes that ended by themselves, with the statuses."""
    last_words: str

    @property
    def holds(self) -> bool:
        return self.quiet_after_s is not None and self.verdict.holds


Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do to the world, and for how long."""

    name: str
    seed: int
    seconds: float
    gateways: int = 3
    per_s: float = PER_S
    """Frames that each gateway's devices show it."""
    copy_from_rows: int = commit_batch.COPY_FROM_ROWS
    """Batches from here on go by COPY."""
    workers: int = INGEST_WORKERS
    again_s: float = AGAIN_S
    """Until a hub first repeats itself."""
    aftermath: Callable[[World], Awaitable[None]] | None = None
    """Done when all is quiet, before the verdict: for the proof that a loss would be seen."""

    @property
    def needs_disk(self) -> bool:
        return self.name == "disk-full" and small_disk.available()

    @property
    def needs_proxies(self) -> bool:
        """Only who needs them goes through them: they cost time and CPU."""
        return self.name == "network"


def perform(plan: Plan, *, say: Say = print) -> Outcome:
    """Blocking; bounded by `seconds`, the time to become quiet and the time to start and stop."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearthbeat-chaos-")))
        disk = folder / "disk" if plan.needs_disk else None
        if disk is not None:
            stack.enter_context(small_disk.mounted(disk))
        ports = (free_port(), free_port()) if plan.needs_proxies else (None, None)
        world = stack.enter_context(
            created(
                folder,
                gateways=plan.gateways,
                per_s=plan.per_s,
                copy_from_rows=plan.copy_from_rows,
                workers=plan.workers,
                again_s=plan.again_s,
                data={0: disk / "hub"} if disk else None,
                broker_port=ports[0],
                database_port=ports[1],
            )
        )
        to_broker = Proxy(world.broker.port, port=ports[0] or 0)
        to_database = Proxy(world.database.port, port=ports[1] or 0, delay_s=0.5)
        run = Run(
            seed=plan.seed,
            seconds=plan.seconds,
            world=world,
            way=to_broker,
            database_way=to_database,
            disk=disk,
        )
        return asyncio.run(_perform(plan, run, say))


async def _perform(plan: Plan, run: Run, say: Say) -> Outcome:
    world = run.world
    async with run.way, run.database_way:
        background = [asyncio.create_task(world.tend()), asyncio.create_task(_tell(world, say))]
        await _first_readings(world)
        await VARIANTS[plan.name](run)
        world.hush()
        took = await until_quiet(world, within_s=QUIET_WITHIN_S)
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        if plan.aftermath is not None:
            await plan.aftermath(world)
        verdict = await judge(world)
    return Outcome(
        variant=plan.name,
        seed=plan.seed,
        seconds=plan.seconds,
        verdict=verdict,
        copies=copies.read(world.notes),
        quiet_after_s=took,
        events=dict(world.kills),
        unasked_exits={child.name: child.exits for child in world.children if child.exits},
        last_words=_last_words(world),
    )


async def _first_readings(world: World) -> None:
    """Everybody has started: the first frames of each gateway are on its disk."""
    deadline = time.monotonic() + FIRST_READING_WITHIN_S
    while not all(ledger.read(place.ledger).kept for place in world.places):
        if time.monotonic() > deadline:
            raise TimeoutError(f"no readings yet\n{_last_words(world)}")
        await asyncio.sleep(0.1)


async def _tell(world: World, say: Say) -> None:
    start = time.monotonic()
    while True:
        await asyncio.sleep(5)
        kept = sum(len(ledger.read(place.ledger).kept) for place in world.places)
        events = ", ".join(f"{what} {count}" for what, count in sorted(world.kills.items()))
        say(f"{time.monotonic() - start:4.0f} s  made {kept:6,}  {events or 'nothing yet'}")


def _last_words(world: World) -> str:
    return "\n".join(f"--- {child.name}\n{child.last_words()}" for child in world.children)
