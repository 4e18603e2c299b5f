"""Dated rules of an authority, as data; one is chosen by the date of service."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from billing.errors import RuleSetError

AUTHORITIES: Final = {"medicare_ffs": "medicare"}
"""Whose rules a payer follows. One that is not here has none: never Medicare's in silence (R-4)."""

RPM: Final = "RPM"
RTM: Final = "RTM"
Who = Literal["clinical", "practitioner", "auxiliary"]


class Row(Struct, frozen=True, kw_only=True):
    """One rule, and where it comes from."""

    code: str
    certainty: str = ""
    """V+ two pages or more, V1 one, K own knowledge, P our policy, C sources conflict."""
    source: str = ""
    source_read_on: dt.date | None = None
    confirmed_through: dt.date | None = None
    """Where it ends before its set's does."""
    version: int = 1


class Supply(Row, frozen=True, kw_only=True):
    min_days: int
    max_days: int


class Setup(Row, frozen=True, kw_only=True):
    min_days: int


class Base(Row, frozen=True, kw_only=True):
    min_seconds: int


class AddOn(Row, frozen=True, kw_only=True):
    each_seconds: int
    max_units: int | None = None
    requires: str | None = None


class Within(Struct, frozen=True, kw_only=True):
    """One attested day follows another one closely enough."""

    since: str
    then: str
    days: int
    business: bool = False


class Family(Struct, frozen=True, kw_only=True):
    """One base and its further units: one way of billing a programme."""

    base: Base
    addon: AddOn | None = None
    who: Who = "clinical"
    needs: tuple[str, ...] = ()
    """What has to be attested, each by its name in `words.ATTESTED`."""
    within: tuple[Within, ...] = ()
    min_readings: int = 0
    """B-1: so many blood pressures in the window, typed ones too."""


class Care(Struct, frozen=True, kw_only=True):
    """A programme besides monitoring. The first family that is fulfilled is billed, one a month."""

    program: str
    families: tuple[Family, ...]
    asked_by: str = ""
    """The attestation that asks for it where no minutes are logged."""
    dos: str = ""
    """The attestation whose day is the date of service; empty: the end of the month."""
    each_month: bool = False
    """What asks for it is attested anew for each month; else it lasts until it is ended."""
    once_in_months: int = 0
    """Not again within so many months after the last; 0: once a month, as everything."""
    counts: str = ""
    """Whose minutes; empty: its own programme's."""

    @property
    def scope(self) -> str:
        return self.program.lower()

    @property
    def within_the_month(self) -> frozenset[str]:
        """What has to be attested of a day of this very month."""
        return frozenset({self.dos, self.asked_by if self.each_month else ""} - {""})


class Exclusion(Struct, frozen=True, kw_only=True):
    """Codes that are never billed with others of the same month: what stands first is kept."""

    id: str
    keep: tuple[str, ...]
    drop: tuple[str, ...]
    effect: Literal["block", "warn"] = "block"
    certainty: str = ""
    source: str = ""


class Monitoring(Struct, frozen=True, kw_only=True):
    """Devices, setup and management of one programme: RPM, or RTM of one kind."""

    supply: tuple[Supply, ...]
    setup: Setup
    mgmt_base: tuple[Base, ...]
    mgmt_addon: AddOn


class RuleSet(Struct, frozen=True, kw_only=True):
    effective_from: dt.date
    effective_to: dt.date | None = None
    confirmed_through: dt.date
    supply: tuple[Supply, ...]
    setup: Setup
    mgmt_base: tuple[Base, ...]
    mgmt_addon: AddOn
    ccm: Family | None = None
    """As files of worked cases have it; ours have `care`."""
    rtm: dict[str, Monitoring] = {}
    """By kind of therapeutic monitoring."""
    care: tuple[Care, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    version: int = 1
    source_read_on: dt.date | None = None
    reviewed_by: str = ""
    name: str = ""

    def holds(self, day: dt.date) -> bool:
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    def monitoring(self, program: str, kind: str = "") -> Monitoring | None:
        """None: this set has no codes for it."""
        if program.upper() == RTM:
            return self.rtm.get(kind)
        return Monitoring(
            supply=self.supply, setup=self.setup, mgmt_base=self.mgmt_base,
            mgmt_addon=self.mgmt_addon,
        )  # fmt: skip

    @property
    def besides(self) -> tuple[Care, ...]:
        if self.ccm is None or any(each.program == "CCM" for each in self.care):
            return self.care
        return (Care(program="CCM", families=(self.ccm,)), *self.care)

    def row(self, code: str) -> Row | None:
        return next((each for each in self.rows() if each.code == code), None)

    def rows(self) -> Iterator[Row]:
        for kind in (self.monitoring(RPM), *self.rtm.values()):
            if kind is not None:
                yield from (*kind.supply, kind.setup, *kind.mgmt_base, kind.mgmt_addon)
        for care in self.besides:
            for family in care.families:
                yield family.base
                if family.addon is not None:
                    yield family.addon


class RuleBook:
    """All rule sets of all authorities; refuses dates that overlap or leave a gap."""

    def __init__(
        self, sets: Mapping[str, RuleSet], *, files: Mapping[str, str] | None = None
    ) -> None:
        """`files`: in which each set stands, for what is said of one that is refused."""
        self._files = dict(files or {})
        found: dict[str, list[RuleSet]] = {}
        for name, rules in sets.items():
            authority, _, _ = name.rpartition("-")
            found.setdefault(authority, []).append(replace(rules, name=name))
        self._of = {name: self._in_order(name, those) for name, those in found.items()}

    def of(self, payer: str, day: dt.date) -> RuleSet | None:
        """None: nobody has said what holds for this payer on that day."""
        authority = AUTHORITIES.get(payer, payer)
        return next((each for each in self._of.get(authority, ()) if each.holds(day)), None)

    def knows(self, payer: str) -> bool:
        return AUTHORITIES.get(payer, payer) in self._of

    def having(self, rules: RuleSet) -> "RuleBook":
        """The same, with this one in place of the one of its name."""
        sets = {each.name: each for each in self.sets()} | {rules.name: rules}
        return RuleBook(sets, files=self._files)

    def sets(self) -> tuple[RuleSet, ...]:
        """All of them, by authority and date."""
        return tuple(each for name in sorted(self._of) for each in self._of[name])

    def authorities(self) -> tuple[str, ...]:
        return tuple(sorted(self._of))

    def codes(self) -> frozenset[str]:
        """Of all sets."""
        return frozenset(row.code for each in self.sets() for row in each.rows())

    def file_of(self, name: str) -> str:
        """Empty where it stands in none."""
        return self._files.get(name, "")

    def _in_order(self, authority: str, those: Iterable[RuleSet]) -> tuple[RuleSet, ...]:
        ordered = tuple(sorted(those, key=lambda each: (each.effective_from, each.name)))
        for each in ordered:
            if each.effective_to is not None and each.effective_to < each.effective_from:
                raise RuleSetError(
                    f"{self._said(each)} ends on {each.effective_to}, before it begins on "
                    f"{each.effective_from}"
                )
        for before, after in pairwise(ordered):
            self._check_seam(authority, before, after)
        return ordered

    def _check_seam(self, authority: str, before: RuleSet, after: RuleSet) -> None:
        if before.effective_to is None or before.effective_to >= after.effective_from:
            raise RuleSetError(
                f"{self._said(before)} and {self._said(after)} of {authority} both hold on "
                f"{after.effective_from}: end the earlier one the day before"
            )
        if before.effective_to + dt.timedelta(days=1) != after.effective_from:
            raise RuleSetError(
                f"between {self._said(before)} and {self._said(after)} of {authority} no rule "
                f"holds: {before.effective_to} is followed by {after.effective_from}"
            )

    def _said(self, rules: RuleSet) -> str:
        file = self._files.get(rules.name)
        return rules.name if file is None else f"{rules.name} ({file})"
