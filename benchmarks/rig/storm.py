"""Thousands of gateways that come back at once: CONNECT, subscribe, and stay."""

import asyncio
import json
import resource
import sys
import time
from typing import Final

from benchmarks.rig.mqtt import RawClient
from wire import topics

AT_ONCE: Final = 500
"""Handshakes in flight: the kernel's backlog, not the broker, refuses more."""
SPARE_FILES: Final = 200


def most_connections(wanted: int) -> int:
    """How many the limit of open files allows, after raising it as far as we may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    goal = wanted + SPARE_FILES
    if soft < goal:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(goal, hard), hard))
        soft = min(goal, hard)
    return min(wanted, soft - SPARE_FILES)


async def storm(port: int, count: int) -> tuple[float, list[RawClient]]:
    """Seconds until `count` are connected and subscribed, and the connections."""
    gate = asyncio.Semaphore(AT_ONCE)
    clients: list[RawClient] = []

    async def one(number: int) -> None:
        name = f"storm-{number:05}"
        async with gate:
            client = await RawClient.connect(port, name)
            await client.subscribe(topics.receipts(name))
            clients.append(client)

    start = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(count)))
    return time.perf_counter() - start, clients


async def _main(port: int, count: int) -> None:
    """Hold the connections until someone closes standard input."""
    took, clients = await storm(port, most_connections(count))
    print(json.dumps({"connected": len(clients), "seconds": took}), flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))
