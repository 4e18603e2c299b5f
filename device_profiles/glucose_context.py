"""Glucose Measurement Context 0x2A34: what surrounds the measurement of the same number."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from device_profiles.cursor import Cursor
from device_profiles.draft import Details
from device_profiles.errors import SEQUENCE_MISMATCH, DecodeError
from device_profiles.writer import Writer, integer, number
from vitals.flags import Meal, Special
from vitals.reading import Measurement

_CARBOHYDRATE: Final = 0x01
_MEAL: Final = 0x02
_TESTER_AND_HEALTH: Final = 0x04
_EXERCISE: Final = 0x08
_MEDICATION: Final = 0x10
_MEDICATION_IN_LITRES: Final = 0x20
_HBA1C: Final = 0x40
_EXTENDED_FLAGS: Final = 0x80

_KG_TO_G: Final = 3
_KG_TO_MG: Final = 6
_L_TO_ML: Final = 3
_EXERCISE_OVERRUN: Final = 0xFFFF

KETONE: Final = "ketone"
FOLLOWS: Final = "context_follows"
"""In a measurement's details for as long as its context is still to come."""
MEALS: Final[Mapping[int, str]] = MappingProxyType(
    {1: Meal.BEFORE, 2: Meal.AFTER, 3: Meal.FASTING, 4: Meal.CASUAL, 5: Meal.BEDTIME}
)
_CARBOHYDRATES: Final = {
    1: "breakfast",
    2: "lunch",
    3: "dinner",
    4: "snack",
    5: "drink",
    6: "supper",
    7: "brunch",
}
_TESTERS: Final = {1: "self", 2: "health_care_professional", 3: "laboratory"}
_HEALTH: Final = {
    1: "minor_issues",
    2: "major_issues",
    3: "menses",
    4: "stress",
    5: "no_issues",
}
_MEDICATIONS: Final = {
    1: "rapid_acting_insulin",
    2: "short_acting_insulin",
    3: "intermediate_acting_insulin",
    4: "long_acting_insulin",
    5: "premixed_insulin",
}


class GlucoseContext(msgspec.Struct, frozen=True, kw_only=True):
    """The context record `sequence`; it comes after the measurement of the same number."""

    sequence: int
    context: dict[str, str | float] = {}
    """In words and in g, mg, mL, s and %: what goes into `Measurement.context`."""
    details: Details = {}
    """The codes as sent, special values, reserved bits, trailing bytes."""


def decode(data: bytes, *, meals: Mapping[int, str] = MEALS) -> GlucoseContext:
    """`meals` names the meal codes, where a vendor has more than the standard ones.

    Raises DecodeError where the frame is shorter than its flags declare.
    """
    fields = Cursor(data)
    flags = fields.u8()
    found = GlucoseContext(sequence=fields.u16(), context={}, details={})
    if flags & _EXTENDED_FLAGS:
        found.details["extended_flags"] = fields.u8()
    if flags & _CARBOHYDRATE:
        _code(found, "carbohydrate", fields.u8(), _CARBOHYDRATES)
        _amount(found, "carbohydrate_g", fields.sfloat(shift=_KG_TO_G))
    if flags & _MEAL:
        _code(found, "meal", fields.u8(), meals)
    if flags & _TESTER_AND_HEALTH:
        both = fields.u8()
        _code(found, "tester", both & 0x0F, _TESTERS)
        _code(found, "health", both >> 4, _HEALTH)
    if flags & _EXERCISE:
        _exercise(found, fields.u16(), fields.u8())
    _medication(found, flags, fields)
    if flags & _HBA1C:
        _amount(found, "hba1c_percent", fields.sfloat())
    if rest := fields.rest():
        found.details["extra"] = rest.hex()
    return found


def _code(found: GlucoseContext, name: str, code: int, names: Mapping[int, str]) -> None:
    found.details[name] = code
    if code in names:
        found.context[name] = str(names[code])


def _amount(found: GlucoseContext, name: str, amount: float | Special) -> None:
    if isinstance(amount, Special):
        found.details[name] = str(amount)
    else:
        found.context[name] = amount


def _exercise(found: GlucoseContext, seconds: int, percent: int) -> None:
    if seconds == _EXERCISE_OVERRUN:
        found.details["exercise_s"] = "overrun"
    else:
        found.context["exercise_s"] = float(seconds)
    found.context["exercise_percent"] = float(percent)


def _medication(found: GlucoseContext, flags: int, fields: Cursor) -> None:
    litres = bool(flags & _MEDICATION_IN_LITRES)
    if flags & _MEDICATION:
        _code(found, "medication", fields.u8(), _MEDICATIONS)
        amount = fields.sfloat(shift=_L_TO_ML if litres else _KG_TO_MG)
        _amount(found, "medication_ml" if litres else "medication_mg", amount)
    elif litres:
        found.details["reserved_flags"] = _MEDICATION_IN_LITRES


def encode(context: GlucoseContext) -> bytes:
    """The frame of a meter that says this; codes come from the details, else from the words."""
    said, details = context.context, context.details
    groups = (
        (_EXTENDED_FLAGS, "extended_flags" in details),
        (_CARBOHYDRATE, _says(context, "carbohydrate", "carbohydrate_g")),
        (_MEAL, _says(context, "meal")),
        (_TESTER_AND_HEALTH, _says(context, "tester", "health")),
        (_EXERCISE, _says(context, "exercise_s", "exercise_percent")),
        (_MEDICATION, _says(context, "medication", "medication_ml", "medication_mg")),
        (_MEDICATION_IN_LITRES, _says(context, "medication_ml")),
        (_HBA1C, _says(context, "hba1c_percent")),
    )
    flags = sum(bit for bit, present in groups if present)
    frame = Writer()
    frame.unsigned(flags | integer(details, "reserved_flags"), size=1)
    frame.unsigned(context.sequence, size=2)
    if flags & _EXTENDED_FLAGS:
        frame.unsigned(integer(details, "extended_flags"), size=1)
    if flags & _CARBOHYDRATE:
        frame.unsigned(_code_of(context, "carbohydrate", _CARBOHYDRATES), size=1)
        frame.sfloat(_amount_of(context, "carbohydrate_g"), shift=_KG_TO_G)
    if flags & _MEAL:
        frame.unsigned(_code_of(context, "meal", MEALS), size=1)
    if flags & _TESTER_AND_HEALTH:
        tester, health = (
            _code_of(context, "tester", _TESTERS),
            _code_of(context, "health", _HEALTH),
        )
        frame.unsigned(tester | health << 4, size=1)
    if flags & _EXERCISE:
        frame.unsigned(
            _EXERCISE_OVERRUN if "exercise_s" in details else _number(said, "exercise_s"), size=2
        )
        frame.unsigned(_number(said, "exercise_percent"), size=1)
    _write_treatment(frame, context, flags)
    return frame.finish(details)


def _write_treatment(frame: Writer, context: GlucoseContext, flags: int) -> None:
    if flags & _MEDICATION:
        frame.unsigned(_code_of(context, "medication", _MEDICATIONS), size=1)
        if flags & _MEDICATION_IN_LITRES:
            frame.sfloat(_amount_of(context, "medication_ml"), shift=_L_TO_ML)
        else:
            frame.sfloat(_amount_of(context, "medication_mg"), shift=_KG_TO_MG)
    if flags & _HBA1C:
        frame.sfloat(_amount_of(context, "hba1c_percent"))


def _says(context: GlucoseContext, *names: str) -> bool:
    return any(name in context.context or name in context.details for name in names)


def _code_of(context: GlucoseContext, name: str, names: Mapping[int, str]) -> int:
    codes = {str(word): code for code, word in names.items()}
    return integer(context.details, name, codes.get(str(context.context.get(name)), 0))


def _amount_of(context: GlucoseContext, name: str) -> float | Special:
    special = context.details.get(name)
    return _number(context.context, name) if special is None else number(special)


def _number(said: Mapping[str, str | float], name: str) -> float:
    value = said.get(name, 0.0)
    return float(value)


def join(measurement: Measurement, context: GlucoseContext) -> Measurement:
    """The measurement with its context; raises DecodeError where the numbers differ.

    A ketone result, which CareSens meters send as glucose with a meal of their own, loses its
    number here: it becomes `ketone_mmol_per_l` in the context, so that nobody takes it for glucose.
    """
    if measurement.sequence != context.sequence:
        raise DecodeError(
            SEQUENCE_MISMATCH,
            f"context {context.sequence} is not that of measurement {measurement.sequence}",
        )
    joined = msgspec.structs.replace(
        measurement,
        context={**measurement.context, **context.context},
        details={
            **{name: said for name, said in measurement.details.items() if name != FOLLOWS},
            **{f"context_{name}": value for name, value in context.details.items()},
        },
    )
    return _as_ketone(joined) if context.context.get("meal") == KETONE else joined


def _as_ketone(measurement: Measurement) -> Measurement:
    """i-SENS sends mmol/L x 10 where mg/dL belong."""
    tenths = measurement.values.get("glucose")
    said = {name: value for name, value in measurement.context.items() if name != "meal"}
    said["analyte"] = KETONE
    if tenths is not None:
        said["ketone_mmol_per_l"] = tenths / 10
    return msgspec.structs.replace(measurement, values={}, special={}, context=said)
