"""Telephone numbers: kept as people write them, and dialled as machines need them. Pure."""

import re
from typing import Final

from care.errors import InvalidError

WRITTEN: Final = re.compile(
    r"(?P<number>\+?[0-9(][0-9 ().\-/]*)(\s*(ext\.?|x|#)\s*(?P<extension>[0-9]{1,6}))?",
    re.IGNORECASE,
)
LONGEST: Final = 40
DIGITS_LEAST: Final = 7
DIGITS_MOST: Final = 15
"""By ITU-T E.164."""
SHORT_LEAST: Final = 2
"""Of an emergency number: 110, 112, 911; 15 and 17 in France."""


def checked(field: str, typed: str, *, short: bool = False) -> str:
    """The number as typed, without space around it. `short`: 911 will do."""
    found = " ".join(typed.split())
    match = WRITTEN.fullmatch(found)
    if len(found) > LONGEST or match is None:
        raise InvalidError(field, "is no telephone number such as +1 555 010 9999 or 555-010-9999")
    digits = len(re.sub(r"\D", "", match["number"]))
    least = SHORT_LEAST if short else DIGITS_LEAST
    if not least <= digits <= DIGITS_MOST:
        raise InvalidError(field, f"has {digits} digits: a number has {least} to {DIGITS_MOST}")
    return found


def dialled(number: str) -> str:
    """For a `tel:` link, by RFC 3966: `+1 (555) 010-9999 ext 12` is `+15550109999;ext=12`."""
    match = WRITTEN.fullmatch(number)
    if match is None:
        return re.sub(r"[^0-9+]", "", number)
    plus = "+" if match["number"].startswith("+") else ""
    extension = f";ext={match['extension']}" if match["extension"] else ""
    return plus + re.sub(r"\D", "", match["number"]) + extension
