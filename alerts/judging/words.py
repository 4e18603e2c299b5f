"""Reasons in plain words. They say what was measured and which limit it crossed, never an illness.

A number is shown as people know it from the device: the registry's decimals, more only where the
rounding would hide on which side of the limit it lies.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from alerts.judging.findings import Fact, Reason
from alerts.judging.numbers import measure, name_of, plain, rounded, shown
from care.rules import Op

Facts = Mapping[str, Fact]

SIDES: Final = {
    Op.AT_OR_ABOVE: "at or above",
    Op.ABOVE: "above",
    Op.AT_OR_BELOW: "at or below",
    Op.BELOW: "below",
}
DOUBTS: Final = {
    "not_the_patient": "it was no measurement of the patient",
    "sensor_fault": "the device reports a fault",
    "poor_signal": "the device reports a poor signal",
    "body_movement": "the patient moved",
    "cuff_too_loose": "the cuff was too loose",
    "improper_position": "the arm was not in position",
    "pulse_out_of_range": "the cuff could not follow the pulse",
    "fahrenheit": "it looks like degrees Fahrenheit",
    "unit_switched": "it looks like another unit, kilograms and pounds mixed up",
    "somebody_else": "it is far from this patient's last readings: somebody else?",
    "pulse_pressure": "systolic and diastolic are implausibly far apart, or close",
    "same_attempt": "it is the same attempt as the reading before",
}
"""alerts.judging.artefacts.Doubt in words."""


def sentence(reason: Reason, *, zone: ZoneInfo, language: str = "en") -> str:
    """One sentence without a full stop. Only English is written so far; others fall back to it."""
    del language
    return SENTENCES[reason.code](reason.facts, zone)


def _limit(facts: Facts) -> float | None:
    limit = facts.get("limit")
    return float(limit) if isinstance(limit, int | float) else None


def _clock(facts: Facts, key: str, zone: ZoneInfo, beside: str | None = None) -> str:
    """`08:02 on 19 Nov`, or `08:02` on the same day as another."""
    at = dt.datetime.fromisoformat(str(facts[key])).astimezone(zone)
    if beside is not None:
        other = dt.datetime.fromisoformat(str(facts[beside])).astimezone(zone)
        if other.date() == at.date():
            return f"{at:%H:%M}"
    return f"{at:%H:%M} on {at.day} {at:%b}"


def _value(facts: Facts) -> str:
    return shown(str(facts["metric"]), facts["value"], beside=_limit(facts))


def _named(facts: Facts) -> str:
    return f"{name_of(str(facts['metric']))} {_value(facts)}"


def _bound(facts: Facts) -> str:
    limit = _limit(facts)
    return "" if limit is None else f"limit {SIDES[Op(str(facts['op']))]} {plain(limit)}"


def _readings(facts: Facts) -> str:
    return "1 reading" if facts["readings"] == 1 else f"{facts['readings']} readings"


def _days(facts: Facts) -> str:
    return "day" if facts["days"] == 1 else f"{facts['days']} days"


def _single(facts: Facts, zone: ZoneInfo) -> str:
    return f"{_named(facts)} at {_clock(facts, 'at', zone)}, {_bound(facts)}"


def _confirmed(facts: Facts, zone: ZoneInfo) -> str:
    first = {
        name.removeprefix("first_"): fact
        for name, fact in facts.items()
        if name.startswith("first_")
    }
    at = _clock(facts, "at", zone, beside="first_at")
    if all(first[name] == facts[name] for name in ("metric", "op", "limit")):
        again = shown(str(facts["metric"]), facts["value"], beside=_limit(facts), unit=False)
        return f"{_single(first, zone)}, confirmed by {again} at {at}"
    return f"{_single(first, zone)}, confirmed by {_named(facts)} at {at}, {_bound(facts)}"


def _no_repeat(facts: Facts, zone: ZoneInfo) -> str:
    return f"{_single(facts, zone)}; no repeat came within {facts['within_min']} minutes"


def _awaiting(facts: Facts, zone: ZoneInfo) -> str:
    until = _clock(facts, "until", zone, beside="at")
    return f"{_single(facts, zone)}; a repeat is awaited until {until}"


def _session(facts: Facts, zone: ZoneInfo) -> str:
    return (
        f"{_named(facts)}, the mean of {_readings(facts)} up to {_clock(facts, 'at', zone)}, "
        f"{_bound(facts)}"
    )


def _window(facts: Facts, zone: ZoneInfo) -> str:
    return (
        f"{_named(facts)}, the mean of the last {_days(facts)} ({_readings(facts)}) "
        f"up to {_clock(facts, 'at', zone)}, {_bound(facts)}"
    )


def _signed(facts: Facts, unit: str) -> str:
    value = facts["value"]
    if not isinstance(value, int | float):
        return "no number"
    decimals = max(1, measure(str(facts["metric"]))[2])
    text = rounded(abs(value), decimals, abs(_limit(facts) or 0.0))
    return f"{'up' if value >= 0 else 'down'} {text} {unit}".rstrip()


_COMPARED: Final = {
    "lowest": "the lowest",
    "highest": "the highest",
    "median": "the median",
    "mean": "the mean",
    "oldest": "the first",
}


def _change(facts: Facts, zone: ZoneInfo) -> str:
    metric = str(facts["metric"])
    unit = "%" if facts.get("percent") else measure(metric)[1]
    reading = shown(metric, facts["reading"])
    against = _COMPARED.get(str(facts.get("compared_with")), "the usual")
    return (
        f"{name_of(metric)} {reading} at {_clock(facts, 'at', zone)}, {_signed(facts, unit)} "
        f"from {against} of the {_days(facts)} before, {_bound(facts)}"
    )


def _band(facts: Facts, zone: ZoneInfo) -> str:
    return (
        f"{_named(facts)} at {_clock(facts, 'at', zone)}, {facts.get('side', 'outside')} this "
        f"patient's usual range of the {_days(facts)} before ({_readings(facts)})"
    )


def _trend(facts: Facts, zone: ZoneInfo) -> str:
    metric = str(facts["metric"])
    unit = f"{measure(metric)[1]} per week"
    return (
        f"{name_of(metric)} {_signed(facts, unit)} over the {_days(facts)} up to "
        f"{_clock(facts, 'at', zone)} ({_readings(facts)}), {_bound(facts)} per week"
    )


def _shift(facts: Facts, zone: ZoneInfo) -> str:
    direction = "up" if facts.get("side") == "above" else "down"
    return (
        f"{name_of(str(facts['metric']))} has moved {direction} from this patient's own level, "
        f"as of {_clock(facts, 'at', zone)} ({_readings(facts)})"
    )


def _n_of_m(facts: Facts, zone: ZoneInfo) -> str:
    return (
        f"{_named(facts)} at {_clock(facts, 'at', zone)}, at least {facts['n']} of the last "
        f"{facts['m']} readings {SIDES[Op(str(facts['op']))]} {plain(_limit(facts) or 0.0)}"
    )


def _flagged(facts: Facts, zone: ZoneInfo) -> str:
    flag = str(facts["flag"]).replace("_", " ")
    count = facts["value"]
    shown_count = int(count) if isinstance(count, int | float) else facts["n"]
    return (
        f"The device reported {flag} in {shown_count} of the last {_readings(facts)}, "
        f"latest at {_clock(facts, 'at', zone)}"
    )


def _statistic(facts: Facts, zone: ZoneInfo) -> str:
    return (
        f"{_named(facts)} over {_readings(facts)} in the {_days(facts)} up to "
        f"{_clock(facts, 'at', zone)}, {_bound(facts)}"
    )


def _scale(facts: Facts, zone: ZoneInfo) -> str:
    return f"{_single(facts, zone)} (scale {facts['scale']}, {facts['score']} points)"


def _together(facts: Facts, zone: ZoneInfo) -> str:
    labels = facts.get("labels")
    names = "; ".join(labels) if isinstance(labels, list) else ""
    return f"Together at {_clock(facts, 'at', zone)}: {names}"


def _doubt(facts: Facts, zone: ZoneInfo) -> str:
    why = DOUBTS[str(facts["doubt"])]
    bound = _bound(facts)
    said = f"{_named(facts)} at {_clock(facts, 'at', zone)}" + (f", {bound}" if bound else "")
    return f"{said}; the reading may be wrong: {why}"


def _continued(facts: Facts, zone: ZoneInfo) -> str:
    if facts.get("metric") is None:
        return "Still so"
    return f"{_named(facts)} at {_clock(facts, 'at', zone)}"


SENTENCES: Final[Mapping[str, Callable[[Facts, ZoneInfo], str]]] = {
    "limit": _single,
    "confirmed": _confirmed,
    "no_repeat": _no_repeat,
    "awaiting_repeat": _awaiting,
    "session_mean": _session,
    "window_mean": _window,
    "change": _change,
    "band": _band,
    "trend": _trend,
    "shift": _shift,
    "n_of_m": _n_of_m,
    "n_of_m_flag": _flagged,
    "glucose_statistic": _statistic,
    "oximetry_scale": _scale,
    "together": _together,
    "doubt": _doubt,
    "continued": _continued,
}
"""A reason's code -> its words, of its facts and in the patient's zone."""
