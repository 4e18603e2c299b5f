"""What is known of a reading besides its numbers, in words. Pure."""

from collections.abc import Iterable
from typing import Final

from alerts.judging.artefacts import Doubt
from alerts.judging.words import DOUBTS
from console.chart.record import TYPED

TIMES: Final = {
    "device": "the device's own clock",
    "corrected": "the device's clock, corrected by its drift",
    "gateway": "when the hub received it; the device gave no time worth believing",
}
TIMES_SHORT: Final = {"device": "device", "corrected": "corrected", "gateway": "hub"}
FLAGS: Final = {
    "late": "arrived late",
    "body_movement": "moved during the measurement",
    "cuff_too_loose": "cuff too loose",
    "irregular_pulse": "irregular pulse",
    "pulse_above_range": "pulse above the cuff's range",
    "pulse_below_range": "pulse below the cuff's range",
    "improper_position": "arm not in position",
    "control_solution": "control solution, no blood",
    "result_too_high": "above the meter's range",
    "result_too_low": "below the meter's range",
}
ATTRIBUTIONS: Final = {
    "assigned": "by who had the device",
    "reassigned": "said by a person",
    "ambiguous": "in doubt",
    "quarantined": "held back",
}
WHOSE: Final = {
    "assigned": "assigned",
    "reassigned": "by a person",
    "ambiguous": "in doubt",
    "quarantined": "held back",
}
"""The same in a table."""
MEALS: Final = {
    "before_meal": "before a meal",
    "after_meal": "after a meal",
    "fasting": "fasting",
    "casual": "no particular time",
    "bedtime": "at bedtime",
}


def flags_in_words(flags: Iterable[str]) -> str:
    return ", ".join(FLAGS.get(flag, flag.replace("_", " ")) for flag in flags)


def doubt_in_words(code: int) -> str:
    """Why a reading is left out of means and alerts; empty where it counts."""
    return "" if code == Doubt.NONE else DOUBTS[Doubt(code).name.lower()]


def source_in_words(profile: str) -> str:
    return "typed in by hand" if profile in TYPED else "sent by the device"


def drift_in_words(seconds: float | None) -> str:
    """42 s ahead"""
    if seconds is None:
        return "not measured"
    if abs(seconds) < 1:
        return "none"
    whole = abs(round(seconds))
    text = f"{whole} s" if whole < 120 else f"{whole // 60} min"  # noqa: PLR2004 - two minutes
    return f"{text} {'ahead' if seconds > 0 else 'behind'}"
