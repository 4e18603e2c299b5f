"""What people type of practices, payers and patients' coverage, checked at the door. Pure."""

import datetime as dt
import re
from typing import Final

from billing.months.records import Address
from care.errors import InvalidError
from care.fields import text
from care.orders import check_npi

CODE: Final = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
"""CPT and HCPCS: 99454, G0556, 0001F."""
MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")
TAX_ID: Final = re.compile(r"[0-9]{9}")
TAXONOMY: Final = re.compile(r"[0-9A-Z]{9}X")
STATE: Final = re.compile(r"[A-Z]{2}")
ZIP: Final = re.compile(r"[0-9]{5}([0-9]{4})?")
PLACE: Final = re.compile(r"[0-9]{2}")
MEMBER: Final = re.compile(r"[0-9A-Z]{2,80}")
FILING: Final = re.compile(r"[0-9A-Z]{2}")
EARLIEST: Final = dt.date(2000, 1, 1)
LATEST: Final = dt.date(2199, 12, 31)


def npi(typed: str | None) -> str | None:
    found = _bare(typed)
    return None if found is None else check_npi(found)


def tax_id(typed: str | None) -> str | None:
    found = _bare(typed)
    if found is not None and TAX_ID.fullmatch(found) is None:
        raise InvalidError("tax_id", "must be nine digits, as 12-3456789")
    return found


def taxonomy(typed: str | None) -> str | None:
    return _formed(
        "taxonomy", typed, TAXONOMY, "must be ten characters that end with X, as 207Q00000X"
    )


def place_of_service(typed: str) -> str:
    found = typed.strip()
    if PLACE.fullmatch(found) is None:
        raise InvalidError("place_of_service", "must be two digits, as 11")
    return found


def member_id(typed: str | None) -> str | None:
    return _formed("member_id", typed, MEMBER, "must be letters and digits, as on the card")


def filing_code(typed: str) -> str:
    found = typed.strip().upper()
    if FILING.fullmatch(found) is None:
        raise InvalidError("filing_code", "must be two letters or digits, as MB or CI")
    return found


def code(typed: str, field: str = "code") -> str:
    found = typed.strip().upper()
    if CODE.fullmatch(found) is None:
        raise InvalidError(field, "must be five characters, as 99454 or G0556")
    return found


def modifier(typed: str, field: str = "modifiers") -> str:
    found = typed.strip().upper()
    if MODIFIER.fullmatch(found) is None:
        raise InvalidError(field, "must be two letters or digits each")
    return found


def address(typed: Address | None) -> Address | None:
    """None where nothing of it is given; a part of one is refused by what is missing."""
    if typed is None or not any((typed.line_1, typed.line_2, typed.city, typed.state,
                                 typed.zip_code)):  # fmt: skip
        return None
    state, bare = typed.state.strip().upper(), re.sub(r"[ -]", "", typed.zip_code)
    if STATE.fullmatch(state) is None:
        raise InvalidError("state", "must be two letters, as NY")
    if ZIP.fullmatch(bare) is None:
        raise InvalidError("zip_code", "must be five or nine digits")
    return Address(
        line_1=text("line_1", typed.line_1),
        line_2=text("line_2", typed.line_2, needed=False),
        city=text("city", typed.city),
        state=state,
        zip_code=bare,
    )


def named(field: str, typed: str | None) -> str | None:
    """Text, or None where it is empty."""
    return None if typed is None else text(field, typed, needed=False) or None


def day(field: str, on: dt.date) -> dt.date:
    if not EARLIEST <= on <= LATEST:
        raise InvalidError(field, f"lies before {EARLIEST.year} or after {LATEST.year}")
    return on


def span(first: dt.date, last: dt.date | None, field: str) -> None:
    if last is not None and last < first:
        raise InvalidError(field, "lies before the first day")


def _bare(typed: str | None) -> str | None:
    return re.sub(r"[ -]", "", typed) or None if typed else None


def _formed(field: str, typed: str | None, form: re.Pattern[str], words: str) -> str | None:
    found = (_bare(typed) or "").upper() or None
    if found is not None and form.fullmatch(found) is None:
        raise InvalidError(field, words)
    return found
