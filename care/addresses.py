"""How a device is called on the air: a Bluetooth address, or the UUID that Apple shows. Pure.

A gateway on Linux names a device by its address, one on macOS by a UUID that CoreBluetooth makes up
for it. A source that posts over HTTP may name its devices as it likes.
"""

import re
from typing import Final

PAIRS: Final = 6
EXAMPLE: Final = "A0:B1:C2:D3:E4:F5"

_PAIRED: Final = re.compile(r"[0-9A-F]{2}(?P<mark>[:-])(?:[0-9A-F]{2}(?P=mark)){4}[0-9A-F]{2}")
_BARE: Final = re.compile(r"[0-9A-F]{12}")
_UUID: Final = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_LIKE_ONE: Final = re.compile(r"[0-9A-Z]{0,3}(:[0-9A-Z]{0,3}){2,}")
_NOBODYS: Final = frozenset({"000000000000", "FFFFFFFFFFFF"})
_NOT_A_DIGIT: Final = re.compile(r"[^0-9A-F:-]")
_MISREAD: Final = {"O": "0", "I": "1", "L": "1", "S": "5", "Z": "2", "G": "6"}
"""Letters that stand on a label for a digit, if anything."""


def on_the_air(typed: str) -> str | None:
    """The one spelling that readings carry, from whichever was typed; None where it is neither."""
    text = typed.strip().upper()
    if _UUID.fullmatch(text):
        return text
    if not (_PAIRED.fullmatch(text) or _BARE.fullmatch(text)):
        return None
    digits = text.replace(":", "").replace("-", "")
    if digits in _NOBODYS:
        return None
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def mistyped(typed: str) -> bool:
    """Whether it was meant for a Bluetooth address and is none: nobody else names things so."""
    text = typed.strip().upper()
    return _LIKE_ONE.fullmatch(text) is not None and on_the_air(text) is None


def complaint(typed: str) -> str:
    """Why it is neither, in words that follow the field's name."""
    text = typed.strip().upper()
    wrong = _NOT_A_DIGIT.search(text)
    pairs = [part for part in re.split("[:-]", text) if part]
    if text.replace(":", "").replace("-", "") in _NOBODYS:
        why = "is no device's"
    elif wrong is not None and len(pairs) == PAIRS:
        digit = _MISREAD.get(wrong[0])
        maybe = f": is it {digit}?" if digit else ""
        why = f"has {wrong[0]!r} in it, which is no hexadecimal digit{maybe}"
    elif wrong is None and 1 < len(pairs) != PAIRS:
        why = f"has {len(pairs)} parts instead of {PAIRS} pairs"
    else:
        why = "has another form"
    return (
        f"{typed!r} is no Bluetooth address, as {EXAMPLE} (or the UUID that macOS shows): it {why}"
    )
