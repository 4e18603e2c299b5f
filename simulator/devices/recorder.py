"""Devices with a memory: a measurement gets the digits of the device's clock and is stored."""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, Final, TypedDict

from typing_extensions import override

from device_profiles import date_time, encoding, gatt
from simulator.clock import Now, system_now
from simulator.devices.peripheral import Peripheral
from simulator.faults import Faults
from simulator.memory import Frames, Memory, Record
from simulator.traits import Traits
from simulator.vendor_frames import as_beurer_sends
from vitals.flags import Special
from vitals.kinds import PANELS, Kind
from vitals.reading import Measurement

CHARACTERISTICS: Final = {
    Kind.BLOOD_PRESSURE: gatt.BLOOD_PRESSURE_MEASUREMENT,
    Kind.WEIGHT: gatt.WEIGHT_MEASUREMENT,
    Kind.BODY_COMPOSITION: gatt.BODY_COMPOSITION_MEASUREMENT,
    Kind.GLUCOSE: gatt.GLUCOSE_MEASUREMENT,
    Kind.OXIMETRY: gatt.PLX_SPOT_CHECK,
    Kind.TEMPERATURE: gatt.TEMPERATURE_MEASUREMENT,
    Kind.HEART_RATE: gatt.HEART_RATE_MEASUREMENT,
}
"""What a result of each kind is sent from."""


Details = dict[str, bool | int | float | str | list[int] | None]


class Circumstances(TypedDict, total=False):
    """What every measurement may be told besides its values."""

    at: dt.datetime
    """The true instant (aware); now if not given. The record has what the device's clock showed."""
    user: int
    """The slot that the person chose on the device."""
    flags: tuple[str, ...]
    special: dict[str, Special]
    """Values that are no numbers."""
    details: Details
    """How it is sent, in the words of Measurement.details: `{"unit": "kPa"}`, reserved bits, ..."""


class Recorder(Peripheral):
    """Measures, stores, and tells gateways by advertising that there is something to collect."""

    KIND: ClassVar[Kind]

    def __init__(
        self,
        *,
        address: str,
        profile: str = "generic",
        traits: Traits | None = None,
        faults: Faults | None = None,
        zone: dt.tzinfo = dt.UTC,
        now: Now = system_now,
        first_number: int = 1,
    ) -> None:
        super().__init__(
            address=address, profile=profile, traits=traits, faults=faults, zone=zone, now=now
        )
        self.memory = Memory(capacity=self.traits.capacity, first_number=first_number)

    @property
    @override
    def has_news(self) -> bool:
        return self.memory.has_news

    async def load(self, measurements: Iterable[Measurement]) -> list[Record]:
        """Fill the memory with the past, as recorded: each measurement brings its own digits of
        time, and its own number if it has one. Then advertise.
        """
        loaded = [self._keep(measurement) for measurement in measurements]
        await self.news()
        return loaded

    async def news(self) -> None:
        """Something new is in the memory."""
        await self.call()

    async def _measured(
        self,
        values: dict[str, float | None],
        circumstances: Circumstances,
        *,
        context: dict[str, str | float] | None = None,
        details: Details | None = None,
    ) -> Record:
        record = self._keep(
            self._stamped(self.KIND, values, circumstances, context=context, details=details)
        )
        await self.news()
        return record

    def _stamped(
        self,
        kind: Kind,
        values: dict[str, float | None],
        circumstances: Circumstances,
        *,
        context: dict[str, str | float] | None = None,
        details: Details | None = None,
    ) -> Measurement:
        said = {name: float(value) for name, value in values.items() if value is not None}
        special = dict(circumstances.get("special", {}))
        failed = self.faults.result
        if failed is not None:
            special |= {metric.name: failed for metric in PANELS[kind].primary}
        shown = self.clock.shown(circumstances.get("at")).replace(microsecond=0)
        impossible = {}
        if self.faults.clock.month_13:
            digits = date_time.digits(date_time.encode(shown))
            impossible = {self._TIME_DETAIL: f"{digits[:5]}13{digits[7:]}"}
        known = not impossible and not self.faults.clock.absent
        return Measurement(
            kind=kind,
            values={name: value for name, value in said.items() if name not in special},
            special=special,
            flags=circumstances.get("flags", ()),
            user=circumstances.get("user"),
            device_time=shown if known else None,
            context=context or {},
            details={**(details or {}), **circumstances.get("details", {}), **impossible},
        )

    _TIME_DETAIL: ClassVar[str] = "time"

    def _keep(self, *measurements: Measurement) -> Record:
        number = measurements[0].sequence
        return self.memory.add(self._frames(*measurements), number=number)

    def _frames(self, *measurements: Measurement) -> Frames:
        return tuple(self._frame(measurement) for measurement in measurements)

    def _frame(self, measurement: Measurement) -> tuple[str, bytes]:
        uuid = CHARACTERISTICS[measurement.kind]
        frame = encoding.encode(uuid, measurement)
        return uuid, as_beurer_sends(frame) if self.traits.beurer_layout else frame
