import asyncio

from gateway.scanner import Scanner
from gateway.settings import RadioRules
from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from tests.unit.gateway.builders import CUFF


async def nothing_to_reset() -> None:
    """No adapter but the virtual one."""


async def test_a_scan_that_fell_silent_is_started_anew(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    adapter = await radio.adapter()
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))

    async with start_hub(silence_restart_s=2):
        await until(lambda: adapter.scans_started == 1)
        adapter.deaf = True
        await cuff.measure(systolic=120, diastolic=80)
        await until(lambda: clinic.stored)

    assert adapter.scans_started >= 2


async def test_an_adapter_that_is_busy_is_waited_for(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    adapter = await radio.adapter()
    adapter.busy = True
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))
    await cuff.measure(systolic=120, diastolic=80)

    async with start_hub(retry_no_adapter_s=0.2):
        await asyncio.sleep(0.5)
        assert not clinic.stored
        adapter.busy = False
        await until(lambda: clinic.stored)


async def test_a_weak_adapter_does_not_scan_while_it_connects(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    adapter = await radio.adapter()
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))

    async with start_hub(pause_scan_while_connected=True):
        await cuff.measure(systolic=120, diastolic=80)
        await until(lambda: clinic.stored)
        await until(lambda: not cuff.is_connected)
        await cuff.measure(systolic=121, diastolic=80)
        await until(lambda: len(clinic.stored) == 2)

    assert adapter.scans_started >= 2


async def test_without_bluez_the_scanner_says_so_in_plain_words() -> None:
    """The real backend of this platform. A machine with an adapter scans; both are fine."""
    scanner = Scanner(
        lambda _device, _advertisement: None,
        rules=RadioRules(retry_no_adapter_s=0.05),
        backend=None,
        reset_adapter=nothing_to_reset,
    )
    task = asyncio.create_task(scanner.run())
    await asyncio.sleep(0.5)
    assert not task.done(), "it goes on trying"
    assert scanner.obstacle is None or "Bluetooth adapter" in scanner.obstacle
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
