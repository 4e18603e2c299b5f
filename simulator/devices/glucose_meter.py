"""A glucose meter: Glucose Service 0x1808, records numbered, kept, and served on request."""

import datetime as dt
from typing import Any, ClassVar, Final, Unpack

import msgspec
from bumble.gatt import Service
from typing_extensions import override

from device_profiles import gatt, glucose_context
from device_profiles.glucose_context import KETONE, GlucoseContext
from simulator.devices import common, table
from simulator.devices.record_access_point import RecordAccessPoint
from simulator.devices.recorder import Circumstances, Recorder
from simulator.memory import Record
from vitals.flags import Flag, Special
from vitals.kinds import Kind
from vitals.reading import Context, Measurement

RANGE: Final = (20, 600)
"""mg/dL that it can measure; beyond them its display says LO or HI."""

_FEATURES: Final = (0x07FF).to_bytes(2, "little")
_OF_THE_STRIP: Final = frozenset({"sample", "site"})
"""Context that is part of the measurement itself, not of the context record."""
_KETONE_MEAL: Final = 6
_OFFSET_MIN_MAX: Final = 0x7FFF


class GlucoseMeter(Recorder):
    """mg/dL, whatever is on its display. Advertises after a test until its records are fetched."""

    KIND: ClassVar[Kind] = Kind.GLUCOSE
    SERVICES: ClassVar[tuple[str, ...]] = (gatt.GLUCOSE_SERVICE,)
    _TIME_DETAIL: ClassVar[str] = "base_time"

    def __init__(self, **settings: Any) -> None:
        """Takes what Recorder takes."""
        super().__init__(**settings)
        self._access = RecordAccessPoint(self)

    async def measure(
        self,
        *,
        glucose: float,
        unit: str = "mg/dL",
        context: Context | None = None,
        **circumstances: Unpack[Circumstances],
    ) -> Record:
        """`glucose` in mg/dL; `unit` ("mg/dL", "mmol/L") is how it is sent. `context` as decoded:
        `{"meal": Meal.FASTING, "carbohydrate_g": 45.0}` follows in a record of its own.
        """
        out_of_range = self._beyond(glucose)
        if out_of_range is not None and self.traits.out_of_range_numbers:
            glucose = RANGE[1] + 1 if glucose > RANGE[1] else RANGE[0] - 1
        elif out_of_range is not None:
            flag, special = out_of_range
            circumstances["flags"] = (*circumstances.get("flags", ()), flag)
            circumstances["special"] = {**circumstances.get("special", {}), "glucose": special}
        return await self._measured(
            {"glucose": glucose},
            circumstances,
            context=context,
            details={"unit": unit, **self._base_time(circumstances.get("at"))},
        )

    async def measure_ketone(
        self, *, mmol_per_l: float, **circumstances: Unpack[Circumstances]
    ) -> Record:
        """On a strip for blood ketones. i-SENS meters send it as glucose, ten times the number,
        and tell by the meal of its context what it is.
        """
        return await self._measured(
            {"glucose": mmol_per_l * 10},
            circumstances,
            context={"meal": KETONE},
            details={"unit": "mg/dL", **self._base_time(circumstances.get("at"))},
        )

    @override
    def services(self) -> list[Service]:
        return [
            table.service(
                gatt.GLUCOSE_SERVICE,
                table.notified(gatt.GLUCOSE_MEASUREMENT),
                table.notified(gatt.GLUCOSE_CONTEXT),
                table.readable(gatt.GLUCOSE_FEATURE, common.constant(_FEATURES)),
                table.control_point(gatt.RECORD_ACCESS_CONTROL_POINT, self._access.asked),
            )
        ]

    @override
    def _keep(self, *measurements: Measurement) -> Record:
        (measurement,) = measurements
        number = measurement.sequence
        number = self.memory.next_number if number is None else number
        words = {k: v for k, v in measurement.context.items() if k not in _OF_THE_STRIP}
        follows = {"context_follows": True} if words else {}
        numbered = msgspec.structs.replace(
            measurement, sequence=number, details={**measurement.details, **follows}
        )
        frames = [self._frame(numbered)]
        if words:
            said = glucose_context.encode(_context_record(number, words))
            frames.append((gatt.GLUCOSE_CONTEXT, said))
        return self.memory.add(tuple(frames), number=number)

    def _base_time(self, at: dt.datetime | None) -> dict[str, str | int]:
        """A meter's base time stays when its clock is set; what moves is the offset from it."""
        moved = self.clock.moved
        minutes = round(moved.total_seconds() / 60)
        if not minutes or abs(minutes) > _OFFSET_MIN_MAX or self.faults.clock.absent:
            return {}
        base = (self.clock.shown(at) - moved).replace(microsecond=0)
        return {"base_time": base.isoformat(), "time_offset_min": minutes}

    @staticmethod
    def _beyond(glucose: float) -> tuple[Flag, Special] | None:
        low, high = RANGE
        if glucose > high:
            return Flag.RESULT_TOO_HIGH, Special.HI
        return (Flag.RESULT_TOO_LOW, Special.LO) if glucose < low else None


def _context_record(number: int, words: Context) -> GlucoseContext:
    if words.get("meal") != KETONE:
        return GlucoseContext(sequence=number, context=words)
    rest = {name: word for name, word in words.items() if name != "meal"}
    return GlucoseContext(sequence=number, context=rest, details={"meal": _KETONE_MEAL})
