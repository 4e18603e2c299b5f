"""One page for a patient's month: what the practice bills, for a payer or an own system. Pure."""

from decimal import Decimal

from msgspec import Struct

from billing.code_labels import label_of
from billing.months.records import LineOf, MonthHead, PatientMonth


class SuperbillLine(Struct, frozen=True, kw_only=True):
    line: LineOf
    label: str
    pointers: str
    """To the diagnoses: A, B, C."""


class Superbill(Struct, frozen=True, kw_only=True):
    head: MonthHead
    patient: PatientMonth
    diagnoses: tuple[tuple[str, str], ...]
    """Letter and code."""
    lines: tuple[SuperbillLine, ...]
    units: int
    charge: Decimal
    without_charge: int


def superbill_of(head: MonthHead, patient: PatientMonth) -> Superbill:
    codes = tuple(dict.fromkeys(each for line in patient.lines for each in line.diagnoses))
    letters = {code: chr(ord("A") + n) for n, code in enumerate(codes)}
    charges = [line.charge for line in patient.lines if line.charge is not None]
    return Superbill(
        head=head,
        patient=patient,
        diagnoses=tuple((letter, code) for code, letter in letters.items()),
        lines=tuple(
            SuperbillLine(
                line=line,
                label=label_of(line.code),
                pointers=", ".join(letters[each] for each in dict.fromkeys(line.diagnoses)),
            )
            for line in patient.lines
        ),
        units=sum(line.units for line in patient.lines),
        charge=sum(charges, Decimal("0.00")),
        without_charge=len(patient.lines) - len(charges),
    )
