"""Frame number n of a gateway's cuff: n can be read back from its time stamp."""

import datetime as dt
from typing import Final

from benchmarks.rig import workload

DAY: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
"""The cuff's digits count seconds from here; the home lives in UTC."""


def frame(number: int) -> bytes:
    systolic, diastolic = 110 + number % 50, 60 + number % 37
    return workload.frame(systolic, diastolic, 55 + number % 40, DAY + dt.timedelta(seconds=number))


def number_of(device_time: dt.datetime) -> int:
    """Which frame a stored reading came from."""
    return int((device_time.replace(tzinfo=dt.UTC) - DAY).total_seconds())
