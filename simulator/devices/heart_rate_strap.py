"""A chest strap: Heart Rate Service 0x180D. It remembers nothing but the last beat."""

from dataclasses import replace
from typing import ClassVar, Unpack

from bumble.gatt import Service
from typing_extensions import override

from device_profiles import gatt
from simulator.devices import table
from simulator.devices.pushing import PushingDevice
from simulator.devices.recorder import Circumstances
from simulator.memory import Record
from simulator.traits import Traits
from vitals.kinds import Kind


class HeartRateStrap(PushingDevice):
    """1/min; frames carry no time."""

    KIND: ClassVar[Kind] = Kind.HEART_RATE
    SERVICES: ClassVar[tuple[str, ...]] = (gatt.HEART_RATE_SERVICE,)

    async def measure(self, *, heart_rate: float, **circumstances: Unpack[Circumstances]) -> Record:
        return await self._measured({"heart_rate": heart_rate}, circumstances)

    @override
    def services(self) -> list[Service]:
        row = table.notified(gatt.HEART_RATE_MEASUREMENT)
        return [table.service(gatt.HEART_RATE_SERVICE, row)]

    @override
    def _completed(self, traits: Traits) -> Traits:
        return replace(super()._completed(traits), capacity=1)
