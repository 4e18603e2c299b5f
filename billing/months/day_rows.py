"""Each local date of each device, whether it counted or not, and why not. Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.eligibility.days import clock_trusted, device_sent, filled, last_day
from billing.eligibility.facts import DEVICE_SENT, Reading
from billing.months.deciding import Decided
from billing.months.facts_of import Known
from billing.months.records import DayRow

TYPED: Final = "typed or told, not sent by a device"
NO_DEVICE: Final = "sent by no device of this patient"
NOT_ENROLLED: Final = "the patient is not enrolled"
EARLY: Final = "before consent and order"
LATE: Final = "after the end of monitoring"
CLOCK: Final = "the device's clock was wrong"
TOO_LATE: Final = "arrived too late for its period"


class _Place(Struct, frozen=True):
    """Which period a reading counts in."""

    number: int


def day_rows(
    known: Known, decisions: Sequence[Decided], serials: dict[str, str]
) -> tuple[DayRow, ...]:
    """Of the month, and of the periods that end in it."""
    counted = _counted(decisions)
    first = min([known.month.first, *(f.window.first for each in decisions for f in each.frames)])
    groups: dict[tuple[dt.date, str, str], list[Reading]] = {}
    for reading in known.readings:
        if first <= reading.local_day <= known.month.last:
            key = (reading.local_day, reading.device or "", reading.source)
            groups.setdefault(key, []).append(reading)
    return tuple(
        _row(key, those, counted, decisions, serials) for key, those in sorted(groups.items())
    )


def _counted(decisions: Sequence[Decided]) -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for each in decisions:
        for frame in each.frames:
            period = filled(frame, each.counted, each.facts, each.policy)
            found |= {reading.id: _Place(frame.number) for reading in period.readings}
    return found


def _row(
    key: tuple[dt.date, str, str],
    readings: list[Reading],
    counted: dict[str, _Place],
    decisions: Sequence[Decided],
    serials: dict[str, str],
) -> DayRow:
    day, device, source = key
    first = min(readings, key=lambda each: (each.measured_at, each.id))
    counts = [each for each in readings if each.id in counted]
    numbers = {counted[each.id].number for each in counts}
    return DayRow(
        local_date=day,
        window_no=min(numbers, default=_window_of(day, decisions)),
        device_id=UUID(device) if device else None,
        device_serial=serials.get(device),
        source=source,
        first_measured_at=first.measured_at,
        first_received_at=min(each.received_at for each in readings),
        readings=len(readings),
        counted=bool(counts),
        reason="" if counts else _why(first, decisions),
        reading_ids=tuple(sorted(UUID(each.id) for each in readings)),
    )


def _window_of(day: dt.date, decisions: Sequence[Decided]) -> int | None:
    numbers = [f.number for each in decisions for f in each.frames if f.window.holds(day)]
    return min(numbers, default=None)


def _why(reading: Reading, decisions: Sequence[Decided]) -> str:
    """The first thing that stands in the way."""
    if reading.excluded is not None:
        return reading.excluded
    if not decisions:
        return NOT_ENROLLED
    last = decisions[-1]
    if not device_sent(reading, last.facts):
        return NO_DEVICE if reading.source in {DEVICE_SENT, "no_device"} else TYPED
    since = last.facts.episode.counts_from(order_needed=last.policy.require_order)
    if since is None or reading.measured_at < since:
        return EARLY
    ends = last_day(last.facts)
    if ends is not None and reading.local_day > ends:
        return LATE
    return TOO_LATE if clock_trusted(reading) else CLOCK
