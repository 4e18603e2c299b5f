"""Local digits and instants in the home's zone, through the two odd hours of the year. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo


def at_home(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The same instant with the offset that the home has then, as a fixed offset."""
    local = instant.astimezone(zone)
    return local.replace(tzinfo=dt.timezone(local.utcoffset() or dt.timedelta()))


def digits_at_home(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """What a wall clock in the home shows: naive, whole seconds."""
    return instant.astimezone(zone).replace(tzinfo=None, microsecond=0)


def candidates(digits: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, ...]:
    """The instants (UTC, earliest first) at which a home clock could have shown `digits`.

    Two in the hour that comes twice. One otherwise; for digits in the hour that is skipped it is
    what a clock that nobody moved would have meant (PEP 495, fold 0).
    """
    first = _utc(digits.replace(tzinfo=zone, fold=0))
    second = _utc(digits.replace(tzinfo=zone, fold=1))
    return (first,) if second <= first else (first, second)


def resolve(
    digits: dt.datetime, zone: ZoneInfo, *, not_after: dt.datetime, offset: dt.timedelta | None
) -> dt.datetime:
    """One instant for `digits`.

    In the doubled hour the candidate that has the device's present `offset` from UTC wins if it is
    not in the future, else the latest that is not; never a guess where there is nothing to guess.
    """
    possible = [one for one in candidates(digits, zone) if one <= not_after]
    if not possible:
        return candidates(digits, zone)[0]
    if offset is not None:
        wanted = _utc(digits.replace(tzinfo=dt.UTC)) - offset
        return min(possible, key=lambda one: abs(one - wanted))
    return possible[-1]


def _utc(instant: dt.datetime) -> dt.datetime:
    """Also for the first and the last day of the calendar, where a zone would overflow it."""
    try:
        return instant.astimezone(dt.UTC)
    except OverflowError:
        return instant.replace(tzinfo=dt.UTC)
