"""One production ingest worker. Arguments: broker port, worker number, DSN."""

import asyncio
import signal
import sys

from ingest import process
from ingest.settings import IngestSettings
from wire.address import BrokerAddress


async def main(port: int, worker: int, dsn: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    broker = BrokerAddress.from_url(f"mqtt://127.0.0.1:{port}")
    await process.run(IngestSettings(worker=worker), dsn=dsn, broker=broker, stop=stop)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
