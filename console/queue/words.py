"""What a row of the queue says, in words. Pure: `now`, zone and units are arguments."""

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from alerts.judging.numbers import name_of, shown
from alerts.judging.words import SIDES
from alerts.life.alert import Alert, State
from alerts.technical import items as technical
from care.rules import RANK, Lane, Op, Severity
from console.api.alert_over import how_over
from console.api.alert_units import in_units, other_unit
from console.queue.facts import Item, Person, Point
from console.web.formats import clock_time, counted, span

MINUTE: Final = dt.timedelta(minutes=1)
DAY: Final = dt.timedelta(days=1)
DIFFERENCES: Final = frozenset({"change", "trend"})
"""Rules whose number is how far a value moved, not the value."""
BEYOND: Final = {
    "HI": "above what the device can show",
    "LO": "below what the device can show",
}
SEVERITIES: Final = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
}
ICONS: Final = {
    technical.GATEWAY_OFFLINE: "hub",
    technical.GATEWAY_NEVER_ONLINE: "hub",
    technical.GATEWAY_TROUBLE: "hub",
    technical.FRAMES_UNDECODABLE: "hub",
    technical.BATTERY_LOW: "battery",
    technical.CLOCK_FAULT: "clock",
    technical.QUARANTINED: "desk",
    technical.AMBIGUOUS: "desk",
    technical.MISSED: "gap",
}
"""Of what is no value; everything else about a device has the device's."""
LANES: Final = {
    Lane.NEEDS_CHECK: "Check the reading",
    Lane.REVIEW: "For review",
    Lane.COMPLIANCE: "No data",
    Lane.TECHNICAL: "Technical",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A time that is left, or over: `kind` says how a page counts it on."""

    kind: str
    at: dt.datetime
    text: str
    late: bool = False

    @property
    def iso(self) -> str:
        return self.at.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    icon: str
    text: str


def left(until: dt.datetime, *, now: dt.datetime) -> Deadline:
    """Until when somebody is to take it on: "12 min left", "late 5 min"."""
    late = until < now
    over = abs(now - until)
    length = span(over) if over >= MINUTE else "under 1 min"
    return Deadline(
        kind="left", at=until, text=f"late {length}" if late else f"{length} left", late=late
    )


def deadline(item: Item, *, now: dt.datetime) -> Deadline | None:
    """What runs out for this alert, if anything does."""
    alert = item.alert
    if alert.state.unattended and alert.acknowledge_by is not None:
        return left(alert.acknowledge_by, now=now)
    if alert.state is State.ACKNOWLEDGED and item.reopen_at is not None:
        return _until("back", item.reopen_at, now)
    if alert.state is State.SNOOZED and alert.snoozed_until is not None:
        return _until("asleep", alert.snoozed_until, now)
    return None


def _until(kind: str, at: dt.datetime, now: dt.datetime) -> Deadline:
    words = "open again in" if kind == "back" else "wakes in"
    length = span(at - now) if at - now >= MINUTE else "under 1 min"
    return Deadline(kind=kind, at=at, text=f"{words} {length}")


def state(item: Item, *, zone: ZoneInfo, now: dt.datetime) -> str:
    """In the clinic's zone: it tells of what colleagues did."""
    alert = item.alert
    match alert.state:
        case State.ACKNOWLEDGED if alert.acknowledged_at is not None:
            return f"Acknowledged by {item.taken_by or 'a colleague'} " + moment(
                alert.acknowledged_at, zone, now=now
            )
        case State.SNOOZED if alert.snoozed_until is not None:
            by = f" by {item.put_off_by}" if item.put_off_by else ""
            return f"Snoozed until {moment(alert.snoozed_until, zone, now=now)}{by}"
        case State.ESCALATED:
            return f"Escalated, step {alert.escalation_level}"
        case State.AWAITING_REPEAT:
            return "Waiting for a repeat"
        case _:
            return "Open"


def moment(at: dt.datetime, zone: ZoneInfo, *, now: dt.datetime) -> str:
    """10:42, with its day where that is not today."""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return clock_time(at, zone)
    return f"{local.day} {local:%b} {clock_time(at, zone)}"


def aged(at: dt.datetime, *, now: dt.datetime) -> str:
    return f"{span(now - at)} ago" if now - at >= MINUTE else "just now"


def what(item: Item) -> str:
    """The short name of it."""
    alert = item.alert
    return alert.label or (name_of(alert.metric) if alert.metric else alert.rule.replace("-", " "))


def telling(item: Item) -> bool:
    """Whether its sentence says more than its value and bound: one value beyond a limit is both."""
    return item.no_value or item.alert.reason.get("code") != "limit"


def icon(item: Item) -> str | None:
    """For what is no value alert; None for those, whose severity is their sign."""
    if not item.no_value:
        return None
    return ICONS.get(item.alert.rule, "device")


def measured(alert: Alert, told: Alert, person: Person | None, points: tuple[Point, ...]) -> str:
    """The number with its unit, in the patient's own: "184 mmHg"; empty where there is none.

    `told` is the alert in the patient's units.
    """
    metric = alert.metric
    if metric is None or alert.lane in {Lane.TECHNICAL, Lane.COMPLIANCE, Lane.REVIEW}:
        return ""
    if alert.reason.get("code") in DIFFERENCES:
        return _text(metric, points[0].value, person) if points else ""
    return number(told)


def number(alert: Alert) -> str:
    """As the alert's row has it, in its units."""
    value = alert.value
    if alert.metric is None or value is None or math.isnan(value):
        return "" if alert.metric is None else beyond(alert)
    if math.isinf(value):
        return "HI" if value > 0 else "LO"
    beside = alert.bound["value"] if alert.bound else None
    return shown(alert.metric, value, beside=beside)


def beyond(alert: Alert) -> str:
    """HI or LO for what the device could not put into a number: its row keeps none."""
    if alert.value is not None and not math.isnan(alert.value):
        return ""
    seen = alert.reason.get("facts", {}).get("value")
    return {"hi": "HI", "lo": "LO"}.get(seen, "") if isinstance(seen, str) else ""


def quantity(alert: Alert) -> str:
    """What the number is of: "Systolic"."""
    if alert.metric is None:
        return ""
    past = BEYOND.get(beyond(alert))
    return f"{name_of(alert.metric)}, {past}" if past else name_of(alert.metric)


def bound(alert: Alert, told: Alert) -> str:
    """The limit of this patient's plan that was crossed; as it was when the alert was raised."""
    crossed = told.bound
    if crossed is None or told.metric is None:
        return ""
    op = Op(crossed["op"])
    if told.reason.get("code") not in DIFFERENCES:
        return f"limit {SIDES[op]} {_plain(crossed['value'])}"
    facts: dict[str, Any] = told.reason.get("facts", {})
    metric = told.metric if crossed["metric"] == alert.metric else crossed["metric"]
    unit = "%" if facts.get("percent") else shown(metric, 0.0).partition(" ")[2]
    way = "a rise" if op.upward else "a fall"
    per = " a week" if told.reason.get("code") == "trend" else _in_days(facts)
    return f"limit {way} of {_plain(abs(crossed['value']))} {unit}{per}"


def trend(
    points: tuple[Point, ...], metric: str | None, person: Person | None, *, beside: str = ""
) -> Trend | None:
    """The latest reading against the one before; None where there are not two.

    `beside` is the number that the row shows: where that is a mean, the reading is named too.
    """
    if metric is None or person is None or len(points) < 2:  # noqa: PLR2004 - two to compare
        return None
    latest, before = points[0], points[1]
    then = _text(metric, before.value, person)
    passed = latest.at - before.at
    apart = span(passed) if passed >= MINUTE else "under a minute"
    last = _text(metric, latest.value, person)
    named = f"last reading {_bare(last)}, " if beside and beside != last else ""
    if then == last:
        return Trend(icon="flat", text=f"{named}the same as {apart} before")
    up = latest.value > before.value
    # Of the two numbers that are read here: each is rounded by itself.
    by = abs(Decimal(_bare(last)) - Decimal(_bare(then)))
    return Trend(
        icon="up" if up else "down",
        text=f"{named}{'up' if up else 'down'} {by} from {_bare(then)}, {apart} before",
    )


def others(items: tuple[Item, ...]) -> str:
    """What else stands in the row: "2 more: 1 high open, 1 low"."""
    rest = items[1:]
    if not rest:
        return ""
    counts: dict[tuple[int, str], int] = {}
    for each in rest:
        severity, alert = each.alert.severity, each.alert
        waiting = " open" if alert.state.unattended else ""
        if alert.cleared_at is not None:
            waiting += f" ({how_over(alert.cleared_why).words.lower()})"
        key = (-RANK[severity], f"{severity}{waiting}")
        counts[key] = counts.get(key, 0) + 1
    parts = ", ".join(f"{count} {words}" for (_, words), count in sorted(counts.items()))
    return f"{len(rest)} more: {parts}"


def episode(alert: Alert) -> str:
    """How often: "12 readings"; empty for what is one."""
    return counted(alert.readings, "reading") if alert.readings > 1 else ""


def _in_units(alert: Alert, person: Person | None) -> Alert:
    return alert if person is None else in_units(alert, person.units)


def _text(metric: str, value: float, person: Person | None) -> str:
    unit = None if person is None else other_unit(metric, person.units)
    if person is None or unit is None:
        return shown(metric, value)
    return shown(f"{metric}:{unit}", person.units.convert(metric, value))


def _bare(text: str) -> str:
    """Without its unit, which stands beside it."""
    return text.partition(" ")[0]


def _plain(value: float) -> str:
    return f"{value:g}"


def _in_days(facts: dict[str, Any]) -> str:
    days = facts.get("days")
    return "" if days is None else f" in {counted(days, 'day')}"


def proof(alert: Alert, value: float | None, person: Person | None) -> str:
    """A number that the alert rests on, told as the alert's own."""
    if value is None:
        return ""
    return number(_in_units(replace(alert, value=value, bound=None), person))
