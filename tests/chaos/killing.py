"""Carries out a schedule of kills: kill -9, a moment of absence, start again."""

import asyncio
import time
from collections.abc import Callable, Sequence

from tests.chaos.faults import BROKER, DATABASE, INGEST, Kill
from tests.chaos.world import World


async def carry_out(world: World, kills: Sequence[Kill]) -> None:
    """Each at its moment; two kills of one process wait for each other."""
    start = time.monotonic()
    locks: dict[str, asyncio.Lock] = {}
    async with asyncio.TaskGroup() as group:
        for kill in kills:
            await asyncio.sleep(max(0.0, start + kill.at_s - time.monotonic()))
            name, down, up = _hands(world, kill)
            lock = locks.setdefault(name, asyncio.Lock())
            group.create_task(_one(world, kill, lock, down, up))


async def _one(
    world: World, kill: Kill, lock: asyncio.Lock, down: Callable[[], None], up: Callable[[], None]
) -> None:
    async with lock:
        await asyncio.to_thread(down)
        world.count(kill.target)
        await asyncio.sleep(kill.down_s)
        await asyncio.to_thread(up)


def _hands(world: World, kill: Kill) -> tuple[str, Callable[[], None], Callable[[], None]]:
    """The victim's name, and how to kill and to start it."""
    if kill.target == BROKER:
        return BROKER, world.broker.kill, world.broker.start
    if kill.target == DATABASE:
        return DATABASE, world.database.kill, world.database.start
    group = world.ingests if kill.target == INGEST else world.gateways
    child = group[kill.index % len(group)]
    return child.name, child.kill, child.start
