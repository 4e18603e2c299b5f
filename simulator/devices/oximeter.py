"""A finger oximeter that takes spot checks: Pulse Oximeter Service 0x1822."""

from typing import ClassVar, Final, Unpack

from bumble.gatt import Service
from typing_extensions import override

from device_profiles import gatt
from simulator.devices import common, table
from simulator.devices.pushing import PushingDevice
from simulator.devices.recorder import Circumstances
from simulator.memory import Record
from vitals.kinds import Kind

_FEATURES: Final = (0x0005).to_bytes(2, "little")
"""Measurement status, and storage of spot checks."""


class Oximeter(PushingDevice):
    """SpO2 in per cent, pulse in 1/min."""

    KIND: ClassVar[Kind] = Kind.OXIMETRY
    SERVICES: ClassVar[tuple[str, ...]] = (gatt.PULSE_OXIMETER_SERVICE,)

    async def measure(
        self,
        *,
        spo2: float,
        pulse: float | None = None,
        pulse_amplitude: float | None = None,
        **circumstances: Unpack[Circumstances],
    ) -> Record:
        """One spot check."""
        values = {"spo2": spo2, "pulse": pulse, "pulse_amplitude": pulse_amplitude}
        return await self._measured(values, circumstances)

    @override
    def services(self) -> list[Service]:
        return [
            table.service(
                gatt.PULSE_OXIMETER_SERVICE,
                table.indicated(gatt.PLX_SPOT_CHECK),
                table.readable(gatt.PLX_FEATURES, common.constant(_FEATURES)),
            )
        ]
