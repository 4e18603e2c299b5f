"""What a worked case says is billed besides, however it gives the dates."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from billing.eligibility.case_parts import Json, an_object, day, instant, wrong_kind
from billing.eligibility.facts import OtherService
from billing.eligibility.minutes import month_window

A_MONTHS: Final = frozenset({"98979", "98980", "98981", "99457", "99458", "99470"})
"""Codes of a calendar month: one date of service stands for all of it."""
A_PERIODS: Final = frozenset(
    {"98976", "98977", "98978", "98984", "98985", "98986", "99445", "99454"}
)
"""Codes of 30 days: their date of service is the last."""
SPANS: Final = (
    ("from", "to"), ("start", "end"), ("first", "last"), ("dos_from", "dos_to"),
    ("start_date", "end_date"), ("period_from", "period_to"), ("period_start", "period_end"),
)  # fmt: skip
DATES: Final = ("dos", "date", "date_of_service", "service_date", "on")


def services(found: Any) -> Iterator[OtherService]:
    if not isinstance(found, list):
        raise wrong_kind("other_services", "a list", found)
    for number, each in enumerate(found):
        where = f"other_services/{number}"
        one = {"code": each} if isinstance(each, str) else an_object(each, where)
        for code in one.get("codes") or [one.get("code") or ""]:
            yield _service(one, str(code), where)


def _service(found: Json, code: str, where: str) -> OtherService:
    first, last = _dates(found, code, where)
    start, end = found.get("start"), found.get("end")
    timed = isinstance(start, str) and isinstance(end, str) and "T" in start and "T" in end
    named = (found.get(each) for each in ("program", "programme", "service", "type"))
    program = next((each for each in named if each), None)
    return OtherService(
        code=code,
        program=None if program is None else str(program),
        first=first,
        last=last,
        start=instant(start, where) if timed else None,
        end=instant(end, where) if timed else None,
    )


def _dates(found: Json, code: str, where: str) -> tuple[dt.date | None, dt.date | None]:
    """None, None: no date is known, and it meets every window."""
    month = found.get("month") or found.get("billing_month")
    if month is not None:
        try:
            window = month_window(str(month)[:7])
        except ValueError as error:
            raise ValueError(f"{where}/month: {month!r} is no month") from error
        return window.first, window.last
    for place in (found, found.get("window"), found.get("period")):
        for names in SPANS:
            if isinstance(place, dict) and place.get(names[0]):
                first = day(place[names[0]], where)
                return first, day(place.get(names[1]) or first, where)
    for name in DATES:
        if found.get(name):
            return _around(day(found[name], where), code)
    return None, None


def _around(dos: dt.date, code: str) -> tuple[dt.date, dt.date]:
    if code in A_MONTHS:
        window = month_window(f"{dos:%Y-%m}")
        return window.first, window.last
    if code in A_PERIODS:
        return dos - dt.timedelta(days=29), dos
    return dos, dos
