"""UDIs of HIBCC: `+`, labeller, product and unit; then lot, serial number and dates; a check at
the end.

ANSI/HIBC 2: the primary data is the device identifier (labeller, product, unit of measure). The
secondary data follows after `/`, and the last character of all is the check, modulo 43.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from vitals.udi import dates
from vitals.udi.errors import UdiError
from vitals.udi.identity import Issuer, Udi

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
DI: Final = "device identifier"
_BLANK: Final = "_"
_PRIMARY: Final = re.compile(r"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]")
_QUANTITY: Final = re.compile(r"8[0-9]{2}|9[0-9]{5}")
_VALUE: Final = re.compile(r"[A-Z0-9\-. ]{1,20}")
_DATED: Final = {"2": 6, "3": 6, "4": 8, "5": 5, "6": 7}
"""Digits of the date after its sign; a 0 or 1 is no sign but the month itself, and 7 is no date."""


def read(typed: str) -> Udi:
    """Raises UdiError."""
    body, check = _ends(typed.strip("*").upper())
    strange = sorted({each for each in body + check if each not in ALPHABET})
    if strange:
        raise UdiError("UDI", f"holds {strange[0]!r}, which no HIBC label has; look at it again")
    if check_character(body) != check:
        raise UdiError(
            "check character",
            f"{check!r} at the end does not fit what is before it: something is mistyped. "
            "Compare it with the label, sign by sign; where that ends in a blank, type _",
        )
    primary, *more = body[1:].split("/")
    if _PRIMARY.fullmatch(primary) is None:
        raise UdiError(
            DI,
            "is the labeller (a letter and three signs), the product (1 to 18 letters and digits) "
            "and a digit, after the +; look at the label again",
        )
    text = body + check.replace(" ", _BLANK)
    return Udi(issuer=Issuer.HIBCC, di=primary, text=text, **_secondary(more))


def check_character(body: str) -> str:
    """Of signs of the alphabet; of others it is none."""
    return ALPHABET[sum(map(ALPHABET.find, body)) % len(ALPHABET)]


def _ends(text: str) -> tuple[str, str]:
    """All but the check, and the check: it may be a blank, which print shows as `_`."""
    if text.endswith(_BLANK):
        return text[:-1], " "
    bare = text.rstrip(" ")
    if text != bare and check_character(bare) == " ":
        return bare, " "
    return bare[:-1], bare[-1]


def _secondary(parts: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in parts:
        for name, value in _part(each).items():
            if found.setdefault(name, value) != value:
                raise UdiError(name, "stands there twice, and is not the same; look at the label")
    return found


def _part(part: str) -> dict[str, Any]:
    for prefix, read_rest in _PARTS:
        if part.startswith(prefix):
            return read_rest(part[len(prefix) :])
    if part.startswith("Q") and part[1:].isdecimal():
        return {}
    if part[:5].isdecimal() and len(part) >= 5:  # noqa: PLR2004
        return {"expires": _julian(part[:5])} | _named("lot", part[5:], needed=False)
    raise UdiError(
        "UDI", f"has a part that is not known here, /{part[:4]}; look at the label again"
    )


def _dated(body: str, name: str) -> dict[str, Any]:
    quantity = _QUANTITY.match(body)
    rest = body if quantity is None else body[quantity.end() :]
    sign = rest[:1]
    if sign in {"0", "1"}:
        digits, rest = _digits(rest, 4)
        expires = dates.of_digits("expiry", 2000 + int(digits[2:]), int(digits[:2]), 0)
    elif sign in _DATED:
        digits, rest = _digits(rest[1:], _DATED[sign])
        expires = _by_sign(sign, digits)
    else:
        return _named(name, rest.removeprefix("7"), needed=bool(rest))
    return {"expires": expires} | _named(name, rest, needed=False)


def _by_sign(sign: str, digits: str) -> dt.date:
    if sign in {"5", "6"}:
        return _julian(digits[:5])
    first, second, third = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if sign == "2":
        return dates.of_digits("expiry", 2000 + third, first, second)
    return dates.of_digits("expiry", 2000 + first, second, third)


def _digits(rest: str, count: int) -> tuple[str, str]:
    digits = rest[:count]
    if len(digits) != count or not digits.isdecimal():
        raise UdiError("expiry", f"is {count} digits there; look at the label again")
    return digits, rest[count:]


def _julian(digits: str) -> dt.date:
    return dates.of_day_number("expiry", 2000 + int(digits[:2]), int(digits[2:]))


def _long_date(part: str, digits: str) -> dt.date:
    if len(digits) != 8 or not digits.isdecimal() or not digits.startswith("20"):  # noqa: PLR2004
        raise UdiError(part, "is eight digits, year, month and day; look at the label again")
    return dates.of_digits(part, int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _named(name: str, value: str, *, needed: bool = True) -> dict[str, Any]:
    if not value and not needed:
        return {}
    if _VALUE.fullmatch(value) is None:
        raise UdiError(
            "serial number" if name == "serial" else name,
            "has 1 to 20 letters and digits; look at the label again",
        )
    return {name: value}


_PARTS: Final[tuple[tuple[str, Callable[[str], dict[str, Any]]], ...]] = (
    ("$$+", lambda rest: _dated(rest, "serial")),
    ("$$", lambda rest: _dated(rest, "lot")),
    ("$+", lambda rest: _named("serial", rest)),
    ("$", lambda rest: _named("lot", rest)),
    ("14D", lambda rest: {"expires": _long_date("expiry", rest)}),
    ("16D", lambda rest: {"made": _long_date("date made", rest)}),
    ("S", lambda rest: _named("serial", rest)),
)
"""What a part begins with, the longer signs before the shorter."""
