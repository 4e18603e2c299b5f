"""What happened after a month was locked, in words. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from console.billing.words import minutes
from console.web.formats import counted, day, instant

KINDS: Final[dict[str, str]] = {
    "entry added": "Time was written down",
    "entry corrected": "Time was corrected",
    "entry withdrawn": "Time was withdrawn",
}
_READINGS: Final[dict[str, str]] = {
    "readings arrived": "arrived",
    "readings taken away": "no longer belong to the patient",
}


def cause_words(cause: Mapping[str, Any], zone: ZoneInfo) -> str:
    """One sentence, with when and by whom where that is known."""
    kind = str(cause.get("kind", ""))
    of = cause.get("of")
    if kind in _READINGS:
        many = counted(int(cause.get("readings") or 0), "reading")
        on = f" of {day(dt.date.fromisoformat(str(of)))}" if of else ""
        return f"{many}{on} {_READINGS[kind]}."
    told = KINDS.get(kind) or kind.replace("_", " ").capitalize() or "Something changed"
    if (done := _instant(of)) is not None:
        told += f", of {instant(done, zone)}"
    told += _seconds(cause.get("seconds_logged"))
    if (at := _instant(cause.get("at"))) is not None:
        told += f", on {instant(at, zone)}"
    if cause.get("by_name"):
        told += f" by {cause['by_name']}"
    return f"{told}: {cause['reason']}" if cause.get("reason") else f"{told}."


def _seconds(lengths: Any) -> str:
    """Before and after."""
    match lengths:
        case [None, int(now)]:
            return f", {minutes(now)}"
        case [int(was), None]:
            return f", {minutes(was)}"
        case [int(was), int(now)] if was != now:
            return f", {minutes(was)} to {minutes(now)}"
        case _:
            return ""


def _instant(value: object) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
