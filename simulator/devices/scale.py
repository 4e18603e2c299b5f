"""Scales: Weight Scale Service 0x181D, and with electrodes Body Composition Service 0x181B."""

from typing import ClassVar, Final, TypedDict, Unpack

from bumble.gatt import Service
from typing_extensions import override

from device_profiles import gatt
from simulator.devices import common, table
from simulator.devices.pushing import PushingDevice
from simulator.devices.recorder import Circumstances
from simulator.memory import Record
from simulator.traits import ClockAccess
from vitals.kinds import Kind

_WEIGHT_FEATURES: Final = (0x07 | 7 << 3 | 3 << 7).to_bytes(4, "little")
"""Time, users, BMI; 5 g; 1 mm."""
_BODY_FEATURES: Final = (0x7FF | 7 << 11 | 3 << 15).to_bytes(4, "little")


class Scale(PushingDevice):
    """Weight in kg, height in cm, BMI in kg/m2. Persons share it by slot: `user=1`, `user=2`."""

    KIND: ClassVar[Kind] = Kind.WEIGHT
    SERVICES: ClassVar[tuple[str, ...]] = (gatt.WEIGHT_SCALE_SERVICE,)

    async def measure(
        self,
        *,
        weight: float,
        bmi: float | None = None,
        height: float | None = None,
        **circumstances: Unpack[Circumstances],
    ) -> Record:
        """Weigh, store, and call for the gateway."""
        values = {"weight": weight, "bmi": bmi, "height": height}
        return await self._measured(values, circumstances)

    @override
    def services(self) -> list[Service]:
        rows = [
            table.indicated(gatt.WEIGHT_MEASUREMENT),
            table.readable(gatt.WEIGHT_SCALE_FEATURE, common.constant(_WEIGHT_FEATURES)),
        ]
        if self.traits.clock == ClockAccess.DATE_TIME:
            rows.append(common.date_time_clock(self.clock))
        return [table.service(gatt.WEIGHT_SCALE_SERVICE, *rows)]


class Composition(TypedDict, total=False):
    """What a scale with electrodes finds: per cent, kg, kJ, ohm."""

    body_fat: float
    muscle_percentage: float
    muscle_mass: float
    fat_free_mass: float
    soft_lean_mass: float
    body_water_mass: float
    impedance: float
    basal_metabolism: float


class BodyScale(Scale):
    """One weighing gives two frames, weight and body composition, which a gateway may join."""

    SERVICES: ClassVar[tuple[str, ...]] = (
        gatt.WEIGHT_SCALE_SERVICE,
        gatt.BODY_COMPOSITION_SERVICE,
    )

    async def measure_body(
        self,
        *,
        weight: float,
        composition: Composition,
        **circumstances: Unpack[Circumstances],
    ) -> Record:
        """Weigh with bare feet."""
        found: dict[str, float | None] = {**composition}  # type: ignore[dict-item]
        record = self._keep(
            self._stamped(Kind.WEIGHT, {"weight": weight}, circumstances),
            self._stamped(Kind.BODY_COMPOSITION, found, circumstances),
        )
        await self.news()
        return record

    @override
    def services(self) -> list[Service]:
        body = table.service(
            gatt.BODY_COMPOSITION_SERVICE,
            table.indicated(gatt.BODY_COMPOSITION_MEASUREMENT),
            table.readable(gatt.BODY_COMPOSITION_FEATURE, common.constant(_BODY_FEATURES)),
        )
        return [*super().services(), body]
