"""R-3: which rules a practice works by: those that are shipped, those that it has imported, and
each as far as somebody has confirmed it. Pure.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from billing.eligibility.rule_set import RuleBook, RuleSet
from billing.rule_files import authority_of, confirmed, followed_by, read, shipped_sets

DAY = dt.timedelta(days=1)


class Stated(Struct, frozen=True, kw_only=True):
    """What somebody has said of the rules; never changed, never taken back."""

    id: int
    kind: Literal["imported", "confirmed"]
    name: str
    version: int
    file: str
    sha256: str
    confirmed_through: dt.date
    reason: str
    recorded_by: str
    """Empty: a command."""
    recorded_at: dt.datetime
    body: str | None = None
    """The file, where one was imported."""
    replaces: tuple[str, ...] = ()
    """Sets of which it takes days that were confirmed, as whoever imported it has said."""


@lru_cache(maxsize=64)
def book_of(stated: tuple[Stated, ...]) -> RuleBook:
    """Of all that a practice has stated, the first said first."""
    sets, files = sets_of(stated)
    return RuleBook(sets, files=files)


def sets_of(stated: Sequence[Stated]) -> tuple[dict[str, RuleSet], dict[str, str]]:
    """By name, and in which file each stands. What a practice has imported goes before what a later
    release ships of the same days: nothing changes under it.
    """
    shipped, our_files = shipped_sets()
    own, files = imported(stated)
    sets = {**_given_way(shipped, own), **own}
    for name, rules in sets.items():
        sets = followed_by(sets, name, rules)
    return _as_confirmed(sets, stated), {**our_files, **files}


def imported(stated: Iterable[Stated]) -> tuple[dict[str, RuleSet], dict[str, str]]:
    """Of each name the last version."""
    sets: dict[str, RuleSet] = {}
    files: dict[str, str] = {}
    for each in stated:
        if each.body is None:
            continue
        known = sets.get(each.name)
        if known is None or known.version < each.version:
            sets[each.name] = read(each.body, where=each.file)[each.name]
            files[each.name] = each.file
    return sets, files


def _given_way(shipped: Mapping[str, RuleSet], own: Mapping[str, RuleSet]) -> dict[str, RuleSet]:
    kept = {name: each for name, each in shipped.items() if name not in own}
    for name, theirs in own.items():
        for other, each in list(kept.items()):
            if authority_of(other) != authority_of(name) or not _meet(each, theirs):
                continue
            if each.effective_from < theirs.effective_from:
                kept[other] = replace(each, effective_to=theirs.effective_from - DAY)
            elif theirs.effective_to is not None and not _within(each, theirs.effective_to):
                kept[other] = replace(each, effective_from=theirs.effective_to + DAY)
            elif theirs.effective_to is not None or each.effective_from == theirs.effective_from:
                del kept[other]
    return kept


def _meet(one: RuleSet, other: RuleSet) -> bool:
    """They hold on a day both; of a set without an end the next one makes the end."""
    return (one.effective_to is None or one.effective_to >= other.effective_from) and (
        other.effective_to is None or other.effective_to >= one.effective_from
    )


def _within(rules: RuleSet, last: dt.date) -> bool:
    return rules.effective_to is not None and rules.effective_to <= last


def _as_confirmed(sets: Mapping[str, RuleSet], stated: Iterable[Stated]) -> dict[str, RuleSet]:
    """Of a set's version only; what is shipped as confirmed for longer stays so."""
    found = dict(sets)
    for each in stated:
        rules = found.get(each.name)
        if (
            each.kind == "confirmed"
            and rules is not None
            and rules.version == each.version
            and rules.confirmed_through < each.confirmed_through
        ):
            found[each.name] = confirmed(rules, each.confirmed_through)
    return found


def in_words(rules: RuleSet) -> str:
    """As a month's documents name it: `medicare-2026, confirmed through 2027-03-31`. What is
    shipped and as it is shipped has its name only.
    """
    shipped = shipped_sets()[0].get(rules.name)
    said = rules.name if rules.version == 1 else f"{rules.name} version {rules.version}"
    if shipped is None or shipped.confirmed_through == rules.confirmed_through:
        return said
    return f"{said}, confirmed through {rules.confirmed_through}"
