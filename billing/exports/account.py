"""Which lines are in a claim, which are not and why: together they are all of the month's."""

from collections.abc import Iterable

from billing.exports.manifest import LeftOut, Totals
from billing.months.records import LineOf, PatientMonth


class Account:
    """Of one file, as it is written."""

    def __init__(self) -> None:
        self.sent, self.kept, self.taken_back = Totals(), Totals(), Totals()
        self.left_out: list[LeftOut] = []
        self.to_take_back: list[LeftOut] = []
        self.sent_before = 0
        """Lines that were in an earlier file: their claims are copies."""

    def sends(self, lines: Iterable[LineOf], *, before: int) -> None:
        self.sent = self.sent.with_lines(lines)
        self.sent_before += before

    def takes_back(self, lines: Iterable[LineOf], *, before: int) -> None:
        self.taken_back = self.taken_back.with_lines(lines)
        self.sent_before += before

    def leaves_out(self, patient: PatientMonth, lines: Iterable[LineOf], reason: str) -> None:
        those = tuple(lines)
        self.kept = self.kept.with_lines(those)
        self.left_out += _named(patient, those, reason)

    def leaves_there(self, patient: PatientMonth, lines: Iterable[LineOf], reason: str) -> None:
        """With the payer, though they are billed no more."""
        self.to_take_back += _named(patient, lines, reason)


def _named(patient: PatientMonth, lines: Iterable[LineOf], reason: str) -> list[LeftOut]:
    return [LeftOut(line_id=each.line_id, mrn=patient.who.mrn, reason=reason) for each in lines]
