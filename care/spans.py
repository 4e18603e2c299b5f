"""Spans of time, half-open, with or without an end."""

import datetime as dt
from typing import Final, TypeAlias

from care.errors import InvalidError
from store.schema.base import EARLIEST

Span: TypeAlias = tuple[dt.datetime, dt.datetime | None]

CLOCKS_APART: Final = dt.timedelta(minutes=5)


def meets(one: Span, other: Span) -> bool:
    """Whether some instant is in both. One may end where the next begins."""
    (starts, ends), (others_start, others_end) = one, other
    return (ends is None or others_start < ends) and (others_end is None or starts < others_end)


def ends_after(field: str, ends_at: dt.datetime | None, starts_at: dt.datetime) -> None:
    """Raises InvalidError for a span without length."""
    if ends_at is not None and ends_at <= starts_at:
        said = starts_at.isoformat(timespec="seconds")
        raise InvalidError(field, f"must be after {said}")


def has_been(field: str, at: dt.datetime, *, now: dt.datetime) -> None:
    """Raises InvalidError for what is said to have happened and lies ahead, or cannot be meant."""
    if at > now + CLOCKS_APART:
        raise InvalidError(field, "lies in the future")
    if at < EARLIEST:
        raise InvalidError(field, f"lies before {EARLIEST.year}: look at the year")
