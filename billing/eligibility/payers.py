"""What one payer asks beyond the rules that it follows, as data. Pure.

A payer follows an authority (`medicare`), and differs from it in rows of its own, each with the
dates between which it holds. A payer that nobody has entered has no rules at all (R-4).
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from billing.eligibility.facts import Facts
from billing.eligibility.policy import Policy
from billing.eligibility.result import Line, NotBillable, Why

ClaimForm = Literal["837P", "837I", "paper"]


class CodeRule(Struct, frozen=True, kw_only=True):
    """One code, as this payer has it, between two dates."""

    code: str
    effective_from: dt.date
    effective_to: dt.date | None = None
    accepted: bool = True
    min_days: int | None = None
    max_units: int | None = None
    diagnoses: tuple[str, ...] = ()
    """Beginnings of ICD-10-CM codes; one of the patient's must have one. (): any will do."""
    prior_authorisation: bool = False
    modifiers: tuple[str, ...] = ()
    source: str = ""
    source_read_on: dt.date | None = None
    certainty: str = ""

    def holds(self, day: dt.date) -> bool:
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )


class Payer(Struct, frozen=True, kw_only=True):
    id: str
    """As `Facts.payer` has it."""
    authority: str
    """Whose rule sets hold: `medicare`."""
    name: str = ""
    policy: Policy = Policy()
    codes: tuple[CodeRule, ...] = ()
    claim_form: ClaimForm = "837P"
    place_of_service: str = "11"
    """E-7: where the billing practitioner normally works."""
    correction: Literal["replace", "reopening"] = "replace"
    """L-4, U12: whether a corrected claim carries frequency 7, or a reopening is asked for."""
    date_format: Literal["D8", "RD8"] = "D8"

    def rule(self, code: str, day: dt.date) -> CodeRule | None:
        return next((each for each in self.codes if each.code == code and each.holds(day)), None)


def refusal_of(line: Line, facts: Facts, payer: Payer | None) -> NotBillable | None:
    """E-5, and what the payer asks of this code on this day; None: nothing stands against it."""
    if facts.diagnoses is not None and not facts.diagnoses:
        return refused(line, Why.NO_DIAGNOSIS, "E-5")
    rule = None if payer is None else payer.rule(line.code, line.dos)
    if rule is None:
        return None
    return _by_code(line, rule) or _by_patient(line, rule, facts)


def _by_code(line: Line, rule: CodeRule) -> NotBillable | None:
    if not rule.accepted:
        return refused(line, Why.CODE_NOT_ACCEPTED, "R-4")
    if rule.min_days is not None and line.days is not None and line.days < rule.min_days:
        numbers = {"minimum": rule.min_days, "actual": line.days}
        return refused(line, Why.BELOW_MIN_DAYS, "R-4", numbers=numbers)
    return None


def _by_patient(line: Line, rule: CodeRule, facts: Facts) -> NotBillable | None:
    if rule.diagnoses and not _covered(facts.diagnoses or (), rule.diagnoses):
        return refused(line, Why.DIAGNOSIS_NOT_COVERED, "E-5")
    if rule.prior_authorisation and not _authorised(line, facts):
        return refused(line, Why.PRIOR_AUTH_MISSING, "R-4")
    return None


def units_cap(line: Line, payer: Payer | None) -> int | None:
    rule = None if payer is None else payer.rule(line.code, line.dos)
    return None if rule is None else rule.max_units


def refused(
    line: Line, reason: Why, *rules: str, numbers: dict[str, int] | None = None
) -> NotBillable:
    """The line that would have been, and why it is none."""
    return NotBillable(
        scope=line.scope, window=line.window, reason=reason, rules=rules, numbers=numbers or {},
        code=line.code, program=line.program,
    )  # fmt: skip


def _covered(diagnoses: Sequence[str], listed: Sequence[str]) -> bool:
    bare = [each.replace(".", "").upper() for each in diagnoses]
    return any(
        each.startswith(wanted.replace(".", "").upper()) for each in bare for wanted in listed
    )


def _authorised(line: Line, facts: Facts) -> bool:
    return any(
        line.code in each.codes
        and each.first <= line.dos
        and (each.last is None or line.dos <= each.last)
        for each in facts.prior_authorisations
    )
