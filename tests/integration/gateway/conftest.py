"""A broker, a clinic, a radio, and a hub between them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from gateway.hub import Hub
from gateway.settings import ForwardRules, GatewaySettings, RadioRules
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, in_practice
from tests.integration.wire.mosquitto import BINARY, Mosquitto

GATEWAY = "gw-1"
HOME = ZoneInfo("America/New_York")
RADIO = set(RadioRules.__struct_fields__)
StartHub = Callable[..., AbstractAsyncContextManager[Hub]]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    if BINARY is None:
        pytest.skip("mosquitto is not installed")
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
async def clinic(broker: Mosquitto) -> AsyncIterator[Clinic]:
    async with in_practice(Clinic(address=broker.address)) as clinic:
        yield clinic


@pytest.fixture
async def radio() -> AsyncIterator[VirtualRadio]:
    async with VirtualRadio() as radio:
        yield radio


@pytest.fixture
def settings(broker: Mosquitto, radio: VirtualRadio, tmp_path: Path) -> GatewaySettings:
    return GatewaySettings(
        gateway_id=GATEWAY,
        data_dir=tmp_path / "hub",
        mqtt=broker.address,
        time_zone="America/New_York",
        scanner_backend=radio.scanner_class(),
        client_backend=radio.client_class(),
        radio=RadioRules(exit_when_silent=False, pace=0.05),
        forward=ForwardRules(status_every_s=1, resend_first_s=1),
    )


@pytest.fixture
def start_hub(settings: GatewaySettings) -> StartHub:
    """`async with start_hub(time_zone="UTC") as hub:`; fields of RadioRules go there."""

    @contextlib.asynccontextmanager
    async def start(**changes: Any) -> AsyncIterator[Hub]:
        fields = {name: changes.pop(name) for name in RADIO & changes.keys()}
        rules = structs.replace(settings.radio, **fields)
        hub = Hub(structs.replace(settings, radio=rules, **changes))
        stop = asyncio.Event()
        task = asyncio.create_task(hub.run(stop))
        try:
            yield hub
        finally:
            stop.set()
            await task

    return start
