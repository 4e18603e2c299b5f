"""An alert's reason in words for a person, in the patient's zone. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from alerts.judging.findings import Reason
from alerts.judging.numbers import shown
from alerts.judging.words import SENTENCES, sentence
from alerts.life.alert import Alert
from alerts.technical import words as technical


def explained(alert: Alert, *, zone: ZoneInfo, language: str = "en") -> str:
    """One sentence; the label where a reason of an earlier program is not known any more."""
    code = alert.reason.get("code")
    if code == "late_readings":
        return _late(alert.reason["facts"], zone)
    if code in technical.SENTENCES:
        return technical.said(alert.reason, zone=zone)
    if code not in SENTENCES:
        return alert.label
    said = sentence(msgspec.convert(alert.reason, Reason), zone=zone, language=language)
    return said + _since_then(alert)


def _since_then(alert: Alert) -> str:
    """What came after the value that the sentence names, where it was worse, or is another now."""
    facts = alert.reason["facts"]
    last = facts.get("value")
    if alert.metric is None or not isinstance(last, int | float):
        return ""
    named = shown(alert.metric, last)
    before = facts.get("first_value") if facts.get("first_metric") == alert.metric else None
    # Of two of which one confirms the other the sentence names both: neither came after it.
    both = {named, shown(alert.metric, before) if isinstance(before, int | float) else named}
    worst = None if alert.worst is None else shown(alert.metric, alert.worst)
    latest = None if alert.value is None else shown(alert.metric, alert.value)
    parts = [f"worst {worst}"] if worst not in {None, *both} else []
    if latest not in {None, named} and not (parts and latest == worst):
        parts.append(f"now {latest}")
    said = ", ".join(parts)
    return f"; since then {said}" if said.startswith("worst") else f"; {said}" if said else ""


def _late(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    count, found = facts["count"], facts["found"]
    first, last, arrived = (
        dt.datetime.fromisoformat(facts[name]).astimezone(zone)
        for name in ("from", "to", "arrived")
    )
    days = _day(first) if first.date() == last.date() else f"{_day(first)} to {_day(last)}"
    readings = "1 reading" if count == 1 else f"{count} readings"
    beyond = "none beyond limits" if not found else f"{found} beyond limits"
    return f"{readings} of {days} arrived late, {arrived:%H:%M} on {_day(arrived)}: {beyond}"


def _day(at: dt.datetime) -> str:
    return f"{at.day} {at:%b}"
