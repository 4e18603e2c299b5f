"""Missing and technical items in plain words, for a nurse. Pure."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

Facts = Mapping[str, Any]
DAY_MIN: Final = 24 * 60

_KINDS: Final = {
    "blood_pressure": "blood pressure",
    "weight": "weight",
    "body_composition": "body composition",
    "glucose": "glucose",
    "oximetry": "oxygen saturation",
    "temperature": "temperature",
    "heart_rate": "heart rate",
}
_HELD: Final = {
    "unknown_gateway": "from a hub that nobody enrolled",
    "revoked_gateway": "from a hub that was shut out",
    "unknown_device": "from a device that is not registered",
    "unassigned": "measured while the device was nobody's",
    "not_this_person": "measured in a user slot that is nobody's",
    "ambiguous_user": "by one of several people who share the device",
    "far_from_usual": "far from what is usual, where others use the device",
    "no_value": "without a number",
    "impossible_pair": "with numbers that do not go together",
    "from_the_future": "dated in the future",
    "conflict": "that contradict another of the same instant",
}
_ALSO: Final = {
    "battery-low": "its battery is low",
    "device-unseen": "it is not seen",
    "clock-fault": "its clock is wrong",
}
_REMEDIES: Final = (
    ("no Bluetooth", "it does not hear the devices: is its Bluetooth adapter plugged in?"),
    ("the Bluetooth adapter", "it does not hear the devices: switch the hub off and on again"),
    ("the disk is full", "it can keep no new measurements: somebody must make room on it"),
    ("the hub does not know the time", "is it connected to the internet?"),
)
"""How what a hub says begins -> what follows from it, or helps."""
NAMED_MOST: Final = 3


def said(reason: Mapping[str, Any], *, zone: ZoneInfo) -> str:
    """One sentence without a full stop."""
    return SENTENCES[reason["code"]](reason["facts"], zone)


def _hub(facts: Facts) -> str:
    label = facts.get("label")
    name = facts["gateway"]
    return f"Hub {name} ({label})" if label and label != name else f"Hub {name}"


def _device(facts: Facts) -> str:
    label, address = facts.get("label"), facts["device"]
    return f"Device {label} ({address})" if label else f"Device {address}"


def _at(facts: Facts, key: str, zone: ZoneInfo) -> str:
    at = dt.datetime.fromisoformat(facts[key]).astimezone(zone)
    return f"{at:%H:%M} on {at.day} {at:%b}"


def _day(at: str, zone: ZoneInfo) -> str:
    day = dt.datetime.fromisoformat(at).astimezone(zone)
    return f"{day.day} {day:%b}"


def _count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {many}"


def _length(minutes: int) -> str:
    """In the largest unit that says it: nobody reads a wrong year in minutes."""
    for unit, holds in (("year", 365 * DAY_MIN), ("day", DAY_MIN), ("hour", 60)):
        if minutes >= 2 * holds:
            return f"about {round(minutes / holds)} {unit}s"
    return _count(minutes, "minute", "minutes")


def _waiting(facts: Facts) -> str:
    patients = facts["patients"]
    if not patients:
        return "nobody is waiting behind it"
    verb = "is" if patients == 1 else "are"
    return f"{_count(patients, 'patient', 'patients')} {verb} waiting behind it"


def _offline(facts: Facts, zone: ZoneInfo) -> str:
    heard = _at(facts, "heard_at", zone)
    return f"{_hub(facts)} has not been heard since {heard}; {_waiting(facts)}"


def _never(facts: Facts, zone: ZoneInfo) -> str:
    enrolled = _at(facts, "enrolled_at", zone)
    never = f"has never been heard since it was enrolled at {enrolled}"
    return f"{_hub(facts)} {never}; {_waiting(facts)}"


def _trouble(facts: Facts, _zone: ZoneInfo) -> str:
    said = facts["trouble"]
    remedy = next((words for start, words in _REMEDIES if said.startswith(start)), "look after it")
    return f"{_hub(facts)} cannot do its work, it says: {said}; {remedy}; {_waiting(facts)}"


def _undecodable(facts: Facts, _zone: ZoneInfo) -> str:
    messages = _count(facts["count"], "message", "messages")
    them = "it" if facts["count"] == 1 else "them"
    return (
        f"{_hub(facts)} keeps {messages} of its devices that it cannot read: no reading came of"
        f" {them}; tell whoever looks after the hubs"
    )


def _and_also(facts: Facts) -> str:
    return "".join(f"; {_ALSO[rule]} too" for rule in facts.get("also", ()) if rule in _ALSO)


def _unseen(facts: Facts, zone: ZoneInfo) -> str:
    seen = facts.get("seen_at")
    if seen is None:
        handed_out = _at(facts, "since", zone)
        words = f"has never been seen since it was handed out at {handed_out}"
    else:
        words = f"has not been seen since {_at(facts, 'seen_at', zone)}"
    return f"{_device(facts)} {words}: is it near the hub, and its battery full?{_and_also(facts)}"


def _battery(facts: Facts, _zone: ZoneInfo) -> str:
    limit = facts["limit"]
    also = _and_also(facts)
    return f"{_device(facts)} has {facts['battery']} % left in its battery, limit {limit} %{also}"


def _clock(facts: Facts, _zone: ZoneInfo) -> str:
    minutes = facts["drift_min"]
    side = "ahead" if minutes > 0 else "behind"
    wrong = _length(abs(minutes))
    name = _device(facts).removeprefix("Device ")
    return f"The clock of device {name} is {wrong} {side}: set it"


def _bond(facts: Facts, _zone: ZoneInfo) -> str:
    hub = facts.get("gateway")
    to = f"hub {hub}" if hub else "its hub"
    return f"{_device(facts)} has lost its pairing with {to}: pair it again{_and_also(facts)}"


def _held_back(facts: Facts, zone: ZoneInfo) -> str:
    of = f"device {facts['device']}" if "device" in facts else f"hub {facts['gateway']}"
    reasons = list(facts["reasons"].items())
    parts = [f"{count} {_why(reason)}" for reason, count in reasons[:NAMED_MOST]]
    if len(reasons) > NAMED_MOST:
        parts.append(f"{sum(count for _, count in reasons[NAMED_MOST:])} for other reasons")
    readings = _count(facts["count"], "reading", "readings")
    verb = "is" if facts["count"] == 1 else "are"
    return (
        f"{readings} of {of} {verb} held back and not counted: {', '.join(parts)}; "
        f"the latest came at {_at(facts, 'last_at', zone)}"
    )


def _why(reason: str) -> str:
    name, _, metric = reason.partition(":")
    if name == "implausible":
        return f"with an impossible {metric.replace('_', ' ') or 'value'}"
    return _HELD.get(name, f"marked {name.replace('_', ' ')}")


def _whose(facts: Facts, zone: ZoneInfo) -> str:
    of = f"device {facts['device']}" if "device" in facts else f"hub {facts['gateway']}"
    readings = _count(facts["count"], "reading", "readings")
    return (
        f"Whose {'is' if facts['count'] == 1 else 'are'} {readings} of {of}? "
        f"The latest came at {_at(facts, 'last_at', zone)}; they count for nobody until it is said"
    )


def _missed(facts: Facts, zone: ZoneInfo) -> str:
    return "; ".join(_one_missed(measure, zone) for measure in facts["measures"])


def _one_missed(measure: Facts, zone: ZoneInfo) -> str:
    kind = _KINDS.get(measure["kind"], measure["kind"].replace("_", " "))
    days = "expected day" if measure["days"] == 1 else "expected days in a row"
    last = measure["last_at"]
    since = "none before" if last is None else f"the last was on {_day(last, zone)}"
    device = {
        "none": ", and no device for it is assigned",
        "silent": ", and its device was not in use since: not measured, or its battery is empty",
    }.get(measure["device"], "")
    return f"No {kind} on {measure['days']} {days} ({since}){device}"


SENTENCES: Final[Mapping[str, Callable[[Facts, ZoneInfo], str]]] = {
    "gateway_offline": _offline,
    "gateway_never_online": _never,
    "gateway_trouble": _trouble,
    "frames_undecodable": _undecodable,
    "device_unseen": _unseen,
    "battery_low": _battery,
    "clock_fault": _clock,
    "bond_lost": _bond,
    "quarantined_readings": _held_back,
    "ambiguous_readings": _whose,
    "missed_measurements": _missed,
}
"""A reason's code -> its words."""
