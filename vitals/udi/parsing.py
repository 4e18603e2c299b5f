"""What somebody has scanned or typed, whatever agency it is of."""

import re
from typing import Final

from vitals.udi import gs1, hibcc, iccbba
from vitals.udi.errors import UdiError
from vitals.udi.identity import Udi

LONGEST: Final = 256
_SCANNED_GS1: Final = 16
"""`01` and 14 digits: shorter than that it is a GTIN by itself."""
_SEPARATORS: Final = re.compile("<GS>|{GS}|\u241d", re.IGNORECASE)
"""How keyboards, scanners' manuals and web forms write FNC1."""
_CONTROL: Final = re.compile(r"[\x00-\x1c\x1e\x1f\x7f]")
HOW: Final = (
    "type it as it is printed beside the bar code, beginning with (01), + or =/; or only the "
    "device identifier, 14 digits"
)


def parse(typed: str) -> Udi:
    """Raises UdiError, which says what to do."""
    text = _SEPARATORS.sub(gs1.SEPARATOR, re.sub(r"\s*[\t\r\n]\s*", " ", typed).lstrip(" "))
    if not text.strip(f"{gs1.SEPARATOR} "):
        raise UdiError("UDI", f"must not be empty; {HOW}")
    _check_length(text)
    if _CONTROL.search(text):
        raise UdiError("UDI", f"holds a character that cannot be printed; {HOW}")
    found = _by_first(_without_symbology(text))
    # In print it has brackets that no scanner sends: whoever is told of it reads no more either.
    _check_length(found.text)
    return found


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise UdiError("UDI", f"may have at most {LONGEST} characters; {HOW}")


def _without_symbology(text: str) -> str:
    """The three signs by which a scanner says what kind of bar code it was."""
    for each in gs1.SYMBOLOGIES:
        if text.startswith(each):
            return text[len(each) :]
    return text


def _by_first(text: str) -> Udi:
    if text.startswith(("+", "*+")):
        return hibcc.read(text)
    text = text.rstrip(" ")
    if text.startswith(("=", "&")):
        return iccbba.read(text)
    if text.startswith("("):
        return gs1.in_brackets(text)
    digits = re.sub(r"[ -]", "", text)
    if digits.isascii() and digits.isdecimal() and len(digits) < _SCANNED_GS1:
        return gs1.bare(digits)
    if text[:1] == gs1.SEPARATOR or (text[:1].isascii() and text[:1].isdecimal()):
        return gs1.scanned(text)
    raise UdiError("UDI", f"is none that is known here; {HOW}")
