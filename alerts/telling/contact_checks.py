"""What people type for how they are reached: every refusal says what would do. Pure."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from alerts.telling.notify.message import Channel
from care.errors import InvalidError

ADDRESS_MAX: Final = 500
EMAIL_MAX: Final = 254
EMAIL: Final = re.compile(
    r"[^@\s\"<>(),;:\\\[\]\x00-\x1f\x7f]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
)
NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
BETWEEN_DIGITS: Final = re.compile(r"[\s().\-\u2010\u2011\u00a0]")
TOPIC: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
CONSOLE: Final = "console"


def address(channel: Channel, typed: str) -> str:
    """The address as it is stored. Raises InvalidError for `address`."""
    found = typed.strip()
    if len(found) > ADDRESS_MAX:
        raise InvalidError("address", f"may have at most {ADDRESS_MAX} characters")
    return _CHECKS[channel](found)


def quiet(quiet_from: str | None, quiet_to: str | None) -> tuple[str | None, str | None]:
    """Both ends of the quiet hours, or neither. Raises InvalidError."""
    for field, typed in (("quiet_from", quiet_from), ("quiet_to", quiet_to)):
        if typed is not None and CLOCK.fullmatch(typed) is None:
            raise InvalidError(field, "is a time of day from 00:00 to 23:59, as 21:00")
    if (quiet_from is None) != (quiet_to is None):
        missing = "quiet_to" if quiet_to is None else "quiet_from"
        raise InvalidError(missing, "belongs to the other end: give both, or neither")
    if quiet_from is not None and quiet_from == quiet_to:
        raise InvalidError("quiet_to", "is the same as quiet_from: that is no time at all")
    return quiet_from, quiet_to


def masked(channel: str, address: str) -> str:
    """Enough to recognise for who knows it, too little to use."""
    if channel == Channel.EMAIL:
        name, _, domain = address.rpartition("@")
        return f"{name[:1]}***@{domain}"
    if channel == Channel.SMS:
        return f"{address[:2]}***{address[-2:]}"
    if "://" in address:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname}/***"
    return address if channel == Channel.CONSOLE else f"{address[:2]}***"


def _email(typed: str) -> str:
    if len(typed) > EMAIL_MAX or EMAIL.fullmatch(typed) is None:
        raise InvalidError("address", "is no e-mail address; ana@clinic.example would be one")
    return typed


def _number(typed: str) -> str:
    found = BETWEEN_DIGITS.sub("", typed)
    if NUMBER.fullmatch(found) is None or not found.isascii():
        raise InvalidError(
            "address", "is a number with + and its country, 7 to 15 digits, as +12025550123"
        )
    return found


def _url(typed: str) -> str:
    """https; http only to this machine, where nobody listens in."""
    parts = _parts(typed)
    if parts is None or not typed.isascii() or re.search(r"\s", typed):
        raise InvalidError("address", "is no URL; https://example.org/hook would be one")
    if parts.username is not None or parts.password is not None:
        raise InvalidError("address", "must not hold a name or password: the signature proves us")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise InvalidError("address", "must be https; http only to this machine itself")
    return typed


def _parts(typed: str) -> SplitResult | None:
    try:
        parts = urlsplit(typed)
        _ = parts.port  # Only asking for it reads it.
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _topic(typed: str) -> str:
    if "://" in typed:
        return _url(typed)
    if TOPIC.fullmatch(typed) is None:
        raise InvalidError(
            "address", "is a topic of 1 to 64 letters, digits, - and _, or a topic's https URL"
        )
    return typed


def _console(typed: str) -> str:
    if typed not in {"", CONSOLE}:
        raise InvalidError("address", "is left out for the console")
    return CONSOLE


_CHECKS: Final[dict[Channel, Callable[[str], str]]] = {
    Channel.EMAIL: _email,
    Channel.SMS: _number,
    Channel.WEBHOOK: _url,
    Channel.NTFY: _topic,
    Channel.CONSOLE: _console,
}
