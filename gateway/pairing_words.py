"""What the pairing agent answers BlueZ. Pure: no D-Bus."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.device_book import DeviceNotes

_DEVICE: Final = re.compile(r"/dev((?:_[0-9A-Fa-f]{2}){6})\Z")


class Capability(StrEnum):
    """What the hub claims to have, in BlueZ's words."""

    KEYBOARD_DISPLAY = "KeyboardDisplay"  # The clinic has told us the number on the device.
    NO_INPUT_NO_OUTPUT = "NoInputNoOutput"  # Just Works: a cuff that gets anything else gives up.


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """In BlueZ's words, with ours beside them."""

    error: str = "org.bluez.Error.Rejected"
    why: str


Answer = int | str | None | Refusal
"""A passkey, a PIN code, "yes", or no."""


def capability(notes: DeviceNotes, *, shows_passkey: bool) -> Capability:
    if shows_passkey or notes.passkey is not None:
        return Capability.KEYBOARD_DISPLAY
    return Capability.NO_INPUT_NO_OUTPUT


def address_of(path: str) -> str | None:
    """`/org/bluez/hci0/dev_A0_B1_C2_D3_E4_F5` to the address, in capitals."""
    found = _DEVICE.search(path)
    return None if found is None else found[1][1:].replace("_", ":").upper()


def answer(method: str, body: list[object], *, visiting: DeviceNotes | None) -> Answer:
    """Only the device that is being visited may pair, and only with the number that we know."""
    address = address_of(str(body[0])) if body else None
    if visiting is None or address != visiting.address:
        return Refusal(why="nobody is visiting this device")
    if method in {"RequestPasskey", "RequestPinCode"}:
        return _number(method, visiting.passkey)
    if method == "RequestConfirmation":
        return _confirmation(visiting.passkey, shown=body[1])
    return None


def _number(method: str, known: str | None) -> Answer:
    if known is None:
        return Refusal(why="the clinic has not told us the number on the device")
    return int(known) if method == "RequestPasskey" else known


def _confirmation(known: str | None, *, shown: object) -> Answer:
    if known is None:
        return Refusal(why="nobody is here to compare two numbers")
    if int(known) != shown:
        return Refusal(why="the device shows another number than the clinic told us")
    return None
