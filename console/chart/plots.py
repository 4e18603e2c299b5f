"""Which panels a kind of measurement has, one above the other on one time axis."""

from dataclasses import dataclass
from typing import Final

from vitals.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    metric: str
    height: int
    narrowest: float
    """The least that the axis spans, canonical: noise must not look like a storm."""
    highest: float | None = None
    """No value lies above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    title: str
    icon: str
    plots: tuple[Plot, ...]
    sessions: bool = False


SHOWN: Final[dict[Kind, Shown]] = {
    Kind.BLOOD_PRESSURE: Shown(
        title="Blood pressure",
        icon="pressure",
        plots=(
            Plot(metric="systolic", height=190, narrowest=40),
            Plot(metric="diastolic", height=140, narrowest=30),
            Plot(metric="pulse", height=100, narrowest=30),
        ),
        sessions=True,
    ),
    Kind.WEIGHT: Shown(
        title="Weight",
        icon="weight",
        plots=(Plot(metric="weight", height=220, narrowest=4),),
    ),
    Kind.GLUCOSE: Shown(
        title="Glucose",
        icon="glucose",
        plots=(Plot(metric="glucose", height=240, narrowest=100),),
    ),
    Kind.OXIMETRY: Shown(
        title="Oxygen saturation",
        icon="oximetry",
        plots=(
            Plot(metric="spo2", height=170, narrowest=10, highest=100),
            Plot(metric="pulse", height=100, narrowest=30),
        ),
    ),
    Kind.TEMPERATURE: Shown(
        title="Temperature",
        icon="temperature",
        plots=(Plot(metric="temperature", height=170, narrowest=2),),
    ),
    Kind.HEART_RATE: Shown(
        title="Heart rate",
        icon="heartbeat",
        plots=(Plot(metric="heart_rate", height=170, narrowest=40),),
    ),
    Kind.BODY_COMPOSITION: Shown(
        title="Body composition",
        icon="weight",
        plots=(
            Plot(metric="body_fat", height=140, narrowest=4),
            Plot(metric="muscle_percentage", height=120, narrowest=4),
        ),
    ),
}
"""In the order in which pages show them."""
