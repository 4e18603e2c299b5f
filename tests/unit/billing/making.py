"""Entries and instants that tests are made of."""

import datetime as dt
from typing import Any
from uuid import UUID

from billing.entries import Entry
from billing.spans import Span, whole_seconds
from billing.words import Source

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
ANN, BEA = UUID(int=1), UUID(int=2)
ADA, BEN = UUID(int=11), UUID(int=12)


def at(minutes: float) -> dt.datetime:
    return NOON + minutes * MINUTE


def span(start: float, end: float) -> Span:
    """In minutes after noon."""
    return at(start), at(end)


def entry(number: int, *spans: Span, **changes: Any) -> Entry:
    whole = spans or (span(0, 10),)
    fields: dict[str, Any] = {
        "id": UUID(int=100 + number),
        "organisation_id": UUID(int=1000),
        "patient_id": ADA,
        "user_id": ANN,
        "staff_name": "Ann",
        "credential": "RN",
        "role": "nurse",
        "service": "rpm",
        "programme": None,
        "episode_id": None,
        "activity": "review",
        "mode": "none",
        "with_whom": None,
        "note": "",
        "started_at": whole[0][0],
        "ended_at": whole[-1][1],
        "spans": whole,
        "seconds": whole_seconds(whole),
        "source": Source.BY_HAND,
        "alert_id": None,
        "alert_version": None,
        "timer_id": None,
        "recorded_at": whole[-1][1],
        "recorded_by": ANN,
        "corrects": None,
        "reason": "",
        "withdrawn": False,
    }
    return Entry(**(fields | changes))
