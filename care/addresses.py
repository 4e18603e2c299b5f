"""What a device is called: the one rule for the API, the pages and the command line. Pure.

A gateway on Linux names a device by its Bluetooth address (random ones look the same), one on macOS
by a UUID that CoreBluetooth makes up for it. A source that posts over HTTP names its devices as
their maker does: an IMEI, a serial number. Readings find their device by this name alone, so it has
one spelling, and what is nearly an address is refused: its readings would never find it.
"""

import re
from typing import Final

from care.errors import InvalidError

PAIRS: Final = 6
EXAMPLE: Final = "A0:B1:C2:D3:E4:F5"

_PAIRED: Final = re.compile(r"[0-9A-F]{2}(?P<mark>[:-])(?:[0-9A-F]{2}(?P=mark)){4}[0-9A-F]{2}")
_BARE: Final = re.compile(r"[0-9A-F]{12}")
_UUID: Final = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_LIKE_ONE: Final = re.compile(r"[0-9A-Z]{0,3}(:[0-9A-Z]{0,3}){2,}")
_OWN: Final = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?")
"""A name of a source's own: printable ASCII, all that a reading can carry (wire.soundness)."""
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


def called(typed: str, *, own: bool | None = None) -> str:
    """The name that readings carry, from what was typed. Raises InvalidError.

    `own`: whether it is said that the device has no Bluetooth address (True), or that it has one
    (False). Where nobody says, as over the API, either will do that leaves nothing open.
    """
    found = on_the_air(typed)
    if own is False:
        if found is None:
            raise InvalidError("address", complaint(typed))
        return found
    name = sound(typed)
    # Twelve decimals are rather a maker's number than a bare address.
    if own is None and found not in {None, name} and not name.isdecimal():
        raise InvalidError(
            "address",
            f"{typed!r} may be a Bluetooth address or a name of its own: write {found}, "
            "or say which with not_bluetooth",
        )
    return name


def sound(name: str) -> str:
    """A name as it is kept: upper case, bounded, and no address with an error in it."""
    text = name.strip().upper()
    if mistyped(text):
        raise InvalidError("address", complaint(name))
    if _OWN.fullmatch(text) is None:
        raise InvalidError(
            "address", "must be 1 to 64 letters, digits and signs of plain ASCII, as readings have"
        )
    return text


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
