"""Parts that fail in ways of their own: the Bluetooth stack, and the file under our feet."""

import asyncio
import sqlite3
from typing import Any

import pytest
from typing_extensions import override

from gateway.errors import OutboxBroken
from gateway.hub import Hub
from gateway.outbox_file import FILE
from gateway.settings import GatewaySettings
from simulator.bleak_client import RadioClient
from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from tests.unit.gateway.builders import CUFF


async def test_a_stack_that_breaks_ends_one_visit_and_not_the_hub(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    attempts: list[str] = []

    class BrokenAtFirst(radio.client_class()):  # type: ignore[misc]
        @override
        async def connect(self, pair: bool, *args: Any, **kwargs: Any) -> None:
            attempts.append(self.address)
            if len(attempts) == 1:
                raise KeyError("Powered")
            await RadioClient.connect(self, pair, *args, **kwargs)

    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub(client_backend=BrokenAtFirst):
        await until(lambda: clinic.stored)

    assert len(attempts) == 2


async def test_a_file_that_breaks_while_in_use_ends_the_process(
    radio: VirtualRadio, clinic: Clinic, settings: GatewaySettings
) -> None:

    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))
    task = asyncio.create_task(Hub(settings).run(asyncio.Event()))
    await until(lambda: clinic.statuses)
    vandal = sqlite3.connect(settings.data_dir / FILE)
    vandal.execute("DROP TABLE frames")
    vandal.close()
    await cuff.measure(systolic=120, diastolic=80)

    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(task, 15)

    assert caught.group_contains(OutboxBroken)
