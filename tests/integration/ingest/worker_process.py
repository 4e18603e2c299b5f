"""A worker in a process of its own, to be killed. Arguments: DSN, broker, health port, number."""

import asyncio
import signal
import sys

from ingest import process
from ingest.settings import IngestSettings
from observe import logs
from wire.address import BrokerAddress


async def main(dsn: str, broker: int, health: int, number: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await process.run(
        IngestSettings(
            worker=number, allow_unsafe_database=True, retry_most_s=0.5, health_port=health
        ),
        dsn=dsn,
        broker=BrokerAddress(host="127.0.0.1", port=broker),
        stop=stop,
    )


if __name__ == "__main__":
    logs.configure(process="ingest")
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:5])))
