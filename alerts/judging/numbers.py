"""Names of what is measured, and numbers as people know them from their devices."""

from typing import Final

from alerts.judging.findings import Fact
from vitals.metrics import METRICS
from vitals.units import PRINTED

_DERIVED: Final = {"pulse_pressure": ("Pulse pressure", "mmHg", 0)}
_STATISTICS: Final = {
    "glucose_in_range_percent": ("Readings in range 70-180", "%", 0),
    "glucose_below_54_percent": ("Readings below 54 mg/dL", "%", 0),
    "glucose_below_70_percent": ("Readings below 70 mg/dL", "%", 0),
    "glucose_above_180_percent": ("Readings above 180 mg/dL", "%", 0),
    "glucose_above_250_percent": ("Readings above 250 mg/dL", "%", 0),
    "glucose_mean": ("Mean glucose", "mg/dL", 0),
    "glucose_gmi": ("Glucose management indicator", "%", 1),
    "glucose_cv": ("Glucose variation (CV)", "%", 0),
    "glucose_lbgi": ("Low blood glucose index", "", 1),
    "glucose_hbgi": ("High blood glucose index", "", 1),
}
_MOST_DECIMALS: Final = 4


def name_of(metric: str) -> str:
    return measure(metric)[0]


def shown(metric: str, value: Fact, *, beside: float | None = None, unit: bool = True) -> str:
    """A number with its unit, as precise as needed to tell it from `beside`."""
    _, its_unit, decimals = measure(metric)
    if isinstance(value, str):
        return "HI" if value == "hi" else "LO"
    if not isinstance(value, int | float):
        return "no number"
    text = rounded(float(value), decimals, beside)
    return f"{text} {its_unit}" if unit and its_unit else text


def measure(metric: str) -> tuple[str, str, int]:
    """Name, unit and decimals of a metric, a derived one, or a glucose statistic."""
    metric, _, other_unit = metric.partition(":")
    if other_unit:  # `weight:lb`: a page has put the numbers into a patient's own unit.
        name, _, decimals = measure(metric)
        return name, other_unit, max(decimals, 1)
    found = METRICS.get(metric)
    if found is not None:
        return found.label, PRINTED[found.unit], found.decimals
    return _DERIVED.get(metric) or _STATISTICS.get(metric) or (metric.replace("_", " "), "", 1)


def rounded(value: float, decimals: int, beside: float | None) -> str:
    """More decimals while the rounding would make the value equal to `beside`, which it is not."""
    text = f"{value:.{decimals}f}"
    while beside is not None and value != beside and decimals < _MOST_DECIMALS:
        if float(text) != round(beside, decimals):
            break
        decimals += 1
        text = f"{value:.{decimals}f}"
    return text


def plain(number: float) -> str:
    """A limit, as the plan has it."""
    return f"{number:g}"
