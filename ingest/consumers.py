"""Which end of the line a worker takes: Intake for MQTT 5, Link for brokers that have no better."""

import asyncio
from typing import Final

from structlog import get_logger

from wire import topics
from wire.address import BrokerAddress
from wire.consumer import Consumer
from wire.errors import LineError
from wire.intake import Intake
from wire.link import Link
from wire.secret_mark import secret_mark

log = get_logger()

FILTERS: Final = (topics.READINGS_FILTER, topics.STATUS_FILTER)
PROBE_S: Final = 5.0
BETWEEN_PROBES_S: Final = 1.0


async def choose(address: BrokerAddress, *, worker: int, stop: asyncio.Event) -> Consumer | None:
    """A consumer for this broker, not yet entered; None where `stop` came first.

    MQTT 3.1.1 has no shared subscriptions: there is one worker then, and a second would get every
    message too (stored once all the same).
    """
    mark = secret_mark(address, "ingest")
    client_id = f"ingest-{worker}{mark}"
    if address.protocol == "3.1.1":
        return _link(address, client_id)
    intake = Intake(
        address,
        client_id=client_id,
        filters=[topics.shared(each, f"ingest{mark}") for each in FILTERS],
    )
    if address.protocol == "5":
        return intake
    while not stop.is_set():
        spoken = await _protocol(address, client_id)
        if spoken == "5":
            return intake
        if spoken is not None:
            log.warning("the broker speaks only MQTT 3.1.1: run no second ingest worker")
            return _link(address, client_id)
        await asyncio.sleep(BETWEEN_PROBES_S)
    return None


def _link(address: BrokerAddress, client_id: str) -> Link:
    return Link(address, client_id=client_id, filters=FILTERS, receive_maximum=1000, loud=True)


async def _protocol(address: BrokerAddress, client_id: str) -> str | None:
    """The version that the broker speaks; None while nobody answers, or refuses to."""
    try:
        async with Link(address, client_id=f"{client_id}-probe", filters=()) as probe:
            await probe.wait_connected(PROBE_S)
            return probe.protocol
    except LineError as error:
        log.warning("no broker to read from", broker=address.shown, why=str(error))
        return None
