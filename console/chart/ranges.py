"""How far back a page looks: said in its address, in whole days of the patient's own."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from console.errors import BadRequest

EARLIEST: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
RANGES: Final[dict[str, tuple[str, int | None]]] = {
    "14d": ("14 days", 14),
    "30d": ("30 days", 30),
    "90d": ("90 days", 90),
    "1y": ("1 year", 365),
    "all": ("All", None),
}
USUAL: Final = "30d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """[since, until); `until` is the end of the patient's today."""

    name: str
    words: str
    since: dt.datetime
    until: dt.datetime
    zone: ZoneInfo

    @property
    def first_day(self) -> int:
        """In days since 1970-01-01, as readings have their local day."""
        return day_number(self.since.astimezone(self.zone).date())

    @property
    def last_day(self) -> int:
        return day_number(self.until.astimezone(self.zone).date()) - 1


def range_of(
    name: str | None, *, zone: ZoneInfo, now: dt.datetime, first: dt.datetime | None = None
) -> Range:
    """`first` is when "all" begins; raises BadRequest for a word that is none of ours."""
    if name is None:
        name = USUAL
    if name not in RANGES:
        raise BadRequest(f"one of {', '.join(RANGES)}", pointer="/range")
    words, days = RANGES[name]
    today = now.astimezone(zone).date()
    if days is None:
        began = min(first.astimezone(zone).date(), today) if first else today
        days = max((today - began).days + 1, 14)
    return Range(
        name=name,
        words=words,
        since=_midnight(today - dt.timedelta(days=days - 1), zone),
        until=_midnight(today + dt.timedelta(days=1), zone),
        zone=zone,
    )


def day_number(day: dt.date) -> int:
    return (day - EARLIEST.date()).days


def day_of(number: int) -> dt.date:
    return EARLIEST.date() + dt.timedelta(days=number)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
