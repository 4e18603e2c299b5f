"""Who may speak where on the embedded broker: one set of rules, for mosquitto and for amqtt. Pure.

A gateway's user name is its id. Ingest has a name that no gateway can have. With the open door (a
demonstration, loopback only) clients without a name may be any gateway, and may listen to all.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final

from wire.topics import GATEWAY_ID

INGEST: Final = "ingest.clinic"
"""A dot cannot be in a gateway's id."""

ITERATIONS: Final = 101
"""Mosquitto's own number. The passwords are 256 random bits, which no stretching helps."""
SALT_BYTES: Final = 12

READ, WRITE, BOTH = "read", "write", "readwrite"

Rule = tuple[str, str]
"""(read | write | readwrite, topic with `+`, or %u for the user's own name)."""

_T: Final = "hearthbeat/v1"
OF_GATEWAYS: Final[tuple[Rule, ...]] = (
    (WRITE, f"{_T}/%u/readings"),
    (WRITE, f"{_T}/%u/status"),
    (READ, f"{_T}/%u/receipts"),
    (READ, f"{_T}/%u/commands"),
)
OF_INGEST: Final[tuple[Rule, ...]] = (
    (READ, f"{_T}/+/readings"),
    (READ, f"{_T}/+/status"),
    (WRITE, f"{_T}/+/receipts"),
    (WRITE, f"{_T}/+/commands"),
)
OF_ANYONE: Final[tuple[Rule, ...]] = (
    (BOTH, f"{_T}/+/readings"),
    (BOTH, f"{_T}/+/status"),
    (READ, f"{_T}/+/receipts"),
    (READ, f"{_T}/+/commands"),
)


def rules(user: str | None, *, open_door: bool) -> tuple[Rule, ...]:
    """What a user may do; None is a client without a name. Rights have %u filled in."""
    if user is None:
        return OF_ANYONE if open_door else ()
    if user == INGEST:
        return OF_INGEST
    if not GATEWAY_ID.match(user):
        return ()
    return tuple((may, topic.replace("%u", user)) for may, topic in OF_GATEWAYS)


def allowed(user: str | None, wanted: str, topic: str, *, open_door: bool) -> bool:
    """Whether `user` may read (a topic or a filter) or write (a topic)."""
    return any(
        may in {wanted, BOTH} and covers(granted, topic)
        for may, granted in rules(user, open_door=open_door)
    )


def covers(granted: str, asked: str) -> bool:
    """Whether everything that `asked` matches is matched by `granted`, which has no `#`."""
    have, want = granted.split("/"), asked.split("/")
    return (
        len(have) == len(want)
        and all(one in {"+", other} for one, other in zip(have, want, strict=True))
        and "#" not in want
    )


def acl_file(*, open_door: bool) -> str:
    """The rules in mosquitto's language. Lines before the first `user` are for the nameless."""
    lines = [f"topic {may} {topic}" for may, topic in OF_ANYONE] if open_door else []
    lines += ["", f"user {INGEST}", *(f"topic {may} {topic}" for may, topic in OF_INGEST), ""]
    lines += [f"pattern {may} {topic}" for may, topic in OF_GATEWAYS]
    return "\n".join(lines) + "\n"


def password_file(hashes: Mapping[str, str]) -> str:
    """User names with their hashes, as mosquitto reads them."""
    return "".join(f"{name}:{hashed}\n" for name, hashed in sorted(hashes.items()))


def read_password_file(text: str) -> dict[str, str]:
    """The inverse of `password_file`."""
    lines = (line.partition(":") for line in text.splitlines())
    return {name: hashed for name, _, hashed in lines if name}


def hashed(password: str, *, salt: bytes | None = None) -> str:
    """`$7$`, mosquitto's PBKDF2-HMAC-SHA512."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${_base64(salt)}${_base64(derived)}"


def fits(password: str, hashed_: str) -> bool:
    """Whether this is the password; False for a hash of any other kind."""
    try:
        _, kind, iterations, salt, wanted = hashed_.split("$")
        derived = hashlib.pbkdf2_hmac(
            "sha512", password.encode(), base64.b64decode(salt), int(iterations)
        )
    except ValueError:
        return False
    return kind == "7" and hmac.compare_digest(_base64(derived), wanted)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
