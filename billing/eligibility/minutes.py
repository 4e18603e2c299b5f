"""Which seconds of a month count for one programme, and which do not, and why."""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing import spans
from billing.eligibility.clashes import NO_PROGRAM, Allowed, without_clashes
from billing.eligibility.days import last_day
from billing.eligibility.diary import by_start
from billing.eligibility.entry import AUXILIARY, NOT_MONITORING, PRACTITIONERS
from billing.eligibility.facts import Facts, TimeEntry
from billing.eligibility.policy import Policy
from billing.eligibility.programme_consent import alone, counts_from, narrowed
from billing.eligibility.result import Flag, Window
from billing.eligibility.rule_set import Who
from billing.spans import Span
from care.wall_clock import beginning

__all__ = [
    "NO_PROGRAM",
    "Counted",
    "counted",
    "ending_with",
    "instants",
    "logged_in",
    "month_window",
    "of_program",
    "zone_of",
]

ONE_DAY: Final = dt.timedelta(days=1)
ONE_MINUTE: Final = dt.timedelta(minutes=1)
ONE_SECOND: Final = dt.timedelta(seconds=1)


class Counted(Struct, frozen=True, kw_only=True):
    """What one month has of one programme."""

    seconds: int
    of_entries: dict[str, int]
    """By entry; where two share a second, the earlier one has it."""
    spans: dict[str, tuple[Span, ...]]
    """The same, as instants: no other entry and no other programme has them."""
    live: tuple[TimeEntry, ...]
    """Contacts that prove a conversation in this month (T-9)."""
    flags: frozenset[Flag]

    def reached_at(self, seconds: int) -> dt.datetime | None:
        """The instant at which so much had been counted; None: it never was."""
        left = dt.timedelta(seconds=seconds)
        for start, end in spans.union(span for those in self.spans.values() for span in those):
            if end - start >= left:
                return start + left
            left -= end - start
        return None


def month_window(month: str) -> Window:
    """Raises ValueError for what is no month."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + 31 * ONE_DAY).replace(day=1)
    return Window(first=first, last=after - ONE_DAY)


def ending_with(window: Window, last: dt.date | None) -> Window:
    """A month as it ends with the episode, where it ends in it."""
    if last is None or not window.holds(last):
        return window
    return Window(first=window.first, last=last)


def instants(window: Window, zone: ZoneInfo) -> Span:
    """From local midnight to the local midnight after, whatever clocks do between."""
    return (beginning(window.first, zone), beginning(window.last + ONE_DAY, zone))


def zone_of(facts: Facts, policy: Policy) -> ZoneInfo:
    return facts.practice_zone if policy.time_entry_zone == "practice" else facts.patient_zone


def counted(
    window: Window, program: str, facts: Facts, policy: Policy, *, who: Who = "clinical"
) -> Counted:
    """`window` is a month as it ends with the episode."""
    zone = zone_of(facts, policy)
    month, over = instants(window, zone), _over(program, facts, zone)
    since = counts_from(program, facts, policy)
    since, over = narrowed(program, facts, month, since, over)
    mine = of_program(program, facts)
    ours = sorted((each for each in mine if _may_count(each, who)), key=by_start)
    span = None if since is None else _bounds(month, since, over)
    allowed = {each.id: () if span is None else spans.within(each.spans, *span) for each in ours}
    left, flags = without_clashes(ours, allowed, program, facts, policy)
    calendar = instants(month_window(f"{window.first:%Y-%m}"), zone)
    flags |= _outside(mine, who, calendar, since, over)
    given = _each_once(left, policy)
    if _shared(left):
        flags |= {Flag.OVERLAP_COUNTED_ONCE}
    live = tuple(each for each in ours if each.live and left[each.id])
    flags |= _spanning(live, calendar)
    return Counted(
        seconds=sum((spans.length(those) for those in given.values()), dt.timedelta(0))
        // ONE_SECOND,
        of_entries={name: spans.whole_seconds(those) for name, those in given.items()},
        spans=given,
        live=tuple(each for each in live if _credited(each, month, policy)),
        flags=frozenset(flags),
    )


def of_program(program: str, facts: Facts) -> list[TimeEntry]:
    wanted = program.upper()
    return [
        each
        for each in facts.entries
        if each.patient == facts.patient and each.program.upper() == wanted
    ]


def logged_in(window: Window, program: str, facts: Facts, policy: Policy) -> bool:
    """Whether anybody has logged time for it there, counted or not."""
    month = instants(window, zone_of(facts, policy))
    return any(spans.within(each.spans, *month) for each in of_program(program, facts))


def _may_count(entry: TimeEntry, who: Who) -> bool:
    """T-1, and what a code asks for; T-15."""
    role = entry.role.upper()
    allowed = {
        "clinical": entry.clinical,
        "practitioner": role in PRACTITIONERS,
        "auxiliary": role in AUXILIARY,
    }
    return allowed[who] and entry.activity not in NOT_MONITORING


def _bounds(month: Span, since: dt.datetime, over: dt.datetime | None) -> Span:
    """T-13: what lies in the month; E-2: after consent; and before monitoring was over."""
    return max(month[0], since), month[1] if over is None else min(month[1], over)


def _over(program: str, facts: Facts, zone: ZoneInfo) -> dt.datetime | None:
    """The last day is a whole day, of the zone that months are of; consent ends at its instant."""
    last, withdrawn = last_day(facts), facts.episode.consent_withdrawn_at
    if alone(program, facts):
        last, withdrawn = facts.episode.end_date, None
    ends = [
        each
        for each in (None if last is None else beginning(last + ONE_DAY, zone), withdrawn)
        if each is not None
    ]
    return min(ends, default=None)


def _each_once(left: Allowed, policy: Policy) -> Allowed:
    """T-10: the union, each second given to the earliest entry that has it. T-3: never rounded;
    for the very cautious the end of each entry is cut to whole minutes.
    """
    given = dict(zip(left, spans.earliest_keeps(list(left.values())), strict=True))
    if policy.time_rounding == "truncate_entries_to_minutes":
        return {name: _whole_minutes(own) for name, own in given.items()}
    return given


def _whole_minutes(own: tuple[Span, ...]) -> tuple[Span, ...]:
    whole = spans.length(own)
    return spans.first(own, whole - whole % ONE_MINUTE)


def _shared(left: Allowed) -> bool:
    together = sum((spans.length(each) for each in left.values()), dt.timedelta(0))
    return together > spans.length(span for each in left.values() for span in each)


def _outside(
    mine: Iterable[TimeEntry],
    who: Who,
    month: Span,
    since: dt.datetime | None,
    over: dt.datetime | None,
) -> set[Flag]:
    """Time that somebody may miss in the sum, and why it is not there."""
    flags: set[Flag] = set()
    for each in mine:
        if each.activity in NOT_MONITORING or not spans.within(each.spans, *month):
            continue
        if not _may_count(each, "auxiliary" if who == "auxiliary" else "clinical"):
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
