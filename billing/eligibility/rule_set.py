"""Dated rules of a payer, as data; one is chosen by the date of service."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from msgspec import Struct

from billing.errors import RuleSetError

AUTHORITIES: Final = {"medicare_ffs": "medicare"}
"""Whose rules a payer follows. One that is not here has none: never Medicare's in silence (R-4)."""


class Supply(Struct, frozen=True, kw_only=True):
    code: str
    min_days: int
    max_days: int


class Setup(Struct, frozen=True, kw_only=True):
    code: str
    min_days: int


class Base(Struct, frozen=True, kw_only=True):
    code: str
    min_seconds: int


class AddOn(Struct, frozen=True, kw_only=True):
    code: str
    each_seconds: int
    max_units: int | None = None
    requires: str | None = None


class Family(Struct, frozen=True, kw_only=True):
    """Care management besides: one base, further units."""

    base: Base
    addon: AddOn | None = None


class RuleSet(Struct, frozen=True, kw_only=True):
    effective_from: dt.date
    effective_to: dt.date | None = None
    confirmed_through: dt.date
    supply: tuple[Supply, ...]
    setup: Setup
    mgmt_base: tuple[Base, ...]
    mgmt_addon: AddOn
    ccm: Family | None = None
    name: str = ""

    def holds(self, day: dt.date) -> bool:
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


class RuleBook:
    """All rule sets of all authorities; refuses dates that overlap or leave a gap."""

    def __init__(self, sets: Mapping[str, RuleSet]) -> None:
        self._of: dict[str, tuple[RuleSet, ...]] = {}
        for name, rules in sets.items():
            authority, _, _ = name.rpartition("-")
            named = RuleSet(
                **{each: getattr(rules, each) for each in rules.__struct_fields__} | {"name": name}
            )
            self._of[authority] = (*self._of.get(authority, ()), named)
        for authority, those in self._of.items():
            self._of[authority] = _in_order(authority, those)

    def of(self, payer: str, day: dt.date) -> RuleSet | None:
        """None: nobody has said what holds for this payer on that day."""
        authority = AUTHORITIES.get(payer, payer)
        return next((each for each in self._of.get(authority, ()) if each.holds(day)), None)

    def knows(self, payer: str) -> bool:
        return AUTHORITIES.get(payer, payer) in self._of


def _in_order(authority: str, those: Iterable[RuleSet]) -> tuple[RuleSet, ...]:
    ordered = tuple(sorted(those, key=lambda each: each.effective_from))
    for before, after in pairwise(ordered):
        if before.effective_to is None or before.effective_to >= after.effective_from:
            raise RuleSetError(
                f"{before.name} and {after.name} of {authority} both hold on "
                f"{after.effective_from}: end the earlier one the day before"
            )
        if before.effective_to + dt.timedelta(days=1) != after.effective_from:
            raise RuleSetError(
                f"between {before.name} and {after.name} of {authority} no rule holds: "
                f"{before.effective_to} is followed by {after.effective_from}"
            )
    return ordered
