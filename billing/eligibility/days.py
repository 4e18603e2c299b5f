"""Which days have a reading that counts, and the periods of 30 days that they fall into."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from billing.eligibility.facts import DEVICE_SENT, Facts, Reading
from billing.eligibility.policy import Policy
from billing.eligibility.programme_consent import alone
from billing.eligibility.result import Flag, Window
from billing.eligibility.rule_set import RTM

PERIOD: Final = dt.timedelta(days=30)
"""W-1: consecutive local dates; never 720 hours, never a calendar month."""
ONE_DAY: Final = dt.timedelta(days=1)
NUMBER_MOST: Final = 1200
CLOCK_AHEAD_MOST: Final = dt.timedelta(minutes=5)
"""D-8: a reading that was measured later than it arrived comes from a clock that is wrong."""


class Dated(Struct, frozen=True):
    """A reading that counts, on its day."""

    day: dt.date
    arrived: dt.date
    reading: Reading


class Period(Struct, frozen=True, kw_only=True):
    """One 30-day window and what counts in it."""

    number: int
    window: Window
    whole: Window
    """As it would have been had the episode not ended or rested."""
    readings: tuple[Reading, ...]
    days: tuple[dt.date, ...]
    flags: frozenset[Flag] = frozenset()

    @property
    def truncated(self) -> bool:
        return self.window != self.whole


def day_of(reading: Reading, facts: Facts, policy: Policy) -> dt.date:
    """D-7, or by arrival where a payer wants that (D-8)."""
    if policy.day_basis == "received":
        return _arrived(reading, facts)
    if policy.day_zone == "practice":
        return reading.measured_at.astimezone(facts.practice_zone).date()
    return reading.local_day


def device_sent(reading: Reading, facts: Facts) -> bool:
    """D-6, E-6: sent by a device by itself; what was typed or read out never counts. What is told
    to an app counts in therapeutic monitoring only.
    """
    if facts.episode.program.upper() == RTM:
        return True
    device = None if reading.device is None else facts.devices.get(reading.device)
    return (
        reading.source == DEVICE_SENT
        and device is not None
        and device.fda_device
        and device.auto_transmit
    )


def typed(reading: Reading, facts: Facts) -> bool:
    """What a person may miss in the count (D-6, E-6). A device that is not this patient's has sent
    what it sent: that is nobody's typing (D-5).
    """
    known = reading.device is None or reading.device in facts.devices
    return not device_sent(reading, facts) and (known or reading.source != DEVICE_SENT)


def clock_trusted(reading: Reading) -> bool:
    return reading.clock_trusted and reading.measured_at - reading.received_at <= CLOCK_AHEAD_MOST


def last_day(facts: Facts) -> dt.date | None:
    """The last on which monitoring went on: discharge, death, or consent withdrawn (W-4)."""
    episode = facts.episode
    withdrawn = None if alone(episode.program, facts) else episode.consent_withdrawn_at
    ends = [
        each
        for each in (
            episode.end_date,
            None if withdrawn is None else withdrawn.astimezone(facts.practice_zone).date(),
        )
        if each is not None
    ]
    return min(ends, default=None)


def qualifying(facts: Facts, policy: Policy) -> tuple[Dated, ...]:
    """D-5: of this patient, by a device of theirs, after consent and order, before the end."""
    since = facts.episode.counts_from(order_needed=policy.require_order)
    if since is None:
        return ()
    until, last = facts.episode.consent_withdrawn_at, last_day(facts)
    found: dict[tuple[str, dt.datetime], Dated] = {}
    for reading in facts.readings:
        if reading.excluded is not None or reading.measured_at < since:
            continue
        if until is not None and reading.measured_at >= until:
            continue
        if not (device_sent(reading, facts) and clock_trusted(reading) and _theirs(reading, facts)):
            continue
        day = day_of(reading, facts, policy)
        if last is None or day <= last:
            found[reading.id, reading.measured_at] = Dated(day, _arrived(reading, facts), reading)
    return tuple(sorted(found.values(), key=_by_time))


class Frame(Struct, frozen=True, kw_only=True):
    """Where one period lies."""

    number: int
    window: Window
    whole: Window


def frames(counted: Sequence[Dated], facts: Facts, policy: Policy) -> Iterator[Frame]:
    """All that have begun or will, by number; where monitoring has no end, for a hundred years.

    W-2: they follow each other without a gap; after a rest they begin anew.
    """
    number = 0
    for opens, last in _stretches(facts):
        first = _anchor(counted, opens, last, facts, policy)
        while first is not None and number < NUMBER_MOST and (last is None or first <= last):
            number += 1
            whole = Window(first=first, last=first + PERIOD - ONE_DAY)
            window = Window(first=first, last=min(whole.last, last or whole.last))
            yield Frame(number=number, window=window, whole=whole)
            first += PERIOD


def period(number: int, counted: Sequence[Dated], facts: Facts, policy: Policy) -> Period | None:
    """The nth; None where nothing has begun yet, or the episode was over before it."""
    found = next((each for each in frames(counted, facts, policy) if each.number == number), None)
    return None if found is None else filled(found, counted, facts, policy)


def filled(frame: Frame, counted: Sequence[Dated], facts: Facts, policy: Policy) -> Period:
    """With the readings that count in it."""
    window = frame.window
    deadline = window.last + dt.timedelta(days=policy.late_arrival_grace_days)
    inside = [each for each in counted if window.holds(each.day)]
    in_time = [each for each in inside if each.arrived <= deadline]
    return Period(
        number=frame.number,
        window=window,
        whole=frame.whole,
        readings=tuple(each.reading for each in in_time),
        days=tuple(sorted({each.day for each in in_time})),
        flags=frozenset(_flags(frame, inside, counted, facts, policy)),
    )


def without_window(facts: Facts, policy: Policy) -> frozenset[Flag]:
    """Why no period ever began, as far as there are readings at all."""
    counted = qualifying(facts, policy)
    if next(frames(counted, facts, policy), None) is not None:
        return frozenset()
    return frozenset(
        {Flag.MANUAL_EXCLUDED for each in facts.readings if typed(each, facts)}
        | ({Flag.BEFORE_CONSENT_EXCLUDED} if _before_consent(None, facts, policy) else set())
        | {Flag.CLOCK_NOT_TRUSTED for each in facts.readings if not clock_trusted(each)}
        | ({Flag.LATE_ARRIVAL} if counted else set())
    )


def reading_flags(window: Window, facts: Facts, policy: Policy) -> set[Flag]:
    """What lies in the window and does not count."""
    flags = set()
    for each in facts.readings:
        if typed(each, facts) and window.holds(day_of(each, facts, policy)):
            flags.add(Flag.MANUAL_EXCLUDED)
        elif not clock_trusted(each) and each.excluded is None:
            flags.add(Flag.CLOCK_NOT_TRUSTED)
    if _before_consent(window, facts, policy):
        flags.add(Flag.BEFORE_CONSENT_EXCLUDED)
    return flags


def _flags(
    frame: Frame, inside: Iterable[Dated], counted: Iterable[Dated], facts: Facts, policy: Policy
) -> set[Flag]:
    """The first period also answers for what came before it."""
    window, opening = frame.window, frame.number == 1
    flags = reading_flags(window, facts, policy)
    if window != frame.whole:
        flags.add(Flag.WINDOW_TRUNCATED)
    if any(each.arrived > window.last for each in inside):
        flags.add(Flag.LATE_ARRIVAL)
    if opening and any(each.day < window.first for each in counted):
        flags.add(Flag.LATE_ARRIVAL)
    if opening and _before_consent(None, facts, policy):
        flags.add(Flag.BEFORE_CONSENT_EXCLUDED)
    if opening and _typed_before(window.first, facts, policy):
        flags.add(Flag.MANUAL_EXCLUDED)
    return flags


def _typed_before(first: dt.date, facts: Facts, policy: Policy) -> bool:
    """Where typed values counted, the first period would have begun with them."""
    since = facts.episode.counts_from(order_needed=policy.require_order)
    return since is not None and any(
        typed(each, facts) and each.measured_at >= since and day_of(each, facts, policy) < first
        for each in facts.readings
    )


def _stretches(facts: Facts) -> Iterator[tuple[dt.date, dt.date | None]]:
    """From rest to rest, first and last date; the last one has the episode's end, or none."""
    over, first = last_day(facts), dt.date.min
    for rest in sorted(facts.episode.pauses, key=lambda each: each.first):
        if rest.first > dt.date.min and first < rest.first:
            end = rest.first - ONE_DAY
            yield first, end if over is None else min(end, over)
        first = max(first, rest.last + ONE_DAY)
    yield first, over


def _anchor(
    counted: Iterable[Dated],
    first: dt.date,
    last: dt.date | None,
    facts: Facts,
    policy: Policy,
) -> dt.date | None:
    """W-1: day 1. A reading that came too late for the period it would open opens none."""
    setup = facts.episode.setup_education_date
    if policy.period_anchor == "setup_date" and setup is not None and _within(setup, first, last):
        return setup
    grace = PERIOD - ONE_DAY + dt.timedelta(days=policy.late_arrival_grace_days)
    opening = min(
        (
            each.day
            for each in counted
            if _within(each.day, first, last) and each.arrived <= each.day + grace
        ),
        default=None,
    )
    if opening is not None and policy.period_anchor == "first_of_month":
        return max(opening.replace(day=1), first)
    return opening


def _within(day: dt.date, first: dt.date, last: dt.date | None) -> bool:
    return first <= day and (last is None or day <= last)


def _before_consent(window: Window | None, facts: Facts, policy: Policy) -> bool:
    since = facts.episode.counts_from(order_needed=policy.require_order)
    return any(
        each.excluded is None
        and (since is None or each.measured_at < since)
        and device_sent(each, facts)
        and (window is None or window.holds(day_of(each, facts, policy)))
        for each in facts.readings
    )


def _theirs(reading: Reading, facts: Facts) -> bool:
    device = None if reading.device is None else facts.devices.get(reading.device)
    return device is None or device.was_theirs(reading.measured_at)


def _arrived(reading: Reading, facts: Facts) -> dt.date:
    """Never by where the patient lives now: a move changes no day that is past."""
    return reading.received_day or reading.received_at.astimezone(facts.practice_zone).date()


def _by_time(each: Dated) -> tuple[dt.datetime, str]:
    return (each.reading.measured_at, each.reading.id)
