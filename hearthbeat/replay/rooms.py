"""Simulated devices with full memories, and around them the gateways of production."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.clock import ClockRules
from gateway.hub import Hub
from gateway.settings import GatewaySettings, RadioRules
from hearthbeat.replay.load import DeviceLoad
from hearthbeat.replay.register import Home
from simulator.devices.cuff import Cuff
from simulator.devices.glucose_meter import GlucoseMeter
from simulator.devices.heart_rate_strap import HeartRateStrap
from simulator.devices.oximeter import Oximeter
from simulator.devices.recorder import Recorder
from simulator.devices.scale import BodyScale, Scale
from simulator.devices.thermometer import Thermometer
from simulator.radio import VirtualRadio
from simulator.traits import ClockAccess, Traits
from vitals.kinds import Kind
from wire.address import BrokerAddress

CHUNK: Final = 2_000
"""Readings in a device's memory at once."""
POLL_S: Final = 0.2
SETTLED_LOOKS: Final = 3
"""So many looks in a row must find everything at rest."""
OLD: Final = ClockRules(oldest_checked_days=200 * 365, oldest_unchecked_days=200 * 365)
"""Recordings are as old as they are; the device's clock itself agrees with now."""

Report = Callable[[int], None]
"""Takes how many readings have their receipt."""

DEVICES: Final[dict[Kind, type[Recorder]]] = {
    Kind.BLOOD_PRESSURE: Cuff,
    Kind.GLUCOSE: GlucoseMeter,
    Kind.WEIGHT: Scale,
    Kind.OXIMETRY: Oximeter,
    Kind.TEMPERATURE: Thermometer,
    Kind.HEART_RATE: HeartRateStrap,
}


async def send_all(
    homes: Sequence[Home],
    *,
    address: Callable[[Home], BrokerAddress],
    outboxes: Path,
    zone: ZoneInfo,
    speed: float | None,
    report: Report,
) -> None:
    """Until every device is empty and every gateway has a receipt for everything it made."""
    stop = asyncio.Event()
    rooms = [
        _Room(home, address=address(home), outboxes=outboxes, zone=zone, speed=speed)
        for home in homes
    ]
    async with asyncio.TaskGroup() as group:
        for room in rooms:
            group.create_task(room.run(stop))
        calm = 0
        while calm < SETTLED_LOOKS:
            await asyncio.sleep(POLL_S)
            report(sum(room.receipted for room in rooms))
            calm = calm + 1 if all(room.at_rest for room in rooms) else 0
        stop.set()


class _Room:
    """One home: a radio, its devices, one hub."""

    def __init__(
        self,
        home: Home,
        *,
        address: BrokerAddress,
        outboxes: Path,
        zone: ZoneInfo,
        speed: float | None,
    ) -> None:
        self._home = home
        self._zone = zone
        self._speed = speed
        self._outbox = outboxes / home.credentials.gateway_id
        self._address = address
        self._hub: Hub | None = None
        self._devices: list[Recorder] = []
        self._loading = len(home.devices)

    @property
    def receipted(self) -> int:
        done = self._hub.progress if self._hub else None
        return done.readings_made - done.readings_held if done else 0

    @property
    def at_rest(self) -> bool:
        if self._hub is None or self._loading or any(one.has_news for one in self._devices):
            return False
        done = self._hub.progress
        return not (done.frames_waiting or done.readings_held)

    async def run(self, stop: asyncio.Event) -> None:
        self._outbox.mkdir(mode=0o700, parents=True)
        async with AsyncExitStack() as held, asyncio.TaskGroup() as group:
            radio = await held.enter_async_context(VirtualRadio())
            for load in self._home.devices:
                device = await radio.add(self._device(load))
                self._devices.append(device)
                group.create_task(self._fill(device, load))
            self._hub = Hub(self._settings(radio))
            await self._hub.run(stop)

    def _settings(self, radio: VirtualRadio) -> GatewaySettings:
        return GatewaySettings(
            gateway_id=self._home.credentials.gateway_id,
            data_dir=self._outbox,
            mqtt=self._address,
            allow_plain_mqtt=True,
            time_zone=self._zone.key,
            scanner_backend=radio.scanner_class(),
            client_backend=radio.client_class(),
            clock_rules=OLD,
            radio=RadioRules(exit_when_silent=False),
        )

    def _device(self, load: DeviceLoad) -> Recorder:
        kind: type[Recorder] = BodyScale if load.has_electrodes else DEVICES[load.kind]
        traits: dict[str, Any] = {
            "name": "Recording",
            "clock": ClockAccess.CURRENT_TIME,
            "capacity": CHUNK,
            "serial": load.number,
        }
        return kind(address=load.address, traits=Traits(**traits), zone=self._zone)

    async def _fill(self, device: Recorder, load: DeviceLoad) -> None:
        """Load the device's memory piece by piece, each when the one before has been fetched."""
        for chunk, due in _chunks(load, self._speed):
            await asyncio.sleep(due)
            await device.load(loaded.measurement for loaded in chunk)
            await _empty(device)
        self._loading -= 1


async def _empty(device: Recorder) -> None:
    """Until the gateway has everything."""
    while True:
        if not device.has_news:
            return
        await asyncio.sleep(POLL_S)


def _chunks(load: DeviceLoad, speed: float | None) -> list[tuple[list[Any], float]]:
    """Pieces of a memory, and how long to wait before each: days shrink by `speed`."""
    readings = list(load.readings)
    if speed is None:
        return [(readings[at : at + CHUNK], 0.0) for at in range(0, len(readings), CHUNK)]
    pieces: list[tuple[list[Any], float]] = []
    before: dt.datetime | None = None
    for loaded in readings:
        at = loaded.measurement.device_time
        wait = 0.0 if before is None or at is None else (at - before).total_seconds() / speed
        before = at or before
        if pieces and wait < POLL_S and len(pieces[-1][0]) < CHUNK:
            pieces[-1][0].append(loaded)
        else:
            pieces.append(([loaded], wait))
    return pieces
