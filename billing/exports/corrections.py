"""Claims that correct one of the payer's: a payer replaces or voids a claim as a whole. Pure.

So what is replaced is said with everything else that stands on the same claim, and a claim is void
only where nothing of it stands any more.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from billing.exports.claim_checks import CHART, Fault
from billing.exports.claims import CLAIMED, NEW, OF_WHICH, Claim, Which
from billing.months.records import (
    ClaimForm,
    Cover,
    LineOf,
    PatientMonth,
    Standing,
    Status,
    TakenBack,
)

REPLACEMENT: Final = "7"
VOID: Final = "8"
LINE: Final = "Enter the payer's claim number at the line."
SPLIT: Final = "its lines do not go into one claim any more"
GONE: Final = "it is billed no more: see what is taken back"


class Corrections(Struct, frozen=True, kw_only=True):
    """Of one patient, in one file."""

    statuses: frozenset[Status]
    """Of lines that go."""
    lines: tuple[LineOf, ...]
    """Of the month; what goes again on a replaced claim is among those to be sent."""
    dropped: dict[str, list[TakenBack]]
    """By the payer's number: what a replacement leaves out."""
    voids: tuple[TakenBack, ...]
    """What a void claim takes back."""
    refused: tuple[tuple[LineOf, Fault], ...]
    """What cannot be taken back by a claim."""

    @property
    def taken(self) -> frozenset[UUID]:
        """Lines that are no more."""
        those = (*self.voids, *(each for some in self.dropped.values() for each in some))
        return frozenset(
            {each.line.line_id for each in those} | {line.line_id for line, _ in self.refused}
        )

    def broken(self, claims: Iterable[Claim]) -> dict[str, str]:
        """Replacements that are not whole, and why: the payer takes back what one lacks."""
        parts: dict[str, list[Claim]] = {}
        for claim in claims:
            if claim.lines[0].frequency == REPLACEMENT:
                parts.setdefault(claim.lines[0].original_claim or "", []).append(claim)
        return {
            number: why for number, those in parts.items() if (why := self._why_not(number, those))
        }

    def _why_not(self, number: str, those: list[Claim]) -> str:
        if len(those) > 1:
            return f"lines of the payer's claim {number} do not go into one claim any more"
        wanted = [
            each
            for each in self.lines
            if each.frequency == REPLACEMENT
            and each.original_claim == number
            and each.status in self.statuses
            and each.line_id not in self.taken
        ]
        if len(those[0].lines) < len(wanted):
            return f"another line of the payer's claim {number} cannot be sent"
        return ""


def as_corrected_now(patient: PatientMonth) -> PatientMonth:
    """Whether a payer takes replacements is often learned with the first denial, after the lock."""
    if not isinstance(patient, Standing):
        return patient

    def by_now(cover: Cover | None) -> Cover | None:
        if cover is None or cover.payer not in patient.corrects_by:
            return cover
        return replace(cover, corrects_by=patient.corrects_by[cover.payer])

    return replace(
        patient,
        cover=by_now(patient.cover),
        taken_back=tuple(replace(one, cover=by_now(one.cover)) for one in patient.taken_back),
    )


def corrections_of(patient: PatientMonth, which: Which, *, draft: bool) -> Corrections:
    """Of a draft nothing is said to a payer."""
    wanted = () if draft else wanted_of(patient, which)
    found = [(each, _fault(each)) for each in wanted]
    sound = [each for each, fault in found if fault is None]
    here = [each for each in sound if _same_payer(each.cover, patient.cover)]
    touched = _numbers(here) | (set() if draft else _replaced(patient, which))
    lines = tuple(_carried(patient, each, touched) for each in patient.lines)
    standing = {
        each.original_claim
        for each in lines
        if each.frequency == REPLACEMENT and _goes(each, which)
    }
    dropped: dict[str, list[TakenBack]] = {}
    for each in here:
        if each.line.original_claim in standing:
            dropped.setdefault(each.line.original_claim or "", []).append(each)
    gone = {each.line.line_id for those in dropped.values() for each in those}
    return Corrections(
        statuses=OF_WHICH[which],
        lines=lines,
        dropped=dropped,
        voids=tuple(_void(each) for each in sound if each.line.line_id not in gone),
        refused=tuple((each.line, fault) for each, fault in found if fault is not None),
    )


def of_claims(voids: Iterable[TakenBack]) -> dict[tuple[Cover | None, str], list[TakenBack]]:
    """By whom they were sent to, and the payer's number."""
    found: dict[tuple[Cover | None, str], list[TakenBack]] = {}
    for each in voids:
        found.setdefault((each.cover, each.line.original_claim or ""), []).append(each)
    return found


def wanted_of(patient: PatientMonth, which: Which) -> tuple[TakenBack, ...]:
    """What this file is to take back: what no earlier one has, unless it is asked for again."""
    found = patient.taken_back if isinstance(patient, Standing) else ()
    return tuple(each for each in found if not each.told or which is not Which.NEW)


def _numbers(taken: Iterable[TakenBack]) -> set[str]:
    return {each.line.original_claim for each in taken if each.line.original_claim}


def _replaced(patient: PatientMonth, which: Which) -> set[str]:
    return {
        each.original_claim
        for each in patient.lines
        if each.frequency == REPLACEMENT and each.original_claim and _goes(each, which)
    }


def _same_payer(one: Cover | None, other: Cover | None) -> bool:
    return one is not None and other is not None and one.payer == other.payer


def _goes(line: LineOf, which: Which) -> bool:
    return line.status in OF_WHICH[which]


def _carried(patient: PatientMonth, line: LineOf, touched: set[str]) -> LineOf:
    """What stands on a claim that is replaced goes again with it: else the payer takes it back."""
    if not isinstance(patient, Standing) or line.status not in CLAIMED - NEW:
        return line
    number = patient.claim_numbers.get(line.line_id) or line.original_claim
    if number is None or number not in touched:
        return line
    return replace(line, status=Status.APPROVED, frequency=REPLACEMENT, original_claim=number)


def _void(taken: TakenBack) -> TakenBack:
    return replace(taken, line=replace(taken.line, status=Status.APPROVED, frequency=VOID))


def _fault(taken: TakenBack) -> Fault | None:
    cover, code = taken.cover, taken.line.code
    if cover is None:
        return Fault("payer", "is not known of what was sent", CHART)
    if cover.corrects_by != "replacement":
        return Fault(
            "reopening",
            f"to be asked for: {code} was sent, is billed no more, and {cover.payer_name} takes no"
            " void claim",
            f"Ask {cover.payer_name} to reopen the claim, then say at the line that it is void.",
        )
    if cover.claim_form is not ClaimForm.PROFESSIONAL:
        return Fault(
            "claim form",
            f"{code} was sent and is billed no more, and {cover.payer_name} takes"
            f" {cover.claim_form}, not 837P",
            "Have it voided, then say at the line that it is void.",
        )
    if not taken.line.original_claim:
        return Fault(
            "original claim", f"{code} was sent and is billed no more: its number is missing", LINE
        )
    return None
