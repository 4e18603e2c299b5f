"""One measurement in a line, as people say it: "128/81 mmHg, pulse 71 bpm". Pure."""

from collections.abc import Mapping
from typing import Final

from console.web.formats import Units
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

SPECIAL: Final = {
    "hi": "above what the device can show",
    "lo": "below what the device can show",
    "positive_infinity": "above what the device can show",
    "negative_infinity": "below what the device can show",
}
"""Others, as NaN, are no value at all."""
NO_VALUE: Final = "no value"
PRESSURES: Final = ("systolic", "diastolic")


def measured(
    kind: str,
    values: Mapping[str, float],
    special: Mapping[str, str],
    units: Units,
    *,
    language: str = "en",
) -> str:
    """What the measurement is for first; what came with it after."""
    panel = PANELS[Kind(kind)]
    if all(name in values for name in PRESSURES):
        both = "/".join(units.number(name, values[name], language=language) for name in PRESSURES)
        first = f"{both} {units.unit('systolic')}"
    else:
        primary = [metric.name for metric in panel.primary]
        first = ", ".join(_one(name, values, special, units, language) for name in primary)
    others = [
        f"{METRICS[metric.name].label.lower()} {units.text(metric.name, values[metric.name])}"
        for metric in panel.others
        if metric.name in values and metric.name not in {"mean", "height"}
    ]
    return ", ".join([first, *others])


def _one(
    name: str,
    values: Mapping[str, float],
    special: Mapping[str, str],
    units: Units,
    language: str,
) -> str:
    if name in values:
        return units.text(name, values[name], language=language)
    return SPECIAL.get(special.get(name, ""), NO_VALUE)
