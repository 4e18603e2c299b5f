"""Another home that asks the broker for a hub's place does not get it."""

import asyncio
from dataclasses import replace

from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import GATEWAY, StartHub
from tests.integration.wire.mosquitto import Mosquitto
from wire.link import Link
from wire.messages import Presence


async def test_who_takes_the_id_of_a_hub_as_its_client_id_does_not_cut_it_off(
    broker: Mosquitto, clinic: Clinic, start_hub: StartHub
) -> None:
    own = replace(broker.address, username=GATEWAY, password="the home's")
    async with start_hub(mqtt=own):
        await until(lambda: clinic.statuses)
        async with Link(broker.address, client_id=GATEWAY, filters=()) as thief:
            await thief.wait_connected(60)
            await asyncio.sleep(0.5)
        assert {status.state for _, status in clinic.statuses} == {Presence.ONLINE}
