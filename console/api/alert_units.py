"""An alert in the units that its patient's numbers are shown in, so that its words are in them too.

What is stored is canonical. A page never mixes units: the sentence, the value and the bound of an
alert are all made from what this answers. Pure.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from alerts.judging.numbers import shown
from alerts.life.alert import Alert
from console.web.formats import Units
from vitals.metrics import METRICS

MEASURED_AS: Final = {"glucose_mean": "glucose"}
"""Statistics that are numbers of a metric."""
NUMBERS: Final = ("value", "limit", "baseline", "reading")
DIFFERENCES: Final = frozenset({"value", "limit"})
"""How far something moved, where a rule is about that; percent where it says so."""
MOVED: Final = frozenset({"change", "trend", "shift"})
"""Codes of such rules. 1 °C more is 1.8 °F more, and not 33.8."""
MISTAKEN: Final = "fahrenheit"
"""The doubt that °F were kept as °C: told in °C, or nobody would see what is doubted."""

Convert = Callable[[str, float], float]


def in_units(alert: Alert, units: Units) -> Alert:
    """The same alert where nothing is shown in another unit."""
    if alert.reason.get("facts", {}).get("doubt") == MISTAKEN:
        return alert
    unit = other_unit(alert.metric, units)
    if unit is None:
        # A rule over several metrics may tell of another one than the alert's own.
        reason = _reason(alert.reason, units)
        return alert if reason is alert.reason else replace(alert, reason=reason)
    percent = bool(alert.reason.get("facts", {}).get("percent"))
    convert = _conversion(alert.reason, units)
    return replace(
        alert,
        metric=f"{alert.metric}:{unit}",
        value=alert.value if percent else _converted(alert.metric, alert.value, convert),
        worst=alert.worst if percent else _converted(alert.metric, alert.worst, convert),
        bound=alert.bound if percent else _bound(alert.bound, convert),
        reason=_reason(alert.reason, units),
    )


def told(metric: str | None, reason: Mapping[str, Any], value: float | None, units: Units) -> str:
    """A number that such an alert rests on, with its unit; empty where there is none."""
    if value is None or metric is None:
        return ""
    facts = reason.get("facts", {})
    unit = None if facts.get("doubt") == MISTAKEN else other_unit(metric, units)
    if unit is None or facts.get("percent"):
        return shown(metric, value)
    return shown(f"{metric}:{unit}", _converted(metric, value, _conversion(reason, units)))


def other_unit(metric: str | None, units: Units) -> str | None:
    """The unit that this metric's numbers are put into; None where they stay as they are."""
    known = MEASURED_AS.get(metric or "", metric)
    return units.unit(known) if known in METRICS and units.converts(known) else None


def _reason(reason: dict[str, Any], units: Units) -> dict[str, Any]:
    given = reason.get("facts", {})
    named = (given.get("metric"), given.get("first_metric"))
    if not any(isinstance(each, str) and other_unit(each, units) for each in named):
        return reason
    facts = dict(given)
    moved = _conversion(reason, units)
    for prefix in ("", "first_"):
        metric = facts.get(f"{prefix}metric")
        unit = other_unit(metric, units) if isinstance(metric, str) else None
        if unit is None:
            continue
        facts[f"{prefix}metric"] = f"{metric}:{unit}"
        for name in NUMBERS:
            if f"{prefix}{name}" in facts and not (facts.get("percent") and name in DIFFERENCES):
                convert = moved if name in DIFFERENCES else units.convert
                number = _converted(metric, facts[f"{prefix}{name}"], convert)
                facts[f"{prefix}{name}"] = _as_limit(number) if name == "limit" else number
    return {**reason, "facts": facts}


def _conversion(reason: Mapping[str, Any], units: Units) -> Convert:
    """Of the number that was judged: a value, or how far one moved."""
    # What goes on is told by another code: only rules about moves name a reading beside it.
    moved = reason.get("code") in MOVED or "reading" in reason.get("facts", {})
    return units.convert_difference if moved else units.convert


def _bound(bound: Mapping[str, Any] | None, convert: Convert) -> dict[str, Any] | None:
    if bound is None:
        return None
    return {**bound, "value": _as_limit(_converted(bound["metric"], bound["value"], convert))}


def _converted(metric: str | None, value: Any, convert: Convert) -> Any:
    """HI, LO and what is no number stay what they are."""
    known = MEASURED_AS.get(metric or "", metric)
    if known not in METRICS or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return convert(known, value) if math.isfinite(value) else value


def _as_limit(value: Any) -> Any:
    """A limit is said with one decimal: 70 mg/dL is 3.9 mmol/L."""
    return round(value, 1) if isinstance(value, float) else value
