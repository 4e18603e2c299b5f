"""A home that takes the places of the workers at the broker gets nothing, and stops nothing."""

import asyncio
from dataclasses import replace

import pytest

from ingest.consumers import choose
from wire import topics
from wire.address import BrokerAddress
from wire.consumer import Consumer
from wire.delivery import Delivery
from wire.intake import Intake
from wire.link import Link

MESSAGES = 20


@pytest.mark.parametrize("client_id", ["ingest-0", "some-home"])
async def test_who_asks_for_the_places_of_the_workers_does_not_get_them(
    address: BrokerAddress, client_id: str
) -> None:
    clinic = replace(address, username="clinic", password="the clinic's", protocol="5")
    worker = await choose(clinic, worker=0, stop=asyncio.Event())
    assert worker is not None
    stranger = Intake(address, client_id=client_id, filters=[topics.shared(topics.READINGS_FILTER)])
    async with worker, Link(address, client_id="gw-1", filters=()) as home:
        await home.wait_connected(60)
        await asyncio.sleep(0.2)
        async with stranger:
            await asyncio.sleep(0.3)
            for number in range(MESSAGES):
                await home.publish(topics.readings("gw-1"), b"%d" % number)
            arrived: list[Delivery] = []
            while len(arrived) < MESSAGES and (more := await _next(worker)):
                arrived += more
    assert [each.payload for each in arrived] == [b"%d" % number for number in range(MESSAGES)]
    assert worker.generation == 1


async def _next(worker: Consumer) -> list[Delivery]:
    return await worker.batch(most=MESSAGES, most_bytes=1_000_000, wait_s=0.2)
