"""A hub that can no longer do its work ends, so that systemd starts one that can."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import pytest
from msgspec import structs

from gateway.errors import LineDead, ScannerStuck
from gateway.hub import Hub
from gateway.settings import GatewaySettings
from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from tests.integration.gateway.conftest import HOME
from tests.unit.gateway.builders import CUFF
from wire.delivery import Delivery
from wire.errors import LinkDown


class StillLine:
    """A line whose other end is gone for good: it neither connects nor tries to."""

    connected = False
    generation = 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to leave."""

    async def wait_connected(self, timeout_s: float) -> None:
        await asyncio.sleep(timeout_s)
        raise LinkDown

    async def batch(self, **_: object) -> list[Delivery]:
        await asyncio.sleep(1)
        return []

    def ack(self, _: Sequence[Delivery]) -> int:
        return 0

    def publish_soon(self, *_: object, **__: object) -> bool:
        return False

    async def publish(self, *_: object, **__: object) -> None:
        raise LinkDown


def impatient(settings: GatewaySettings) -> GatewaySettings:
    radio = structs.replace(
        settings.radio,
        exit_when_silent=True,
        silence_restart_s=1.0,
        silence_reset_s=2.0,
        silence_exit_s=3.0,
    )
    return structs.replace(settings, radio=radio)


async def test_without_any_advertisement_the_scan_is_restarted_the_adapter_reset_the_hub_left(
    settings: GatewaySettings, radio: VirtualRadio
) -> None:
    adapter = await radio.adapter()
    resets: list[int] = []

    async def reset() -> None:
        resets.append(adapter.scans_started)

    hub = Hub(impatient(settings), reset_adapter=reset)
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(hub.run(asyncio.Event()), 60)

    assert caught.group_contains(ScannerStuck)
    assert resets == [2], "after a second scan"
    assert adapter.scans_started == 3


async def test_where_a_neighbour_is_heard_nothing_is_restarted(
    settings: GatewaySettings, radio: VirtualRadio
) -> None:
    adapter = await radio.adapter()
    neighbour = await radio.add(Cuff(address=CUFF, zone=HOME))
    await neighbour.advertise()
    changed = structs.replace(impatient(settings), adopt_unknown=False)
    stop = asyncio.Event()
    running = asyncio.create_task(Hub(changed).run(stop))
    await asyncio.sleep(1.6)
    stop.set()
    await running

    assert adapter.scans_started == 1


async def test_a_dead_line_ends_the_hub(settings: GatewaySettings) -> None:
    changed = structs.replace(settings, dead_line_exit_s=0.5)
    with pytest.raises(ExceptionGroup) as caught:
        await asyncio.wait_for(Hub(changed, link=StillLine()).run(asyncio.Event()), 10)

    assert caught.group_contains(LineDead)
