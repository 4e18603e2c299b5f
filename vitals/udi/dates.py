"""Dates as they stand in a UDI. Pure: there were no UDIs before 2007, so two digits are 20YY."""

import calendar
import datetime as dt

from vitals.udi.errors import UdiError


def of_digits(part: str, year: int, month: int, day: int) -> dt.date:
    """A day of 0 says that the label names a month only: its last day."""
    if not 1 <= month <= 12:  # noqa: PLR2004
        raise UdiError(part, f"has no month {month:02}; look at the label again")
    last = calendar.monthrange(year, month)[1]
    if day > last:
        raise UdiError(part, f"has no day {day:02} in month {month:02}; look at the label again")
    return dt.date(year, month, day or last)


def of_day_number(part: str, year: int, number: int) -> dt.date:
    """The day of the year, from 1."""
    if not 1 <= number <= 365 + calendar.isleap(year):
        raise UdiError(part, f"has no day {number} in {year}; look at the label again")
    return dt.date(year, 1, 1) + dt.timedelta(days=number - 1)
