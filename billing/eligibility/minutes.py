"""Which seconds of a month count for one programme, and which do not, and why."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing import spans
from billing.eligibility.facts import SETTING_UP, Facts, TimeEntry
from billing.eligibility.policy import Policy
from billing.eligibility.result import Flag, Window
from billing.spans import Span

ONE_DAY: Final = dt.timedelta(days=1)
ONE_MINUTE: Final = dt.timedelta(minutes=1)


class Counted(Struct, frozen=True, kw_only=True):
    """What one month has of one programme."""

    seconds: int
    of_entries: dict[str, int]
    """By entry; where two share a second, the earlier one has it."""
    live: tuple[TimeEntry, ...]
    """Contacts that prove a conversation in this month (T-9)."""
    flags: frozenset[Flag]


def month_window(month: str) -> Window:
    """Raises ValueError for what is no month."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + 31 * ONE_DAY).replace(day=1)
    return Window(first=first, last=after - ONE_DAY)


def instants(window: Window, zone: ZoneInfo) -> Span:
    """From local midnight to the local midnight after, whatever clocks do between."""
    return (_midnight(window.first, zone), _midnight(window.last + ONE_DAY, zone))


def counted(window: Window, program: str, facts: Facts, policy: Policy) -> Counted:
    """`window` is a month as it ends with the episode; see `management`."""
    zone = facts.practice_zone if policy.time_entry_zone == "practice" else facts.patient_zone
    month = instants(window, zone)
    since = facts.episode.since
    mine = [each for each in facts.entries if each.patient == facts.patient]
    ours = [each for each in mine if each.program == program and _may_count(each)]
    allowed = {each.id: _clipped(each, month, since) for each in sorted(ours, key=_in_order)}
    left, flags = _without_clashes(ours, allowed, facts)
    flags |= _outside(mine, program, window, zone, since, facts)
    of_entries, seconds = _each_once(left, policy)
    if _shared(left):
        flags |= {Flag.OVERLAP_COUNTED_ONCE}
    live = tuple(each for each in ours if each.live and left[each.id])
    return Counted(
        seconds=seconds,
        of_entries=of_entries,
        live=tuple(each for each in live if _credited(each, month, policy)),
        flags=frozenset(flags | _spanning(live, month)),
    )


def _may_count(entry: TimeEntry) -> bool:
    return entry.clinical and entry.activity not in SETTING_UP


def _in_order(entry: TimeEntry) -> tuple[dt.datetime, dt.datetime, str]:
    return (entry.start, entry.end, entry.id)


def _clipped(entry: TimeEntry, month: Span, since: dt.datetime | None) -> tuple[Span, ...]:
    """T-13: what of it lies in the month; E-2: and after consent."""
    if since is None:
        return ()
    return spans.within([(max(entry.start, since), entry.end)], *month)


def _without_clashes(
    ours: Sequence[TimeEntry], allowed: dict[str, tuple[Span, ...]], facts: Facts
) -> tuple[dict[str, tuple[Span, ...]], set[Flag]]:
    """T-11, T-12: what one person did for two patients at once, or two programmes claim, counts
    for neither until somebody has resolved it.
    """
    flags: set[Flag] = set()
    left = {}
    for entry in sorted(ours, key=_in_order):
        span = allowed[entry.id]
        elsewhere = _spans(
            each
            for each in facts.entries
            if each.staff == entry.staff and each.patient != facts.patient
        )
        other_program = _spans(
            each
            for each in facts.entries
            if each.patient == facts.patient and each.program != entry.program and each.clinical
        )
        if spans.shared(span, elsewhere):
            flags.add(Flag.STAFF_DOUBLE_BOOKED)
        if spans.shared(span, other_program):
            flags.add(Flag.DOUBLE_PROGRAM_CONFLICT)
        left[entry.id] = spans.minus(spans.minus(span, elsewhere), other_program)
    return left, flags


def _each_once(left: dict[str, tuple[Span, ...]], policy: Policy) -> tuple[dict[str, int], int]:
    """T-10: the union, each second given to the earliest entry that has it. T-3: never rounded."""
    taken: tuple[Span, ...] = ()
    given: dict[str, int] = {}
    total = dt.timedelta(0)
    for name, those in left.items():
        own = spans.minus(those, taken)
        length = spans.length(own)
        if policy.time_rounding == "truncate_entries_to_minutes":
            length -= length % ONE_MINUTE
        given[name] = length // dt.timedelta(seconds=1)
        total += length
        taken = spans.union([*taken, *those])
    return given, total // dt.timedelta(seconds=1)


def _shared(left: dict[str, tuple[Span, ...]]) -> bool:
    together = sum((spans.length(each) for each in left.values()), dt.timedelta(0))
    return together > spans.length(span for each in left.values() for span in each)


def _outside(
    mine: Iterable[TimeEntry],
    program: str,
    window: Window,
    zone: ZoneInfo,
    since: dt.datetime | None,
    facts: Facts,
) -> set[Flag]:
    """Time that somebody may miss in the sum, and why it is not there."""
    flags: set[Flag] = set()
    calendar = month_window(f"{window.first:%Y-%m}")
    month = instants(calendar, zone)
    end = facts.episode.end_date
    over = None if end is None else _midnight(end + ONE_DAY, zone)
    for each in mine:
        if each.program != program or not spans.within([(each.start, each.end)], *month):
            continue
        if not each.clinical:
            flags.add(Flag.NON_CLINICAL_EXCLUDED)
        elif since is None or each.start < since:
            flags.add(Flag.BEFORE_CONSENT_EXCLUDED)
        elif over is not None and each.end > over:
            flags.add(Flag.TIME_AFTER_END_EXCLUDED)
    return flags


def _credited(entry: TimeEntry, month: Span, policy: Policy) -> bool:
    return policy.interactive_spanning_months != "start_month_only" or entry.start >= month[0]


def _spanning(live: Iterable[TimeEntry], month: Span) -> set[Flag]:
    crosses = any(each.start < month[0] or each.end > month[1] for each in live)
    return {Flag.INTERACTIVE_SPANS_MONTHS} if crosses else set()


def _spans(entries: Iterable[TimeEntry]) -> list[Span]:
    return [(each.start, each.end) for each in entries]


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
