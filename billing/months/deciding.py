"""Which windows belong to a month, and what the evaluator says of them. Pure.

A line belongs to the month in which its date of service lies; what gives no line, to the month in
which its window ends.
"""

import datetime as dt
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from billing.eligibility.days import Dated, Frame, frames, qualifying
from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import Asked, Facts
from billing.eligibility.policy import Policy
from billing.eligibility.result import Line, NotBillable, Why
from billing.months.calendar import Month
from billing.months.facts_of import Known, cared_for, each_standing, facts_of
from billing.months.sources import Sources
from billing.months.stretches import MONITORING, Stretch

OF_MONITORING: Final = frozenset({"supply", "setup", "mgmt"})
ONCE_ONLY: Final = frozenset({Why.NO_SETUP_EDUCATION})
"""What is said in the month of the first period, and not over again in each that follows."""
DEFAULTS: Final = Policy()


class Decided(Struct, frozen=True, kw_only=True):
    """What came of one stretch."""

    stretch: Stretch
    known: Known
    """With the consent and order that held then."""
    facts: Facts
    policy: Policy
    counted: tuple[Dated, ...]
    frames: tuple[Frame, ...]
    """Periods that meet the month."""
    lines: tuple[Line, ...]
    refused: tuple[NotBillable, ...]
    flags: tuple[str, ...]


class _Part(Struct, frozen=True, kw_only=True):
    """One stretch under one consent and order, and what is asked of it."""

    known: Known
    stretch: Stretch
    managed: bool = False
    """Whether it answers for the minutes of the month."""
    cares: tuple[str, ...] | None = None
    """Services besides monitoring that it answers for; None: it says nothing of any."""


def decided(
    known: Known, stretches: list[Stretch], sources: Sources, *, today: dt.date
) -> list[Decided]:
    """`today`: of the practice."""
    return [_of_part(each, sources, today=today) for each in _parts(known, stretches)]


def _parts(known: Known, stretches: list[Stretch]) -> list[_Part]:
    """A patient's services are judged together, by the last stretch of monitoring that somebody has
    entered; an earlier one answers for its devices only, so that no minute is judged twice.
    """
    watched = [each for each in stretches if each.service in MONITORING]
    cared = [each for each in stretches if each.service not in MONITORING]
    cares = tuple(dict.fromkeys(each.service.upper() for each in cared))
    standing = each_standing(known)
    entered = bool(watched) and watched[-1].enrolment is not None
    parts = [_Part(known=one, stretch=each) for each in watched for one in standing]
    if parts:
        own = cares if entered or not cared else None
        parts[-1] = replace(parts[-1], managed=True, cares=own)
    if cared and not entered:
        care = cared_for(standing[-1])
        parts.append(_Part(known=care, stretch=cared[-1], managed=True, cares=cares))
    return parts


def _of_part(part: _Part, sources: Sources, *, today: dt.date) -> Decided:
    known, stretch = part.known, part.stretch
    facts, month = facts_of(known, stretch, sources), sources.month
    policy = DEFAULTS if known.payer is None else known.payer.policy
    counted = qualifying(facts, policy)
    those = _meeting(counted, facts, policy, month) if stretch.service in MONITORING else ()
    asked = Asked(
        as_of=today,
        supply_periods=_numbers(those, counted, stretch),
        months=(month.name,) if part.managed else (),
        setup=known.first and _asks_for_setup(facts, those, stretch, month),
        services=part.cares or (),
    )
    rules = None if known.payer is None else known.payer.rules
    answer = evaluate(facts, asked, sources.book, policy, rules)
    return Decided(
        stretch=stretch,
        known=known,
        facts=facts,
        policy=policy,
        counted=counted,
        frames=those,
        lines=tuple(each for each in answer.lines if _of_month(each, part, month)),
        refused=tuple(
            each
            for each in answer.not_billable
            if _missed(each, part, month)
            if each.reason not in ONCE_ONLY or _begins_here(those, stretch, month)
        ),
        flags=tuple(sorted(flag.value for flag in answer.flags)),
    )


def _meeting(
    counted: tuple[Dated, ...], facts: Facts, policy: Policy, month: Month
) -> tuple[Frame, ...]:
    found = []
    for frame in frames(counted, facts, policy):
        if frame.window.first > month.last:
            break
        if frame.window.last >= month.first:
            found.append(frame)
    return tuple(found)


def _numbers(
    those: tuple[Frame, ...], counted: tuple[Dated, ...], stretch: Stretch
) -> tuple[int, ...]:
    """Where no period ever began, the first is asked for: the answer says why."""
    if stretch.service not in MONITORING:
        return ()
    return tuple(each.number for each in those) or (() if counted else (1,))


def _asks_for_setup(facts: Facts, those: tuple[Frame, ...], stretch: Stretch, month: Month) -> bool:
    """S-1, DOS-3: it goes with the first period that has days enough, whichever that is."""
    if stretch.service not in MONITORING or facts.episode.setup_already_billed:
        return False
    return bool(those) or month.holds(stretch.first)


def _begins_here(those: tuple[Frame, ...], stretch: Stretch, month: Month) -> bool:
    if those:
        return those[0].number == 1
    return month.holds(stretch.first)


def _of_month(line: Line, part: _Part, month: Month) -> bool:
    return month.holds(line.dos) and _asked_for(line.scope, part)


def _missed(refused: NotBillable, part: _Part, month: Month) -> bool:
    inside = refused.window is None or month.holds(refused.window.last)
    return inside and _asked_for(refused.scope, part)


def _asked_for(scope: str, part: _Part) -> bool:
    """Of whom only care is billed, nothing of monitoring is said; and the other way round."""
    if scope in OF_MONITORING:
        return part.stretch.service in MONITORING
    return part.cares is not None
