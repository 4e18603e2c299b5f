"""One production ingest worker.

Arguments: broker port, worker number, DSN, notes folder, rows from which a batch goes by COPY.
"""

import asyncio
import signal
import sys
from pathlib import Path

from ingest import process
from ingest.settings import IngestSettings
from tests.chaos import copies
from wire.address import BrokerAddress


async def main(port: int, worker: int, dsn: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    broker = BrokerAddress.from_url(f"mqtt://127.0.0.1:{port}")
    await process.run(IngestSettings(worker=worker), dsn=dsn, broker=broker, stop=stop)


if __name__ == "__main__":
    copies.observe(Path(sys.argv[4]), worker=int(sys.argv[2]), from_rows=int(sys.argv[5]))
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
