"""A blood pressure cuff: Blood Pressure Service 0x1810, records pushed as indications."""

from typing import ClassVar, Final, Unpack

from bumble.gatt import Service
from typing_extensions import override

from device_profiles import gatt
from simulator.devices import common, table
from simulator.devices.pushing import PushingDevice
from simulator.devices.recorder import Circumstances
from simulator.memory import Record
from simulator.traits import ClockAccess
from vitals.kinds import Kind

_FEATURES: Final = (0x001F).to_bytes(2, "little")
"""Body movement, cuff fit, irregular pulse, pulse range, position."""


class Cuff(PushingDevice):
    """Values in mmHg and 1/min."""

    KIND: ClassVar[Kind] = Kind.BLOOD_PRESSURE
    SERVICES: ClassVar[tuple[str, ...]] = (gatt.BLOOD_PRESSURE_SERVICE,)

    async def measure(
        self,
        *,
        systolic: float,
        diastolic: float,
        mean: float | None = None,
        pulse: float | None = None,
        **circumstances: Unpack[Circumstances],
    ) -> Record:
        """Measure, store, and call for the gateway."""
        values = {"systolic": systolic, "diastolic": diastolic, "mean": mean, "pulse": pulse}
        return await self._measured(values, circumstances)

    @override
    def services(self) -> list[Service]:
        rows = [
            table.indicated(gatt.BLOOD_PRESSURE_MEASUREMENT),
            table.readable(gatt.BLOOD_PRESSURE_FEATURE, common.constant(_FEATURES)),
        ]
        if self.traits.clock == ClockAccess.DATE_TIME:
            rows.append(common.date_time_clock(self.clock))
        return [table.service(gatt.BLOOD_PRESSURE_SERVICE, *rows)]
