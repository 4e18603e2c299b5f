"""Codes, keys and tokens: made here, shown once, kept only as hashes."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from wire import enrolment_code

CODE_BYTES: Final = 20
"""160 bits: 32 characters that a person can read from a label, without padding."""
SECRET_BYTES: Final = 32

# The form that Mosquitto writes into its password file, so that the broker's file is made of
# these hashes and no second secret is needed. Our secrets are 256 random bits: no number of
# rounds makes them harder to guess, so there are as few as Mosquitto's own default.
_ROUNDS: Final = 101
_SALT_BYTES: Final = 12
_ID_BYTES: Final = 5
"""Eight characters."""


def make_code(*, for_source: bool = False) -> str:
    """An enrolment code in groups of four: `K7QD-2M4A-…`; with a mark where it is for a source that
    posts over HTTP.
    """
    code = enrolment_code.normal(base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode())
    return enrolment_code.for_source(code) if for_source else code


def make_gateway_id() -> str:
    """An id for a gateway that nobody has named: `gw-k7qd2m4a`. Random, not secret."""
    return f"gw-{base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode().lower()}"


def make_secret() -> str:
    """A password for a program, or a session's token: 256 bits, safe in URLs and headers."""
    return secrets.token_urlsafe(SECRET_BYTES)


def fingerprint(secret: str) -> bytes:
    """What is kept of a code or token: enough to recognise it, nothing to use."""
    return hashlib.sha256(secret.encode()).digest()


def broker_hash(secret: str) -> str:
    """The secret's hash as in Mosquitto's password file, after the user name: `$7$101$…$…`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    key = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${_base64(salt)}${_base64(key)}"


def matches(secret: str, kept: str) -> bool:
    """Whether `kept` is the broker_hash of this secret. Takes the same time either way."""
    _, _, rounds, salt, key = kept.split("$")
    made = hashlib.pbkdf2_hmac("sha512", secret.encode(), base64.b64decode(salt), int(rounds))
    return hmac.compare_digest(made, base64.b64decode(key))


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
