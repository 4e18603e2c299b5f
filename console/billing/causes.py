"""What happened after a month was locked, in words. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from console.web.formats import instant

KINDS: Final[dict[str, str]] = {
    "reading": "A reading arrived",
    "reading_reassigned": "Somebody said whose a reading is",
    "time_entry": "An entry of time was written",
    "time_correction": "An entry of time was corrected",
    "consent": "A consent was recorded",
    "consent_withdrawn": "A consent was withdrawn",
    "order": "An order was recorded",
    "coverage": "Who pays was changed",
    "enrolment": "The enrolment was changed",
    "payer_rule": "A rule of the payer was changed",
    "fees": "A fee file was taken in",
    "rules": "The rules have changed",
}


def cause_words(cause: Mapping[str, Any], zone: ZoneInfo) -> str:
    """One sentence, with when and by whom where that is known."""
    kind = str(cause.get("kind", ""))
    words = KINDS.get(kind) or kind.replace("_", " ").capitalize() or "Something changed"
    at, by, reason = _instant(cause.get("at")), cause.get("by"), cause.get("reason")
    told = words + (f", {instant(at, zone)}" if at else "") + (f", by {by}" if by else "")
    return f"{told}: {reason}" if reason else f"{told}."


def _instant(value: object) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        return value
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
