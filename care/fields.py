"""What people type, checked at the door: every refusal names the field and says what would do."""

import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from care import addresses
from care.errors import InvalidError

TEXT_MAX: Final = 200
GATEWAY_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
USERNAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
PASSKEY: Final = re.compile(r"[0-9]{6}")
PROFILE_MAX: Final = 64


def text(field: str, typed: str, *, needed: bool = True) -> str:
    """The text without space around it; refuses control characters and what is too long."""
    found = typed.strip()
    if needed and not found:
        raise InvalidError(field, "must not be empty")
    if len(found) > TEXT_MAX:
        raise InvalidError(field, f"may have at most {TEXT_MAX} characters")
    if not all(character.isprintable() for character in found):
        raise InvalidError(field, "holds a character that cannot be printed")
    return found


def gateway_id(typed: str) -> str:
    if GATEWAY_ID.fullmatch(typed) is None:
        raise InvalidError(
            "gateway", "must be 1 to 64 letters, digits, - and _, beginning with a letter or digit"
        )
    return typed


def username(typed: str) -> str:
    if USERNAME.fullmatch(typed) is None:
        raise InvalidError("username", "must be 1 to 100 letters, digits and . _ @ + -")
    return typed.lower()


def address(typed: str) -> str:
    """A device's name as readings carry it; which of its kinds it is was said at the door."""
    return addresses.sound(text("address", typed))


def profile(typed: str) -> str:
    """A name in the device catalogue, or nothing; as long as a gateway can be told."""
    found = text("profile", typed, needed=False)
    if len(found) > PROFILE_MAX:
        raise InvalidError("profile", f"may have at most {PROFILE_MAX} characters")
    return found


def passkey(typed: str) -> str:
    """What a Bluetooth device shows, or has on its label; leading zeros count."""
    if PASSKEY.fullmatch(typed) is None:
        raise InvalidError("passkey", "must be six digits")
    return typed


def time_zone(field: str, typed: str) -> str:
    try:
        return ZoneInfo(typed).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError(
            field, f"{typed!r} is no IANA time zone; Europe/Berlin would be one"
        ) from error


def one_of(field: str, typed: str, words: tuple[str, ...]) -> str:
    if typed not in words:
        raise InvalidError(field, f"must be one of {', '.join(words)}")
    return typed


def user_slot(typed: int | None) -> int | None:
    """A user number of a device; 255 is how devices say that they do not know."""
    if typed is not None and not 0 <= typed < 255:  # noqa: PLR2004
        raise InvalidError(
            "user_slot", "must be a number from 0 to 254, or nothing for the whole device"
        )
    return typed
