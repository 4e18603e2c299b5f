"""Whether the practice can send claims at all; each lack is named, and where to enter it. Pure."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from billing.exports.codes import STATE, TAXONOMY, ZIP
from billing.exports.errors import NotCarriedError
from billing.exports.npi import sound
from billing.exports.problems import Problem, Weight
from billing.exports.x12.billing_loops import digits, phone_digits
from billing.exports.x12.charset import carried
from billing.months.records import Address, Practice

WHERE: Final = "Enter it in Billing, Practice."
TAX_ID_LENGTH: Final = 9
PHONE_LENGTH: Final = 10
ZIP_WHOLE: Final = 9
BOX: Final = re.compile(r"\bP\.?\s*O\.?\s*BOX\b", re.IGNORECASE)


def practice_problems(practice: Practice) -> list[Problem]:
    """Those of weight LEFT_OUT leave no claim to be written."""
    found = [
        _problem(field, what)
        for field, what in (
            ("NPI", _npi(practice.npi)),
            ("tax id", _length(practice.tax_id, digits(practice.tax_id), TAX_ID_LENGTH)),
            ("taxonomy", _form(practice.taxonomy, TAXONOMY)),
            ("phone", _length(practice.phone, phone_digits(practice.phone), PHONE_LENGTH)),
            ("name", _text(practice.name, 60)),
            ("contact name", _text(practice.contact_name, 60)),
            ("submitter id", _text(practice.submitter_id, 15)),
            ("receiver id", _text(practice.receiver_id, 15)),
            ("receiver name", _text(practice.receiver_name, 60)),
        )
        if what
    ]
    found += [_problem(field, what) for field, what in address_faults(practice.address)]
    return [*found, *_doubts(practice.address)]


def address_faults(address: Address | None) -> Iterator[tuple[str, str]]:
    """Field and what is the matter with it: of the practice, and of patients."""
    if address is None:
        yield "address", "is not entered"
        return
    checks: tuple[tuple[str, str], ...] = (
        ("street", _text(address.line_1, 55)),
        ("street, second line", _text(address.line_2, 55) if address.line_2 else ""),
        ("city", _text(address.city, 30)),
        ("state", _form(address.state.upper(), STATE)),
        ("ZIP code", _form(address.zip_code, ZIP)),
    )
    yield from ((field, what) for field, what in checks if what)


def text_fault(text: str | None, most: int) -> str:
    """Empty where a claim can carry it."""
    return _text(text, most)


def _doubts(address: Address | None) -> list[Problem]:
    if address is None:
        return []
    found = []
    if len(digits(address.zip_code)) < ZIP_WHOLE:
        found.append(
            _problem(
                "ZIP code",
                "has five digits: many payers want nine of who bills",
                weight=Weight.LOOK,
                remedy="Enter all nine in Billing, Practice.",
            )
        )
    if BOX.search(address.line_1):
        found.append(
            _problem(
                "street",
                "is a post office box, which a billing address may not be",
                weight=Weight.LOOK,
                remedy="Enter the street in Billing, Practice.",
            )
        )
    return found


def _problem(
    field: str, what: str, *, weight: Weight = Weight.LEFT_OUT, remedy: str = WHERE
) -> Problem:
    return Problem(field=f"practice {field}", what=what, remedy=remedy, weight=weight)


def _npi(npi: str | None) -> str:
    if not npi:
        return "is not entered"
    return "" if sound(npi) else "is no NPI: its check digit is wrong, or it has not ten digits"


def _length(text: str | None, found: str, length: int) -> str:
    if not text:
        return "is not entered"
    return "" if len(found) == length else f"has not {length} digits"


def _form(text: str | None, form: "re.Pattern[str]") -> str:
    if not text:
        return "is not entered"
    return "" if form.fullmatch(text) else "is not of the form that claims want"


def _text(text: str | None, most: int) -> str:
    if not (text or "").strip():
        return "is not entered"
    return _said(lambda: carried(text or "", most=most))


def _said(attempt: Callable[[], str]) -> str:
    try:
        attempt()
    except NotCarriedError as error:
        return str(error)
    return ""
