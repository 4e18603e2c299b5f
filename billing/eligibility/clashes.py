"""Seconds that two patients or two programmes claim: they count for neither (T-11, T-12)."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from billing import spans
from billing.eligibility.diary import by_start
from billing.eligibility.entry import AUXILIARY
from billing.eligibility.facts import Diary, Facts, TimeEntry
from billing.eligibility.policy import Policy
from billing.eligibility.result import Flag
from billing.spans import Span

NO_PROGRAM: Final = frozenset({"", "NONE"})
"""Time that is logged for nothing that is billed: it takes no minute from anything."""
Allowed = dict[str, tuple[Span, ...]]
"""By entry: what of it may count."""


def without_clashes(
    ours: Sequence[TimeEntry], allowed: Allowed, program: str, facts: Facts, policy: Policy
) -> tuple[Allowed, set[Flag]]:
    """T-11, T-12: what one person did for two patients at once, or two programmes claim, counts
    for neither until somebody has resolved it. T-15: nor do the minutes of a visit that is billed.
    """
    flags: set[Flag] = set()
    left: Allowed = {}
    diary = facts.elsewhere if facts.elsewhere is not None else Diary(facts.entries)
    besides = Diary(each for each in facts.entries if _of_another(each, program, facts))
    visits = [
        (each.start, each.end)
        for each in facts.other_services
        if each.start is not None and each.end is not None
    ]
    for entry in ours:
        span = allowed[entry.id]
        if not span:
            left[entry.id] = ()
            continue
        across = _keeping(entry, policy.same_staff_cross_patient_overlap)
        others = _spans(
            each
            for each in diary.during(entry.staff, (entry.start, entry.end))
            if each.patient != facts.patient and across(each)
        )
        between = _keeping(entry, policy.same_staff_cross_program_overlap)
        claimed = _spans(
            each
            for name in besides.staff
            for each in besides.during(name, (entry.start, entry.end))
            if between(each)
        )
        if others and spans.shared(span, others):
            flags.add(Flag.STAFF_DOUBLE_BOOKED)
        if claimed and spans.shared(span, claimed):
            flags.add(Flag.DOUBLE_PROGRAM_CONFLICT)
        taken = [*others, *claimed, *visits]
        left[entry.id] = spans.minus(span, taken) if taken else span
    return left, flags


def _of_another(each: TimeEntry, program: str, facts: Facts) -> bool:
    return (
        each.patient == facts.patient
        and each.program.upper() not in {program.upper(), *NO_PROGRAM}
        and each.role.upper() in AUXILIARY
    )


def _keeping(entry: TimeEntry, policy: str) -> Callable[[TimeEntry], bool]:
    """Which of the others take time from this one: all, or those that began before it."""
    if policy == "earlier_entry_keeps":
        return lambda other: by_start(other) < by_start(entry)
    return lambda _: True


def _spans(entries: Iterable[TimeEntry]) -> list[Span]:
    return [span for each in entries for span in each.spans]
