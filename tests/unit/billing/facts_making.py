"""Facts that tests are made of: one patient in New York, monitored since December."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from billing.eligibility.facts import Asked, Device, Episode, Facts, Reading, TimeEntry

NEW_YORK = ZoneInfo("America/New_York")
SINCE = dt.datetime(2025, 12, 1, 9, tzinfo=NEW_YORK)
ONE_DAY = dt.timedelta(days=1)


def episode(**changes: Any) -> Episode:
    fields: dict[str, Any] = {
        "program": "RPM",
        "consent_at": SINCE,
        "order_at": SINCE,
        "setup_education_date": SINCE.date(),
        "setup_already_billed": True,
    }
    return Episode(**(fields | changes))


def reading(day: dt.date, hour: int = 8, **changes: Any) -> Reading:
    at = dt.datetime.combine(day, dt.time(hour), NEW_YORK)
    fields: dict[str, Any] = {
        "id": f"{day}-{hour}",
        "device": "cuff",
        "source": "device_auto",
        "measured_at": at,
        "received_at": at,
        "local_day": day,
    }
    return Reading(**(fields | changes))


def days(first: str, number: int) -> tuple[Reading, ...]:
    """One reading on each of so many days."""
    start = dt.date.fromisoformat(first)
    return tuple(reading(start + each * ONE_DAY) for each in range(number))


def entry(start: str, minutes: float, **changes: Any) -> TimeEntry:
    """`start` in New York."""
    begins = dt.datetime.fromisoformat(start).replace(tzinfo=NEW_YORK)
    begins = begins.astimezone(dt.UTC)
    fields: dict[str, Any] = {
        "id": f"e{start}",
        "patient": "P1",
        "staff": "rn1",
        "role": "RN",
        "program": "RPM",
        "mode": "none",
        "activity": "review",
        "start": begins,
        "end": begins + dt.timedelta(minutes=minutes),
    }
    return TimeEntry(**(fields | changes))


def call(start: str, minutes: float, **changes: Any) -> TimeEntry:
    return entry(start, minutes, **({"mode": "phone_live", "activity": "call"} | changes))


def facts(
    readings: Iterable[Reading] = (), entries: Iterable[TimeEntry] = (), **changes: Any
) -> Facts:
    fields: dict[str, Any] = {
        "patient": "P1",
        "payer": "medicare_ffs",
        "patient_zone": NEW_YORK,
        "practice_zone": NEW_YORK,
        "episode": episode(),
        "devices": {"cuff": Device(type="blood_pressure")},
        "readings": tuple(readings),
        "entries": tuple(entries),
    }
    return Facts(**(fields | changes))


def asked(as_of: str, **changes: Any) -> Asked:
    return Asked(as_of=dt.date.fromisoformat(as_of), **changes)
