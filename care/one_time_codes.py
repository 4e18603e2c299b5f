"""Codes of a second factor: six digits that change (RFC 6238), and a sheet of spare ones. Pure."""

import base64
import datetime as dt
import hmac
import secrets
from collections.abc import Iterator
from typing import Final

import pyotp

STEP: Final = dt.timedelta(seconds=30)
STEPS_OFF: Final = 1
"""How far a telephone's clock may be off, either way."""
DIGITS: Final = 6
SPARE_CODES: Final = 10
SPARE_BYTES: Final = 10
"""80 bits, 16 characters: not to be guessed, not even from its hash."""
SECRET_CHARACTERS: Final = 32


def make_secret() -> str:
    """160 bits, as authenticator apps take it."""
    return pyotp.random_base32(SECRET_CHARACTERS)


def step_at(now: dt.datetime) -> int:
    return int(now.timestamp() // STEP.total_seconds())


def code_at(secret: str, step: int) -> str:
    return pyotp.TOTP(secret).generate_otp(step)


def steps_of(secret: str, code: str, *, now: dt.datetime) -> Iterator[int]:
    """The time steps around now whose code it is: none for a wrong one."""
    here = step_at(now)
    for step in range(here - STEPS_OFF, here + STEPS_OFF + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            yield step


def address(secret: str, *, username: str, issuer: str) -> str:
    """What the picture says: an authenticator app reads name and secret off it."""
    # A colon stands between issuer and name there, and may stand in neither.
    return pyotp.TOTP(secret).provisioning_uri(
        name=username.replace(":", " "), issuer_name=issuer.replace(":", " ")
    )


def make_spare_codes() -> list[str]:
    """In groups of four: `k7qd-2m4a-…`."""
    return [_grouped(_made()) for _ in range(SPARE_CODES)]


def plain(typed: str) -> str:
    """A code as it was typed, without what people put between: spaces, hyphens, capitals."""
    return "".join(each for each in typed if each.isalnum()).lower()


def is_timed(code: str) -> bool:
    """Whether it is one of an app, and not one of the sheet."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def _made() -> str:
    return base64.b32encode(secrets.token_bytes(SPARE_BYTES)).decode().lower()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
