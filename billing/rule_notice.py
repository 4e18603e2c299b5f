"""R-3: how long the rules are confirmed for, and from when on somebody is told of it. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from billing.eligibility.rule_set import AUTHORITIES, RuleBook, RuleSet
from billing.rule_files import authority_of

WARNED: Final = dt.timedelta(days=60)
"""So long before the rules end, counting both days' difference, somebody is told."""
NAMES: Final = {"medicare": "Medicare"}


class Notice(Struct, frozen=True, kw_only=True):
    """The rules of one authority end soon, or have ended."""

    authority: str
    name: str
    """As people know it."""
    rule_set: str
    """Which would be confirmed for longer."""
    confirmed_through: dt.date
    over: bool
    """That day is past."""


def named(authority: str) -> str:
    return NAMES.get(authority) or authority.replace("_", " ").capitalize()


def horizon(today: dt.date) -> dt.date:
    """Later than the end of next year nobody can have read what will hold."""
    return dt.date(today.year + 1, 12, 31)


def notices(book: RuleBook, today: dt.date, followed: Iterable[str] | None = None) -> list[Notice]:
    """`followed`: whose rules the practice's payers follow; None: of all that there are."""
    asked = None if followed is None else {AUTHORITIES.get(each, each) for each in followed}
    return [each for each in _all(book, today) if asked is None or each.authority in asked]


def _all(book: RuleBook, today: dt.date) -> Iterator[Notice]:
    of: dict[str, list[RuleSet]] = {}
    for each in book.sets():
        of.setdefault(authority_of(each.name), []).append(each)
    for authority, sets in of.items():
        last = holding_last(sets, today)
        if last.confirmed_through - today <= WARNED:
            yield Notice(
                authority=authority,
                name=named(authority),
                rule_set=last.name,
                confirmed_through=last.confirmed_through,
                over=last.confirmed_through < today,
            )


def holding_last(sets: Iterable[RuleSet], today: dt.date) -> RuleSet:
    """The set with which confirmation ends: from today's on, each that is confirmed to its end is
    followed by the next.
    """
    ordered = list(sets)
    found = next((each for each in ordered if each.holds(today)), ordered[-1])
    for each in ordered[ordered.index(found) + 1 :]:
        if found.effective_to is None or found.confirmed_through < found.effective_to:
            break
        found = each
    return found
