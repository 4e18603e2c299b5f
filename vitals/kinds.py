"""Kinds of measurement: which metrics one act of measuring may bring, and which it must."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from vitals import metrics as m
from vitals.metrics import Metric


class Kind(StrEnum):
    """What was measured in one act; the value is its name on the wire and of its database view."""

    BLOOD_PRESSURE = "blood_pressure"
    WEIGHT = "weight"
    BODY_COMPOSITION = "body_composition"
    GLUCOSE = "glucose"
    OXIMETRY = "oximetry"
    TEMPERATURE = "temperature"
    HEART_RATE = "heart_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The metrics that make up one kind."""

    kind: Kind
    label: str
    primary: tuple[Metric, ...]
    """What the measurement is for: each of these has a value or a named special value."""
    others: tuple[Metric, ...] = ()
    loinc: str | None = None
    """The LOINC panel code, where the kind is reported as a panel."""
    mdc: int | None = None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return self.primary + self.others


PANELS: Final[dict[Kind, Panel]] = {
    panel.kind: panel
    for panel in (
        Panel(
            kind=Kind.BLOOD_PRESSURE,
            label="Blood pressure",
            primary=(m.SYSTOLIC, m.DIASTOLIC),
            others=(m.MEAN, m.PULSE),
            loinc="85354-9",
            mdc=150020,
        ),
        Panel(
            kind=Kind.WEIGHT,
            label="Weight",
            primary=(m.WEIGHT,),
            others=(m.BMI, m.HEIGHT),
        ),
        Panel(
            kind=Kind.BODY_COMPOSITION,
            label="Body composition",
            primary=(m.BODY_FAT,),
            others=(
                m.MUSCLE_PERCENTAGE,
                m.MUSCLE_MASS,
                m.FAT_FREE_MASS,
                m.SOFT_LEAN_MASS,
                m.BODY_WATER_MASS,
                m.IMPEDANCE,
                m.BASAL_METABOLISM,
                m.WEIGHT,
                m.HEIGHT,
            ),
        ),
        Panel(kind=Kind.GLUCOSE, label="Glucose", primary=(m.GLUCOSE,)),
        Panel(
            kind=Kind.OXIMETRY,
            label="Oximetry",
            primary=(m.SPO2,),
            others=(m.PULSE, m.PULSE_AMPLITUDE),
        ),
        Panel(kind=Kind.TEMPERATURE, label="Temperature", primary=(m.TEMPERATURE,)),
        Panel(kind=Kind.HEART_RATE, label="Heart rate", primary=(m.HEART_RATE,)),
    )
}
"""Every kind's panel; the metrics of a panel are the only keys its `values` may have."""
