"""UDIs of GS1: application identifiers in brackets, as in print, or as a scanner sends them.

GS1 General Specifications, section 3: (01) device identifier, (10) lot, (11) made, (17) expires,
(21) serial number. What else a maker may add is read over, and kept in the text.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from vitals.udi import dates
from vitals.udi.errors import UdiError
from vitals.udi.identity import Issuer, Udi

SEPARATOR: Final = "\x1d"
"""FNC1 within a symbol, as scanners send it."""
SYMBOLOGIES: Final = ("]d2", "]C1", "]Q3", "]e0", "]J1")
"""What a scanner may put before it: DataMatrix, GS1-128, QR, DataBar, DotCode."""
DI: Final = "device identifier"
LABELS: Final = {"01": DI, "10": "lot", "11": "date made", "17": "expiry", "21": "serial number"}
_DIGITS: Final = {
    "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2, "7003": 10,
}  # fmt: skip
_FIXED: Final = {"01", "02", "11", "12", "13", "15", "16", "17", "20"}
"""Need no separator after them (figure 7.8.5-2); all others go on to the next one."""
_TEXTS: Final = {
    "10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "235": 28, "240": 30, "241": 30, "242": 6,
    "250": 30, "251": 30, "710": 20, "711": 20, "712": 20, "713": 20, "714": 20, "8012": 20,
    "90": 30, **{str(each): 90 for each in range(91, 100)},
}  # fmt: skip
_KNOWN: Final = sorted({*_DIGITS, *_TEXTS}, key=len, reverse=True)
_BRACKET: Final = re.compile(rf"\(({'|'.join(_KNOWN)})\)")
_ANY_BRACKET: Final = re.compile(r"\(([0-9]{2,4})\)")
_CHARACTERS: Final = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+""")
"""Character set 82."""
_LENGTHS: Final = (8, 12, 13, 14)


class Element(NamedTuple):
    ai: str
    value: str


def in_brackets(typed: str) -> Udi:
    """As it stands in print: `(01)…(17)…(10)…(21)…`. Raises UdiError."""
    return _made(list(_bracketed(typed)))


def scanned(raw: str) -> Udi:
    """As a scanner sends it, FNC1 between texts. Raises UdiError."""
    return _made(list(_elements(raw)))


def bare(digits: str) -> Udi:
    """Only a device identifier: a GTIN of 8, 12, 13 or 14 digits. Raises UdiError."""
    if len(digits) not in _LENGTHS:
        raise UdiError(
            DI, f"has {len(digits)} digits; a GTIN has 14 (or 8, 12 or 13). Type all of them"
        )
    return _made([Element("01", digits.zfill(14))])


def check_digit(body: str) -> str:
    """Of all the digits before it: weights 3 and 1 from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body[::-1]))
    return str(-total % 10)


def _bracketed(typed: str) -> Iterator[Element]:
    marks = list(_BRACKET.finditer(typed))
    if not marks or marks[0].start() != 0:
        found = _ANY_BRACKET.match(typed)
        what = f"({found[1]}) is not known here" if found else "does not begin with (01)"
        raise UdiError("UDI", f"{what}; type it as it is printed: (01)…(17)…(10)…(21)…")
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = len(typed) if following is None else following.start()
        value = typed[mark.end() : end].strip(f" {SEPARATOR}")
        yield Element(mark[1], value)


def _elements(raw: str) -> Iterator[Element]:
    rest = raw.lstrip(SEPARATOR)
    while rest:
        ai = next((each for each in _KNOWN if rest.startswith(each)), None)
        if ai is None:
            raise UdiError(
                "UDI",
                f"cannot be read from {rest[:4]!r} on; type it as it is printed, with brackets: "
                "(01)…(17)…(10)…(21)…",
            )
        rest = rest[len(ai) :]
        if ai in _FIXED:
            value, rest = rest[: _DIGITS[ai]], rest[_DIGITS[ai] :]
        else:
            value, _, rest = rest.partition(SEPARATOR)
        yield Element(ai, value)
        rest = rest.lstrip(SEPARATOR)


def _made(elements: list[Element]) -> Udi:
    found: dict[str, str] = {}
    for ai, value in elements:
        _check(ai, value)
        if ai in found:
            raise UdiError(_label(ai), f"stands there twice, as ({ai}); keep the right one")
        found[ai] = value
    if "01" not in found:
        raise UdiError(DI, "is missing; it is the (01) and 14 digits on the label")
    return Udi(
        issuer=Issuer.GS1,
        di=found["01"],
        lot=found.get("10"),
        serial=found.get("21"),
        made=_date("11", found),
        expires=_date("17", found),
        text="".join(f"({ai}){value}" for ai, value in elements),
    )


def _check(ai: str, value: str) -> None:
    digits, most = _DIGITS.get(ai), _TEXTS.get(ai, 0)
    if digits is not None and not (len(value) == digits and value.isascii() and value.isdecimal()):
        raise UdiError(_label(ai), f"is {digits} digits after ({ai}); look at the label again")
    if digits is None and not value:
        raise UdiError(_label(ai), f"is missing after ({ai}); type it, or leave out ({ai})")
    if digits is None and len(value) > most:
        raise UdiError(
            _label(ai),
            f"has {len(value)} characters, and may have {most} after ({ai}). A scanner may have "
            "left out what separates the parts: type it as it is printed, with brackets",
        )
    if digits is None and (
        _CHARACTERS.fullmatch(value) is None or _BRACKET.search(value) is not None
    ):
        raise UdiError(
            _label(ai), "holds a character that no such label has; look at the label again"
        )
    if ai == "01" and not value.strip("0"):
        raise UdiError(DI, "is all zeros; look at the label again")
    if ai in {"01", "02"} and check_digit(value[:-1]) != value[-1]:
        raise UdiError(
            _label(ai),
            f"{value} is mistyped: its last digit does not fit the others. Compare it with the "
            "label, digit by digit",
        )


def _date(ai: str, found: dict[str, str]) -> dt.date | None:
    digits = found.get(ai)
    if digits is None:
        return None
    return dates.of_digits(LABELS[ai], 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))


def _label(ai: str) -> str:
    return LABELS.get(ai, f"({ai})")
