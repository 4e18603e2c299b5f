"""What billing's words are in a page: money, months, states, reasons. Pure.

Nothing here promises that anybody will pay: a line is eligible by the configured rules, and a
person approves it.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency

from billing.eligibility.words import FLAG_WORDS, WHY_WORDS
from billing.months.records import ClaimForm, Status
from billing.months.states import LACKS_WORDS
from billing.words import SERVICE_WORDS, Service

DISCLAIMER: Final = (
    "Eligible by the configured rules. Whether a payer pays is the payer's to say; this is no "
    "legal advice."
)
SCOPES: Final[dict[str, str]] = {
    "supply": "Device supply",
    "setup": "Setting up",
    "mgmt": "Care time",
}
STATUS_WORDS: Final[dict[str, str]] = {
    Status.DRAFT: "Draft",
    Status.HELD: "Held",
    Status.READY: "Ready",
    Status.APPROVED: "Approved",
    Status.EXPORTED: "Exported",
    Status.ACCEPTED: "Accepted",
    Status.PAID: "Paid",
    Status.DENIED: "Denied",
    Status.CORRECTED: "Corrected",
    Status.VOID: "Void",
}
STATUS_LOOKS: Final[dict[str, tuple[str, str]]] = {
    Status.DRAFT: ("", "minus"),
    Status.HELD: ("high", "pause"),
    Status.READY: ("low", "clock"),
    Status.APPROVED: ("good", "check"),
    Status.EXPORTED: ("good", "out"),
    Status.ACCEPTED: ("good", "check"),
    Status.PAID: ("good", "check"),
    Status.DENIED: ("bad", "cross"),
    Status.CORRECTED: ("medium", "undo"),
    Status.VOID: ("", "cross"),
}
"""Badge and symbol: the word says the same."""
FORM_WORDS: Final[dict[str, str]] = {
    ClaimForm.PROFESSIONAL: "837P, professional",
    ClaimForm.INSTITUTIONAL: "837I, institutional",
    ClaimForm.PAPER: "Paper",
}


def money(amount: Decimal | None) -> str:
    """$1,234.50; a dash where no fee is known."""
    return "–" if amount is None else format_currency(amount, "USD", locale="en_US")  # noqa: RUF001


def standing(statuses: Mapping[str, int]) -> int:
    """How many lines the month has: what was replaced or taken back is none of it any more."""
    gone = {Status.CORRECTED, Status.VOID}
    return sum(count for status, count in statuses.items() if status not in gone)


def month_name(month: str) -> str:
    """October 2026, of 2026-10."""
    return format_date(first_day(month), "MMMM y", locale="en")


def first_day(month: str) -> dt.date:
    """Raises ValueError for what is no month."""
    if len(month) != len("2026-10") or not month.isascii():
        raise ValueError(month)
    return dt.date.fromisoformat(f"{month}-01")


def beside(month: str, step: int) -> str:
    """The month before (-1) or after (1)."""
    number = first_day(month).year * 12 + first_day(month).month - 1 + step
    return f"{number // 12:04}-{number % 12 + 1:02}"


def minutes(seconds: int) -> str:
    """20:00 min, to the second: what is counted is never rounded."""
    return f"{seconds // 60}:{seconds % 60:02} min"


def why_of(reason: str) -> str:
    """As a heading: without its full stop. What is not known yet is made readable."""
    known = {str(key): words for key, words in WHY_WORDS.items()}.get(reason)
    return (known or _readable(reason)).removesuffix(".")


def flag_of(flag: str) -> str:
    known = {str(key): words for key, words in FLAG_WORDS.items()}.get(flag)
    return known or f"{_readable(flag)}."


def service_of(service: str) -> str:
    """Without the abbreviation, which the time log has beside it."""
    known = SERVICE_WORDS.get(service.lower())
    return known.partition(" (")[0] if known else service.upper()


def services() -> list[tuple[str, str]]:
    """To choose from: all that anything is billed as."""
    return [(str(each), service_of(each)) for each in Service if each is not Service.NONE]


def scope_of(scope: str) -> str:
    """Of other services than monitoring: which they are."""
    return SCOPES.get(scope) or service_of(scope)


def lack_of(word: str) -> str:
    """What has to be entered before a line can be approved."""
    known = LACKS_WORDS.get(word)
    return known[0].upper() + known[1:] if known else _readable(word)


def _readable(word: str) -> str:
    return word.replace("_", " ").capitalize()
