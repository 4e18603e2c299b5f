"""Lines to claims: those that one claim can hold together. Pure."""

import hashlib
from collections.abc import Hashable, Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

from billing.months.records import LineOf, Provider, Status

LINES_MOST: Final = 50
DIAGNOSES_MOST: Final = 12
CLAIM_ID_LENGTH: Final = 20
"""CLM01: more than this payers need not give back."""


class Which(StrEnum):
    """Which lines of a locked month are claimed."""

    NEW = "new"
    """Approved ones that have not been sent."""
    AGAIN = "again"
    """Those too that were sent and not answered: whoever asks knows that the file was lost."""
    ALL = "all"
    """Whatever was ever claimed. With lines that were sent before it is a copy: a test file, on
    which nobody pays."""


NEW: Final = frozenset({Status.APPROVED})
UNANSWERED: Final = NEW | {Status.EXPORTED}
CLAIMED: Final = UNANSWERED | {Status.ACCEPTED, Status.PAID, Status.DENIED}
OF_WHICH: Final = {Which.NEW: NEW, Which.AGAIN: UNANSWERED, Which.ALL: CLAIMED}
DRAFTED: Final = CLAIMED | {Status.DRAFT, Status.READY}
"""What a draft shows."""
WHY_NOT: Final = {
    Status.DRAFT: "nobody has reviewed it",
    Status.READY: "nobody has approved it",
    Status.HELD: "it is held",
    Status.EXPORTED: "it was sent in an earlier export",
    Status.ACCEPTED: "the payer has accepted it already",
    Status.PAID: "it is paid already",
    Status.DENIED: "the payer has denied it: correct it first",
    Status.CORRECTED: "another line stands in its place",
    Status.VOID: "it is void",
}


class Claim(Struct, frozen=True, kw_only=True):
    """CLM: lines of one patient, with what is said of all of them once."""

    claim_id: str
    """The same each time for the same lines."""
    lines: tuple[LineOf, ...]
    diagnoses: tuple[str, ...]
    """In the order in which lines first name them: pointers count in it."""

    @property
    def charge(self) -> Decimal:
        return sum((line.charge or Decimal(0) for line in self.lines), Decimal(0))


def claims_of(lines: Iterable[LineOf]) -> list[Claim]:
    """At most 50 lines and 12 diagnoses each; in the order of the lines."""
    groups: dict[Hashable, list[list[LineOf]]] = {}
    for line in sorted(lines, key=lambda each: (each.dos_to, each.code, each.line_id)):
        those = groups.setdefault(_together(line), [[]])
        if not _fits(those[-1], line):
            those.append([])
        those[-1].append(line)
    return [_claim(tuple(each)) for those in groups.values() for each in those]


def _together(line: LineOf) -> Hashable:
    """Of what a claim says once. The month is of the service: frequencies are counted in it."""
    return (
        (line.dos_to.year, line.dos_to.month),
        line.place_of_service,
        _who(line.rendering),
        _who(line.supervising),
        _who(line.ordering),
        line.frequency,
        line.original_claim,
    )


def _who(provider: Provider | None) -> Hashable:
    return provider and (provider.npi, provider.family_name, provider.given_name)


def _fits(those: list[LineOf], line: LineOf) -> bool:
    diagnoses = {each for one in (*those, line) for each in one.diagnoses}
    return not those or (len(those) < LINES_MOST and len(diagnoses) <= DIAGNOSES_MOST)


def _claim(lines: tuple[LineOf, ...]) -> Claim:
    named = "".join(sorted(f"{line.line_id}{line.frequency}" for line in lines))
    digest = hashlib.sha256(named.encode()).hexdigest().upper()
    return Claim(
        claim_id=f"HB{digest}"[:CLAIM_ID_LENGTH],
        lines=lines,
        diagnoses=tuple(dict.fromkeys(each for line in lines for each in line.diagnoses)),
    )
