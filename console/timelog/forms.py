"""What people type about time: read into what the ledger takes, with faults beside their fields."""

import datetime as dt
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from billing.entries import Work
from billing.words import ACTIVITY_WORDS, MODE_WORDS, SERVICE_WORDS, WITH_WORDS, Activity, Mode
from care.errors import InvalidError
from console.timelog.words import local_instant
from console.web.forms import Form

MINUTES_MOST: Final = 24 * 60
T = TypeVar("T")


def choices() -> dict[str, Any]:
    """For the selects of every form."""
    return {
        "activities": list(ACTIVITY_WORDS.items()),
        "modes": list(MODE_WORDS.items()),
        "with_whoms": [("", "Nobody"), *WITH_WORDS.items()],
        "services": list(SERVICE_WORDS.items()),
    }


def work_in(form: Form, before: Work | None = None) -> Work:
    """Of a form, which need not have every field."""
    kept = before or Work()
    return Work(
        activity=form.given("activity") or kept.activity or Activity.REVIEW,
        mode=form.given("mode") or kept.mode or Mode.NONE,
        with_whom=form.given("with_whom") if "with_whom" in form else kept.with_whom,
        note=form.text("note") if "note" in form else kept.note,
        service=form.given("service") or kept.service,
    )


def minutes_in(form: Form) -> int | None:
    """None where the field is empty. Raises InvalidError."""
    text = form.given("minutes")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MINUTES_MOST))):
        raise InvalidError("minutes", "must be a whole number of minutes")
    if not 1 <= int(text) <= MINUTES_MOST:
        raise InvalidError("minutes", f"must be from 1 to {MINUTES_MOST}")
    return int(text)


def minutes_needed(form: Form) -> int:
    """Raises InvalidError."""
    found = minutes_in(form)
    if found is None:
        raise InvalidError("minutes", "is needed: how long was it?")
    return found


def start_in(form: Form, zone: ZoneInfo) -> dt.datetime:
    """The day and the time on the clinic's clock. Raises InvalidError."""
    try:
        day = dt.date.fromisoformat(form.text("day"))
    except ValueError:
        raise InvalidError("day", "must be a date, as 2026-11-22") from None
    try:
        time = dt.time.fromisoformat(form.text("start"))
    except ValueError:
        raise InvalidError("start", "must be a time of day, as 14:05") from None
    if time.tzinfo is not None or not 2000 <= day.year <= 9000:  # noqa: PLR2004 - as entries have it
        raise InvalidError("start", "must be a time of day, as 14:05")
    found = local_instant(day, time, zone)
    if found is None:
        raise InvalidError("start", "did not exist that day: the clocks went forward")
    return found


FIELD_OF: Final = {"started_at": "start", "ended_at": "minutes"}
"""What the ledger says of instants stands at the field in which it was typed."""


def fault_of(error: InvalidError) -> dict[str, str]:
    """By field of the form, as a sentence."""
    words = error.message[0].upper() + error.message[1:]
    return {FIELD_OF.get(error.field, error.field): f"{words}."}
