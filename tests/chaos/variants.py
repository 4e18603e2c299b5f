"""The ways in which a run goes wrong on purpose. Each ends with the world whole again."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.chaos import copies, faults, ledger, small_disk
from tests.chaos.faults import BROKER, DATABASE, GATEWAY, INGEST
from tests.chaos.killing import carry_out
from tests.chaos.proxy import Fault, Proxy
from tests.chaos.world import World

KILLS_PER_S: Final = 0.6
"""36 in a minute."""
REFILL_EVERY_S: Final = 0.5
"""What the hub throws off or frees is taken from it again: the disk stays full."""
DATABASE_DIES_EVERY_S: Final = 3.0
DATABASE_DOWN_S: Final = 5.0
"""A batch gathers meanwhile. One with repeats is no COPY: `--again-s 60` keeps hubs from them."""
NEXT_COPY_WITHIN_S: Final = 2.0
LOOK_EVERY_S: Final = 0.002
REFUSES_WITHIN_S: Final = 60.0
"""What a hub frees inside its file it uses again: how long that lasts is its own business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a variant may know of its run."""

    seed: int
    seconds: float
    world: World
    way: Proxy
    """Between gateways and broker."""
    database_way: Proxy
    """Between ingest and database."""
    disk: Path | None
    """The small disk of gateway 0."""


Variant = Callable[[Run], Awaitable[None]]


async def kills(run: Run) -> None:
    """Kill -9 of broker, database, ingest and gateways at random."""
    await _kills(run, weights=None, per_s=KILLS_PER_S)


async def broker_storm(run: Run) -> None:
    """The broker is killed every two or three seconds, and forgets everything each time."""
    await _kills(run, weights={BROKER: 1}, per_s=0.4)


async def database_away(run: Run) -> None:
    """The database is killed and stays away for a third of the run: 20 s of 60."""
    world = run.world
    await asyncio.sleep(run.seconds / 4)
    await asyncio.to_thread(world.database.kill)
    world.count("database")
    await asyncio.sleep(run.seconds / 3)
    await asyncio.to_thread(world.database.start)
    await asyncio.sleep(run.seconds * 5 / 12)


async def ingest_late(run: Run) -> None:
    """The broker is away, and back before ingest: what the hubs send then goes to nobody."""
    world = run.world
    await asyncio.sleep(run.seconds / 6)
    for kill in (world.broker.kill, *(worker.kill for worker in world.ingests)):
        await asyncio.to_thread(kill)
    await asyncio.sleep(run.seconds / 3)
    await asyncio.to_thread(world.broker.start)
    world.count(BROKER)
    await asyncio.sleep(run.seconds / 3)
    for worker in world.ingests:
        worker.start()
        world.count(INGEST)
    await asyncio.sleep(run.seconds / 6)


async def copy_killed(run: Run) -> None:
    """Workers die in the middle of a COPY, of themselves; so does the database, and comes back to
    large batches.
    """
    world = run.world
    end = asyncio.get_running_loop().time() + run.seconds
    (world.notes / copies.DIE).touch()
    while asyncio.get_running_loop().time() < end:
        await asyncio.sleep(DATABASE_DIES_EVERY_S)
        await _next_copy(world, begun=copies.read(world.notes).begun)
        await asyncio.to_thread(world.database.kill)
        world.count(DATABASE)
        await asyncio.sleep(DATABASE_DOWN_S)
        await asyncio.to_thread(world.database.start)
    (world.notes / copies.DIE).unlink()
    world.kills[INGEST] = sum(len(worker.exits) for worker in world.ingests)


async def _next_copy(world: World, *, begun: int) -> None:
    """Return when one more has begun, or when none comes."""
    for _ in range(round(NEXT_COPY_WITHIN_S / LOOK_EVERY_S)):
        if copies.read(world.notes).begun > begun:
            return
        await asyncio.sleep(LOOK_EVERY_S)


async def disk_full(run: Run) -> None:
    """Gateway 0's disk is full for half of the run, while gateways and ingest are killed."""
    if run.disk is None:
        raise RuntimeError("no small disk can be mounted here")
    calm, full = run.seconds / 4, run.seconds / 2
    async with asyncio.TaskGroup() as group:
        group.create_task(_kills(run, weights={GATEWAY: 2, INGEST: 1}, per_s=KILLS_PER_S / 2))
        await asyncio.sleep(calm)
        run.world.count("disk filled")
        loop = asyncio.get_running_loop()
        start = loop.time()
        while not _over(loop.time() - start, full=full, refused=_has_refused(run.world)):
            await asyncio.to_thread(small_disk.fill, run.disk)
            await asyncio.sleep(REFILL_EVERY_S)
        small_disk.empty(run.disk)


def _over(since_s: float, *, full: float, refused: bool) -> bool:
    """Full for its time, and until the hub has said no: a hub that never had to shows nothing."""
    return since_s >= full and (refused or since_s >= full + REFUSES_WITHIN_S)


def _has_refused(world: World) -> bool:
    return bool(ledger.read(world.places[0].ledger).refused)


async def restored(run: Run) -> None:
    """The database is replaced by a backup that lacks everything since the middle of the run."""
    world, backup = run.world, run.world.folder / "backup"
    await asyncio.sleep(run.seconds / 2)
    await asyncio.to_thread(world.database.backup_to, backup)
    await asyncio.sleep(run.seconds / 2)
    await asyncio.to_thread(world.database.kill)
    await asyncio.to_thread(world.database.restore_from, backup)
    await asyncio.to_thread(world.database.start)
    world.count("restore")


async def network(run: Run) -> None:
    """Slow, silent, torn and refused connections, on the way to the broker and to the database."""
    dice = random.Random(run.seed)
    loop = asyncio.get_running_loop()
    end = loop.time() + run.seconds
    while loop.time() < end:
        await asyncio.sleep(dice.uniform(0.5, 2))
        proxy = dice.choice([run.way, run.way, run.database_way])
        fault = dice.choice(list(Fault))
        if fault is Fault.NONE:
            proxy.tear()
        async with _faulty(proxy, fault):
            await asyncio.sleep(dice.uniform(0.5, run.seconds / 8))
        run.world.count(f"network {fault}" if fault is not Fault.NONE else "network torn")


@asynccontextmanager
async def _faulty(proxy: Proxy, fault: Fault) -> AsyncIterator[None]:
    proxy.set(fault)
    try:
        yield
    finally:
        proxy.set(Fault.NONE)


async def _kills(run: Run, *, weights: dict[str, int] | None, per_s: float) -> None:
    plan = faults.schedule(
        seed=run.seed, seconds=run.seconds, kills=round(run.seconds * per_s), weights=weights
    )
    await carry_out(run.world, plan)


VARIANTS: Final[dict[str, Variant]] = {
    "kills": kills,
    "broker-storm": broker_storm,
    "database-away": database_away,
    "copy-killed": copy_killed,
    "disk-full": disk_full,
    "ingest-late": ingest_late,
    "restored": restored,
    "network": network,
}
