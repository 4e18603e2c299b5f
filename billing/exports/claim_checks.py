"""Whether a line may go into a claim; if not, which field it is and what to do. Pure.

Readers of X12 do not see any of this: a wrong check digit, an unknown code and a date to come are
all well-formed.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.exports.claims import CLAIMED, DIAGNOSES_MOST, DRAFTED, NEW, OF_WHICH, WHY_NOT, Which
from billing.exports.codes import DIAGNOSIS, FILING, MBI, MODIFIER, PLACES
from billing.exports.npi import sound
from billing.exports.practice_checks import address_faults, text_fault
from billing.exports.problems import Problem, Weight
from billing.months.records import ClaimForm, Cover, LineOf, PatientMonth, Provider, Standing

CENT: Final = Decimal("0.01")
CHARGE_MOST: Final = Decimal("99999999.99")
UNITS_MOST: Final = 9999
MODIFIERS_MOST: Final = 4
SEXES: Final = {"m": "M", "male": "M", "f": "F", "female": "F"}
DEATHS: Final = frozenset({"death", "died", "deceased", "patient_died"})
MEDICARE: Final = "MB"
CHART: Final = "Enter it in Billing, the patient, Coverage and enrolment."
CARD: Final = "Compare it with the card: Billing, the patient, Coverage and enrolment."
APPROVAL: Final = "approval"
OWN: Final = "you approved it, and somebody else sends it"
SENDER: Final = (
    "Let another biller or administrator take the 837P, or let somebody else approve the line too:"
    " then you may take it."
)
PEOPLE: Final = "Enter it in Billing, Practice, Practitioners."


class Fault(Struct, frozen=True):
    field: str
    what: str
    remedy: str
    weight: Weight = Weight.LEFT_OUT


class Checking(Struct, frozen=True, kw_only=True):
    """What holds for the whole export."""

    today: dt.date
    """In the practice's zone."""
    draft: bool
    which: Which
    codes: frozenset[str]
    own: frozenset[UUID] = frozenset()
    """Lines that whoever sends has approved: somebody else sends them (L-5)."""


def problems_of(checking: Checking, patient: PatientMonth, line: LineOf) -> list[Problem]:
    """None of weight LEFT_OUT: it may go into a claim."""
    return [told(fault, patient, line) for fault in _faults(checking, patient, line)]


def told(fault: Fault, patient: PatientMonth, line: LineOf) -> Problem:
    return Problem(
        field=fault.field,
        what=fault.what,
        remedy=fault.remedy,
        weight=fault.weight,
        mrn=patient.who.mrn,
        line_id=line.line_id,
        code=line.code,
    )


def _faults(checking: Checking, patient: PatientMonth, line: LineOf) -> Iterator[Fault]:
    if line.status not in (DRAFTED if checking.draft else OF_WHICH[checking.which]):
        yield Fault("status", WHY_NOT[line.status], "Look at the line in the month.")
        return
    if line.line_id in checking.own:
        yield Fault(APPROVAL, OWN, SENDER)
        return
    if line.status in NEW and not checking.draft and _undecided(patient, line):
        yield Fault(
            "adjustment",
            "it is not what was locked any more",
            "Decide about the adjustment of the month first.",
        )
        return
    cover = patient.cover
    if cover is None:
        yield Fault("payer", "is not entered", CHART)
        return
    if cover.claim_form is not ClaimForm.PROFESSIONAL:
        yield Fault(
            "claim form",
            f"{cover.payer_name} takes {cover.claim_form}, not 837P",
            "Bill it from the CSV or the workbook.",
        )
        return
    yield from _of_patient(checking, patient)
    yield from _of_cover(cover, line)
    yield from _of_people(line)
    yield from _of_codes(checking, line)
    yield from _of_dates(checking, patient, line)
    yield from _of_money(line)
    if checking.which is Which.AGAIN and sent_before(line) and not checking.draft:
        yield Fault(
            "exported before",
            "it was in an export already: sent again, it is billed again",
            "Send this file only if the earlier one was lost.",
            Weight.LOOK,
        )


def _undecided(patient: PatientMonth, line: LineOf) -> bool:
    return isinstance(patient, Standing) and line.line_id in patient.undecided


def problems_of_void(checking: Checking, patient: PatientMonth, line: LineOf) -> list[Problem]:
    """Of a line as it was sent. Dates are not looked at: it may be their fault that it goes."""
    cover = patient.cover
    assert cover is not None  # noqa: S101 - looked at before: `corrections`
    faults = (
        *_of_patient(checking, patient),
        *_of_cover(cover, line),
        *_of_people(line),
        *_of_codes(checking, line),
        *_of_money(line),
    )
    return [told(fault, patient, line) for fault in faults]


def sent_before(line: LineOf) -> bool:
    """As it stands now; what was corrected since is approved anew."""
    return line.status not in DRAFTED - CLAIMED | NEW


def _of_patient(checking: Checking, patient: PatientMonth) -> Iterator[Fault]:
    who = patient.who
    if who.birth_date is None:
        yield Fault("date of birth", "is not entered", "Enter it in the patient's chart.")
    elif who.birth_date > checking.today:
        yield Fault("date of birth", "lies in the future", "Correct it in the patient's chart.")
    if who.sex.lower() not in SEXES:
        yield Fault(
            "sex",
            "is not entered: the claim says that it is unknown",
            "Enter it in the patient's chart, as on the insurance card.",
            Weight.LOOK,
        )
    names = (("last name", who.family_name, 60), ("first name", who.given_name, 35))
    for field, text, most in names:
        if what := text_fault(text, most):
            yield Fault(field, what, "Enter it as on the insurance card, in Latin letters.")
    for field, what in address_faults(who.address):
        yield Fault(f"patient's {field}", what, "Enter it in the patient's chart.")


def _of_cover(cover: Cover, line: LineOf) -> Iterator[Fault]:
    for field, text, most in (
        ("member id", cover.member_id, 80),
        ("payer id", cover.payer_id, 80),
        ("payer name", cover.payer_name, 60),
    ):
        if what := text_fault(text, most):
            where = CHART if field == "member id" else "Enter it in Billing, Payers."
            yield Fault(field, what, where)
    if cover.prior_auth and (what := text_fault(cover.prior_auth, 50)):
        yield Fault("prior authorisation", what, CHART)
    if cover.filing_code not in FILING:
        yield Fault("filing code", "is none that claims know", "Correct it in Billing, Payers.")
    if unlike_medicare(cover.filing_code, cover.member_id):
        yield Fault("member id", "has not the form of a Medicare number", CARD, Weight.LOOK)
    if line.frequency == "1" and not (line.exported_before and line.status in NEW):
        return
    if cover.corrects_by != "replacement":
        yield Fault(
            "correction",
            f"an earlier claim has gone out, and {cover.payer_name} takes no replacement",
            "Ask for a reopening of the original claim.",
        )
    elif what := text_fault(line.original_claim, 50):
        yield Fault("original claim", what, "Enter the payer's claim number at the line.")


def unlike_medicare(filing_code: str, member_id: str | None) -> bool:
    """A number of Medicare's own that is not formed as theirs are; a mistake, mostly."""
    return filing_code == MEDICARE and MBI.fullmatch((member_id or "").upper()) is None


def _of_people(line: LineOf) -> Iterator[Fault]:
    if line.rendering is None:
        yield Fault("rendering NPI", "nobody is named who bills for it", PEOPLE)
    for role, provider in (
        ("rendering", line.rendering),
        ("ordering", line.ordering),
        ("supervising", line.supervising),
    ):
        if provider is not None:
            yield from _of_provider(role, provider)


def _of_provider(role: str, provider: Provider) -> Iterator[Fault]:
    if not provider.npi:
        yield Fault(f"{role} NPI", f"of {provider.family_name} is not entered", PEOPLE)
    elif not sound(provider.npi):
        yield Fault(f"{role} NPI", "is none: its check digit is wrong", PEOPLE)
    if what := text_fault(provider.family_name, 60):
        yield Fault(f"{role} last name", what, PEOPLE)
    if provider.given_name and (what := text_fault(provider.given_name, 35)):
        yield Fault(f"{role} first name", what, PEOPLE)


def _of_codes(checking: Checking, line: LineOf) -> Iterator[Fault]:
    if line.code not in checking.codes:
        yield Fault("code", f"{line.code} is in no rule set", "Look at the payer's rules.")
    if len(line.modifiers) > MODIFIERS_MOST:
        yield Fault("modifiers", "are more than four", "Look at the payer's rules.")
    if not all(MODIFIER.fullmatch(each) for each in line.modifiers):
        yield Fault("modifiers", "have not the form of modifiers", "Look at the payer's rules.")
    if line.place_of_service not in PLACES:
        yield Fault("place of service", "is none that claims know", "Correct it in Billing.")
    if not line.diagnoses:
        yield Fault("diagnosis", "there is none", "Enter it with the order.")
    if len(line.diagnoses) > DIAGNOSES_MOST:
        yield Fault("diagnosis", "there are more than twelve", "Choose those of the order.")
    for each in line.diagnoses:
        if not DIAGNOSIS.fullmatch(each.upper()):
            yield Fault("diagnosis", "has not the form of ICD-10-CM", "Correct it at the order.")


def _of_dates(checking: Checking, patient: PatientMonth, line: LineOf) -> Iterator[Fault]:
    last = max(line.dos_to, line.dos_from)
    if last > checking.today:
        yield Fault("date of service", f"{last} lies in the future", "Wait until it has come.")
    if line.dos_from > line.dos_to or line.window_from > line.window_to:
        yield Fault("date of service", "ends before it begins", "Tell whoever runs Hearthbeat.")
    died = [
        each.ended_on
        for each in patient.episodes
        if each.ended_on is not None and (each.end_reason or "").lower() in DEATHS
    ]
    if died and last > min(died):
        yield Fault("date of service", f"{last} is after the patient's death", "Correct the end.")
        return
    of_service = [each for each in patient.episodes if each.service.lower() == line.service.lower()]
    if of_service and all(each.ended_on and each.ended_on < last for each in of_service):
        yield Fault("date of service", f"{last} is after the service ended", "Correct the end.")


def _of_money(line: LineOf) -> Iterator[Fault]:
    if not 1 <= line.units <= UNITS_MOST:
        yield Fault("units", f"are {line.units}", "Look at the payer's rules.")
    if line.charge is None:
        yield Fault("charge", f"no fee is known for {line.code}", "Import a fee file with it.")
    elif not CENT <= line.charge <= CHARGE_MOST or line.charge != line.charge.quantize(CENT):
        yield Fault("charge", f"is {line.charge}", "Correct the fee file: dollars and cents.")
