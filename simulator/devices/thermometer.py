"""A thermometer: Health Thermometer Service 0x1809."""

from typing import ClassVar, Unpack

from bumble.gatt import Service
from typing_extensions import override

from device_profiles import gatt
from simulator.devices import table
from simulator.devices.pushing import PushingDevice
from simulator.devices.recorder import Circumstances
from simulator.memory import Record
from vitals.kinds import Kind


class Thermometer(PushingDevice):
    """Degrees Celsius."""

    KIND: ClassVar[Kind] = Kind.TEMPERATURE
    SERVICES: ClassVar[tuple[str, ...]] = (gatt.HEALTH_THERMOMETER_SERVICE,)

    async def measure(
        self,
        *,
        temperature: float,
        site: str | None = None,
        fahrenheit: bool = False,
        **circumstances: Unpack[Circumstances],
    ) -> Record:
        """`site` as in device_profiles.temperature.SITES; `fahrenheit` is only how it is sent."""
        return await self._measured(
            {"temperature": temperature},
            circumstances,
            context={} if site is None else {"site": site},
            details={"unit": "F" if fahrenheit else "C"},
        )

    @override
    def services(self) -> list[Service]:
        row = table.indicated(gatt.TEMPERATURE_MEASUREMENT)
        return [table.service(gatt.HEALTH_THERMOMETER_SERVICE, row)]
