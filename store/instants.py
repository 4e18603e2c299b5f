"""Times as PostgreSQL counts them: microseconds and days since 2000, exactly."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

EPOCH: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LOCAL_EPOCH: Final = EPOCH.replace(tzinfo=None)
DAY_ZERO: Final = EPOCH.toordinal()
ZONES_MAX: Final = 2000

_epochs: Final[dict[dt.tzinfo | None, tuple[dt.datetime, int]]] = {}


def micros(moment: dt.datetime) -> int:
    """Of an aware datetime."""
    (counted,), _ = told_all([moment])
    return int(counted)


def told_all(moments: Iterable[dt.datetime | None]) -> tuple[list[Any], list[Any]]:
    """Microseconds, and seconds from UTC, without the fraction that ISO 8601 cannot write
    anyway; None of None.

    Of aware datetimes with a fixed offset, as messages have it; of any other one slowly. Two
    datetimes that share one tzinfo object are subtracted without asking it: half the price.
    """
    counted, offsets = list[Any](), list[Any]()
    for moment in moments:
        if moment is None:
            counted.append(None)
            offsets.append(None)
            continue
        zone = moment.tzinfo
        epoch, offset = _epochs.get(zone) or _remember(zone, moment)
        elapsed = moment - epoch
        counted.append((elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds)
        offsets.append(offset)
    return counted, offsets


def local_all(moments: Iterable[dt.datetime | None]) -> list[int | None]:
    """Of many devices' own digits, which have no zone; None of None."""
    counted = list[int | None]()
    for moment in moments:
        if moment is None:
            counted.append(None)
            continue
        elapsed = moment - LOCAL_EPOCH
        counted.append((elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds)
    return counted


def _remember(zone: dt.tzinfo | None, moment: dt.datetime) -> tuple[dt.datetime, int]:
    """The epoch in this zone, and the zone's offset; kept only where the offset is fixed."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a moment without a zone")
    if not isinstance(zone, dt.timezone):
        # Its offset moves: this one holds for this moment alone, and so does its epoch.
        return EPOCH, int(offset.total_seconds())
    if len(_epochs) >= ZONES_MAX:
        _epochs.clear()
    _epochs[zone] = found = (EPOCH.astimezone(zone), int(offset.total_seconds()))
    return found
