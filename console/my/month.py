"""A month of the patient's own calendar. Pure."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from console.my.words import Words

_WRITTEN: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """`2026-11`; None for anything else."""
        found = _WRITTEN.fullmatch(text)
        return None if found is None else cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def before(self) -> "Month":
        return Month(self.year - (self.number == 1), (self.number - 2) % _MONTHS + 1)

    @property
    def after(self) -> "Month":
        return Month(self.year + (self.number == _MONTHS), self.number % _MONTHS + 1)

    @property
    def days(self) -> int:
        return (self.after.first - self.first).days

    @property
    def key(self) -> str:
        return f"{self.year}-{self.number:02}"

    def span(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """From its first midnight there to before the next month's."""
        begins, ends = (
            dt.datetime.combine(month.first, dt.time(), tzinfo=zone) for month in (self, self.after)
        )
        return begins, ends

    def name(self, words: Words) -> str:
        """November 2026."""
        return format_skeleton("yMMMM", self.first, locale=words.locale)
