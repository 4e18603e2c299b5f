"""The production ingest process on a session that was parked for it. Arguments: port, id, DSN.

Only one thing differs from `hearthbeat ingest`: the consumer resumes the session that holds the
backlog, where production starts with a clean one.
"""

import asyncio
import sys

from ingest import consumers, process
from ingest.settings import IngestSettings
from wire import topics
from wire.address import BrokerAddress
from wire.consumer import Consumer
from wire.intake import Intake

KEPT_S = 3600


async def main(port: str, client_id: str, dsn: str, *, consumer: type[Intake] = Intake) -> None:
    """Run until killed."""
    filters = [topics.shared(topics.READINGS_FILTER), topics.shared(topics.STATUS_FILTER)]

    async def resume(address: BrokerAddress, *, worker: int, stop: asyncio.Event) -> Consumer:
        del worker, stop
        return consumer(address, client_id=client_id, filters=filters, session_expiry_s=KEPT_S)

    consumers.choose = resume
    broker = BrokerAddress.from_url(f"mqtt://127.0.0.1:{port}")
    await process.run(IngestSettings(), dsn=dsn, broker=broker, stop=asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
