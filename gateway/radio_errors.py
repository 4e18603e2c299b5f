"""What an error of the radio means, whichever platform and version said it. Pure."""

from enum import StrEnum
from typing import Final

from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError

from device_profiles.record_access import ATT_CCCD_WRONG, ATT_IN_PROGRESS


class Meaning(StrEnum):
    NEEDS_BOND = "the device wants an encrypted link"
    BOND_REFUSED = "the device does not accept the keys, or the pairing"
    BUSY = "a procedure is already running"
    NOT_SUBSCRIBED = "the device wants its notifications enabled first"
    GONE = "the link is down, or never came up"
    OTHER = "something else"


NEEDS_BOND_CODES: Final = frozenset({0x05, 0x08, 0x0C, 0x0F})
"""Authentication, authorisation, key size, encryption: devices differ in which one they answer."""
AUTHENTICATION: Final = "org.bluez.Error.Authentication"  # ...Failed, Canceled, Rejected, Timeout
NOT_AUTHORIZED: Final = "org.bluez.Error.NotAuthorized"
IN_PROGRESS: Final = "org.bluez.Error.InProgress"
KEY_MISSING: Final = ("key-missing", "key missing", "pin_or_key_missing", "pin or key")


def meaning(error: Exception) -> Meaning:
    if isinstance(error, BleakGATTProtocolError):
        return _of_code(int(error.code))
    text = str(error).lower()
    if any(words in text for words in KEY_MISSING):
        return Meaning.BOND_REFUSED
    if isinstance(error, BleakDBusError):
        return _of_dbus(error.dbus_error)
    if isinstance(error, TimeoutError | BleakError | OSError):
        return Meaning.GONE
    return Meaning.OTHER


def _of_code(code: int) -> Meaning:
    if code in NEEDS_BOND_CODES:
        return Meaning.NEEDS_BOND
    if code in ATT_IN_PROGRESS:
        return Meaning.BUSY
    if code in ATT_CCCD_WRONG:
        return Meaning.NOT_SUBSCRIBED
    return Meaning.OTHER


def _of_dbus(name: str) -> Meaning:
    if name.startswith(AUTHENTICATION):
        return Meaning.BOND_REFUSED
    if name == NOT_AUTHORIZED:
        return Meaning.NEEDS_BOND
    if name == IN_PROGRESS:
        return Meaning.BUSY
    return Meaning.GONE
