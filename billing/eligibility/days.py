"""Which days have a reading that counts, and the periods of 30 days that they fall into."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from billing.eligibility.facts import DEVICE_SENT, Episode, Facts, Reading
from billing.eligibility.policy import Policy
from billing.eligibility.result import Flag, Window

PERIOD: Final = dt.timedelta(days=30)
"""W-1: consecutive local dates; never 720 hours, never a calendar month."""
ONE_DAY: Final = dt.timedelta(days=1)


class Period(Struct, frozen=True, kw_only=True):
    """One 30-day window and what counts in it."""

    number: int
    window: Window
    whole: Window
    """As it would have been had the episode not ended."""
    readings: tuple[Reading, ...]
    days: tuple[dt.date, ...]
    flags: frozenset[Flag]

    @property
    def truncated(self) -> bool:
        return self.window != self.whole


def day_of(reading: Reading, facts: Facts, policy: Policy) -> dt.date:
    """D-7, or by arrival where a payer wants that (D-8)."""
    if policy.day_basis == "received":
        return reading.received_at.astimezone(facts.patient_zone).date()
    return reading.local_day


def device_sent(reading: Reading, facts: Facts) -> bool:
    """D-6, E-6: sent by a device by itself; what was typed or read out never counts."""
    device = None if reading.device is None else facts.devices.get(reading.device)
    return (
        reading.source == DEVICE_SENT
        and device is not None
        and device.fda_device
        and device.auto_transmit
    )


def qualifying(facts: Facts, policy: Policy) -> tuple[Reading, ...]:
    """D-5: of this patient, by a device, after consent and order, before the end. By time."""
    since = facts.episode.since
    if since is None:
        return ()
    found = {
        reading.id: reading
        for reading in facts.readings
        if device_sent(reading, facts)
        and reading.excluded is None
        and reading.measured_at >= since
        and not _after_end(day_of(reading, facts, policy), facts.episode)
    }
    return tuple(sorted(found.values(), key=lambda each: (each.measured_at, each.id)))


def period(
    number: int, counted: tuple[Reading, ...], facts: Facts, policy: Policy
) -> Period | None:
    """The nth; None where nothing has begun yet, or the episode was over before it."""
    anchor = _anchor(counted, facts, policy)
    if anchor is None:
        return None
    first = anchor + (number - 1) * PERIOD
    whole = Window(first=first, last=first + PERIOD - ONE_DAY)
    end = facts.episode.end_date
    if end is not None and end < first:
        return None
    window = Window(first=first, last=min(whole.last, end or whole.last))
    inside = [each for each in counted if window.holds(day_of(each, facts, policy))]
    deadline = window.last + dt.timedelta(days=policy.late_arrival_grace_days)
    in_time = [each for each in inside if _arrived(each, facts) <= deadline]
    return Period(
        number=number,
        window=window,
        whole=whole,
        readings=tuple(in_time),
        days=tuple(sorted({day_of(each, facts, policy) for each in in_time})),
        flags=_flags(window, whole, inside, facts, policy),
    )


def _anchor(counted: tuple[Reading, ...], facts: Facts, policy: Policy) -> dt.date | None:
    if policy.period_anchor == "setup_date":
        return facts.episode.setup_education_date
    return min((day_of(each, facts, policy) for each in counted), default=None)


def _flags(
    window: Window, whole: Window, inside: Iterable[Reading], facts: Facts, policy: Policy
) -> frozenset[Flag]:
    flags = set()
    if window != whole:
        flags.add(Flag.WINDOW_TRUNCATED)
    if any(_arrived(each, facts) > window.last for each in inside):
        flags.add(Flag.LATE_ARRIVAL)
    if manual_in(window, facts, policy):
        flags.add(Flag.MANUAL_EXCLUDED)
    if before_consent(facts):
        flags.add(Flag.BEFORE_CONSENT_EXCLUDED)
    return frozenset(flags)


def manual_in(window: Window, facts: Facts, policy: Policy) -> bool:
    return any(
        not device_sent(each, facts) and window.holds(day_of(each, facts, policy))
        for each in facts.readings
    )


def before_consent(facts: Facts) -> bool:
    since = facts.episode.since
    return any(
        device_sent(each, facts)
        and each.excluded is None
        and (since is None or each.measured_at < since)
        for each in facts.readings
    )


def _arrived(reading: Reading, facts: Facts) -> dt.date:
    return reading.received_at.astimezone(facts.patient_zone).date()


def _after_end(day: dt.date, episode: Episode) -> bool:
    return episode.end_date is not None and day > episode.end_date
