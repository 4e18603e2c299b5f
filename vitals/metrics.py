"""The registry of metrics, one row per measured quantity. Append only: no renames, no new units.

It drives the wire schema, the columns of the readings table, and the FHIR and page code to come.
`plausible` means "a living body can show this on this device"; outside it a reading is quarantined
with a reason, never dropped and never clamped. It is not a clinical limit: those are policy, for
each patient. Where the bounds come from: docs/decisions/0003-plausible-ranges.md.

Codes: LOINC and IEEE 11073-10101 as in the HL7 Personal Health Device guide 2.0. `mdc` and `loinc`
are tuples because several codes may name one quantity; the first is the primary one. A metric
without a LOINC code has none that means just this (50042-1, for one, is an index, not an energy).
"""

from dataclasses import dataclass
from typing import Final

from vitals.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One measured quantity: `name` is its key on the wire and its column in the readings table."""

    name: str
    label: str
    unit: Unit
    loinc: tuple[str, ...]
    mdc: tuple[int, ...]
    plausible: tuple[float, float]
    """Lowest and highest believable value, both included, in `unit`."""
    decimals: int
    """Digits after the point when shown to people; stored values keep what the device sent."""


SYSTOLIC: Final = Metric(
    name="systolic",
    label="Systolic",
    unit=Unit.MMHG,
    loinc=("8480-6",),
    mdc=(150021,),
    plausible=(40, 300),
    decimals=0,
)
DIASTOLIC: Final = Metric(
    name="diastolic",
    label="Diastolic",
    unit=Unit.MMHG,
    loinc=("8462-4",),
    mdc=(150022,),
    plausible=(20, 200),
    decimals=0,
)
MEAN: Final = Metric(
    name="mean",
    label="Mean arterial pressure",
    unit=Unit.MMHG,
    loinc=("8478-0",),
    mdc=(150023,),
    plausible=(20, 260),
    decimals=0,
)
PULSE: Final = Metric(
    name="pulse",
    label="Pulse",
    unit=Unit.PER_MINUTE,
    loinc=("8867-4",),
    mdc=(149546, 149530),  # From a cuff, and from an oximeter.
    plausible=(20, 300),
    decimals=0,
)
HEART_RATE: Final = Metric(
    name="heart_rate",
    label="Heart rate",
    unit=Unit.PER_MINUTE,
    loinc=("8867-4",),
    mdc=(147842,),
    plausible=(20, 300),
    decimals=0,
)
WEIGHT: Final = Metric(
    name="weight",
    label="Weight",
    unit=Unit.KG,
    loinc=("29463-7",),
    mdc=(188736,),
    plausible=(20, 400),
    decimals=1,
)
HEIGHT: Final = Metric(
    name="height",
    label="Height",
    unit=Unit.CM,
    loinc=("8302-2",),
    mdc=(188740,),
    plausible=(50, 260),
    decimals=0,
)
BMI: Final = Metric(
    name="bmi",
    label="Body mass index",
    unit=Unit.KG_PER_M2,
    loinc=("39156-5",),
    mdc=(188752,),
    plausible=(8, 120),
    decimals=1,
)
BODY_FAT: Final = Metric(
    name="body_fat",
    label="Body fat",
    unit=Unit.PERCENT,
    loinc=("41982-0",),
    mdc=(188748,),
    plausible=(1, 80),
    decimals=1,
)
MUSCLE_PERCENTAGE: Final = Metric(
    name="muscle_percentage",
    label="Muscle",
    unit=Unit.PERCENT,
    loinc=("73965-6",),
    mdc=(188772,),
    plausible=(5, 95),
    decimals=1,
)
MUSCLE_MASS: Final = Metric(
    name="muscle_mass",
    label="Muscle mass",
    unit=Unit.KG,
    loinc=("73964-9",),
    mdc=(188776,),
    plausible=(2, 200),
    decimals=1,
)
FAT_FREE_MASS: Final = Metric(
    name="fat_free_mass",
    label="Fat-free mass",
    unit=Unit.KG,
    loinc=("91557-9",),
    mdc=(188756,),
    plausible=(5, 300),
    decimals=1,
)
SOFT_LEAN_MASS: Final = Metric(
    name="soft_lean_mass",
    label="Soft lean mass",
    unit=Unit.KG,
    loinc=(),
    mdc=(188760,),
    plausible=(5, 300),
    decimals=1,
)
BODY_WATER_MASS: Final = Metric(
    name="body_water_mass",
    label="Body water",
    unit=Unit.KG,
    loinc=(),
    mdc=(188764,),
    plausible=(5, 200),
    decimals=1,
)
IMPEDANCE: Final = Metric(
    name="impedance",
    label="Body impedance",
    unit=Unit.OHM,
    loinc=(),
    mdc=(188780,),
    plausible=(50, 3000),
    decimals=0,
)
BASAL_METABOLISM: Final = Metric(
    name="basal_metabolism",
    label="Basal metabolism",
    unit=Unit.KILOJOULE,
    loinc=(),
    mdc=(188768,),
    plausible=(1500, 30000),
    decimals=0,
)
GLUCOSE: Final = Metric(
    name="glucose",
    label="Glucose",
    unit=Unit.MG_PER_DL,
    loinc=("2339-0", "41653-7", "2345-7"),
    mdc=(160364, 160184, 160188, 160368),
    plausible=(20, 600),
    decimals=0,
)
SPO2: Final = Metric(
    name="spo2",
    label="Oxygen saturation",
    unit=Unit.PERCENT,
    loinc=("59408-5", "2708-6"),
    mdc=(150456,),
    plausible=(50, 100),
    decimals=0,
)
PULSE_AMPLITUDE: Final = Metric(
    name="pulse_amplitude",
    label="Pulse amplitude index",
    unit=Unit.PERCENT,
    loinc=("61006-3",),
    mdc=(150320,),
    plausible=(0, 100),
    decimals=1,
)
TEMPERATURE: Final = Metric(
    name="temperature",
    label="Body temperature",
    unit=Unit.CELSIUS,
    loinc=("8310-5",),
    mdc=(150364,),
    plausible=(30, 43),
    decimals=1,
)

METRICS: Final[dict[str, Metric]] = {
    metric.name: metric
    for metric in (
        SYSTOLIC,
        DIASTOLIC,
        MEAN,
        PULSE,
        HEART_RATE,
        WEIGHT,
        HEIGHT,
        BMI,
        BODY_FAT,
        MUSCLE_PERCENTAGE,
        MUSCLE_MASS,
        FAT_FREE_MASS,
        SOFT_LEAN_MASS,
        BODY_WATER_MASS,
        IMPEDANCE,
        BASAL_METABOLISM,
        GLUCOSE,
        SPO2,
        PULSE_AMPLITUDE,
        TEMPERATURE,
    )
}
"""Every metric by name, in the order of the columns of the readings table."""
