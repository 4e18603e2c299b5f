"""When nobody is on call. Pure.

Shifts are instants, so a change of the clocks neither opens a gap nor hides one.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from care.errors import InvalidError

AHEAD: Final = dt.timedelta(days=14)
"""Far enough to find somebody, near enough to be planned."""


class Gap(Struct, frozen=True, kw_only=True):
    starts_at: dt.datetime
    ends_at: dt.datetime


def gaps(
    shifts: Iterable[tuple[dt.datetime, dt.datetime]], *, since: dt.datetime, until: dt.datetime
) -> tuple[Gap, ...]:
    """The spans of [since, until) that no shift covers; shifts are half-open and may overlap."""
    found: list[Gap] = []
    covered = since
    for starts, ends in sorted(shifts):
        if starts > covered and covered < until:
            found.append(Gap(starts_at=covered, ends_at=min(starts, until)))
        covered = max(covered, ends)
    if covered < until:
        found.append(Gap(starts_at=covered, ends_at=until))
    return tuple(found)


def instant_typed(field: str, typed: str, zone: ZoneInfo) -> dt.datetime:
    """A point in time as people write it: with its offset, or on the clinic's wall clock.

    Raises InvalidError for a wall time that the clocks skip, and for one that comes twice: there
    only the offset says which is meant.
    """
    try:
        found = dt.datetime.fromisoformat(typed)
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
        first, second = (
            found.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)
        )
    except (ValueError, OverflowError):
        raise InvalidError(
            field, f"{typed!r} is no date and time; 2026-11-27T18:00 would be one"
        ) from None
    if first.astimezone(zone).replace(tzinfo=None) != found:
        raise InvalidError(field, f"{typed} does not exist in {zone.key}: the clocks skip it")
    if first != second:
        raise InvalidError(
            field, f"{typed} comes twice in {zone.key}: add its offset from UTC, as in"
            f" {first.astimezone(zone).isoformat()}",
        )  # fmt: skip
    return first
