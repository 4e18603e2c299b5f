"""A blood pressure told whole: "186/113 mmHg, pulse 88", with what triggered emphasised. Pure.

An alert is about one number; whoever judges it needs the others that were measured with it. The
words beside it name what triggered: bold type alone would tell only those who see it.
"""

from typing import Final

from markupsafe import Markup
from msgspec import Struct

from alerts.judging.numbers import shown

KIND: Final = "blood_pressure"


class Pressure(Struct, frozen=True, gc=False):
    """What one measurement of a cuff gave."""

    systolic: float | None
    diastolic: float | None
    pulse: float | None

    def of(self, metric: str | None) -> float | None:
        """None also for what it does not have."""
        match metric:
            case "systolic":
                return self.systolic
            case "diastolic":
                return self.diastolic
            case "pulse":
                return self.pulse
            case _:
                return None


def whole(pressure: Pressure, hit: str | None = None, number: str = "") -> Markup:
    """`hit`: the metric that triggered, told as `number`; empty where nothing is known."""

    def told(metric: str, value: float) -> str:
        if metric == hit:
            return f"<b>{number or shown(metric, value, unit=False)}</b>"
        return shown(metric, value, unit=False)

    parts = []
    if pressure.systolic is not None and pressure.diastolic is not None:
        upper, lower = told("systolic", pressure.systolic), told("diastolic", pressure.diastolic)
        parts.append(f'<span class="nowrap">{upper}/{lower} mmHg</span>')
    elif pressure.systolic is not None:
        parts.append(f'<span class="nowrap">{told("systolic", pressure.systolic)} mmHg</span>')
    elif pressure.diastolic is not None:
        parts.append(f'<span class="nowrap">{told("diastolic", pressure.diastolic)} mmHg</span>')
    if pressure.pulse is not None:
        parts.append(f'<span class="nowrap">pulse {told("pulse", pressure.pulse)}</span>')
    return Markup(", ".join(parts))  # noqa: S704 - numbers of our own, nothing that anybody typed
