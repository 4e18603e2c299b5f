"""How somebody likes to work: kept with the account, checked strictly, known by name.

What is not set is as the defaults say, so that a default may change for whoever never chose.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from care.errors import InvalidError, NotFoundError
from care.users import QUERIES
from store.pool import Connection
from store.schema import SEVERITIES

ACTIONS: Final[Mapping[str, str]] = {
    "next": "j",
    "previous": "k",
    "claim": "c",
    "acknowledge": "a",
    "snooze": "s",
    "escalate": "e",
    "resolve": "r",
    "note": "n",
    "select": "x",
    "undo": "u",
    "log": "l",
    "search": "/",
    "help": "?",
}
"""What a single key does, and which one unless somebody chose another."""
ABOUT: Final[Mapping[str, str]] = {
    "next": "Go to the next row",
    "previous": "Go to the row before",
    "claim": "Claim",
    "acknowledge": "Acknowledge",
    "snooze": "Snooze",
    "escalate": "Escalate",
    "resolve": "Resolve",
    "note": "Write a note",
    "select": "Select the row",
    "undo": "Undo",
    "log": "Log the care time",
    "search": "Search",
    "help": "Show all keys",
}
RESERVED: Final = frozenset("g[]")
"""They begin, or are, what cannot be changed: g q, g p, [ and ]."""
SWITCHES: Final = frozenset({"shortcuts", "move_on"})
KNOWN: Final = SWITCHES | {"keys", "sound"}


async def set_preferences(
    conn: Connection, organisation_id: UUID, user_id: UUID, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """All of them, changed. None takes a choice back. Raises InvalidError with the field."""
    async with conn.transaction():
        kept = await conn.fetchval(QUERIES["preferences"], organisation_id, user_id)
        if kept is None:
            raise NotFoundError("user", "there is no such user")
        made = changed(msgspec.json.decode(kept), changes)
        text = msgspec.json.encode(made).decode()
        await conn.execute(QUERIES["set_preferences"], organisation_id, user_id, text)
    return made


def changed(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`kept` with `changes`: a switch is replaced, keys and sounds are changed one by one."""
    made = {name: value for name, value in kept.items() if name in KNOWN}
    for name, value in changes.items():
        if name not in KNOWN:
            raise InvalidError(f"preferences/{name}", "is no preference")
        if value is None:
            made.pop(name, None)
        elif name in SWITCHES:
            made[name] = _switch(f"preferences/{name}", value)
        else:
            check = _key if name == "keys" else _sound
            made[name] = _each(name, made.get(name, {}), value, check)
    _all_different(made.get("keys", {}))
    return made


def key_of(preferences: Mapping[str, Any]) -> dict[str, str]:
    """Which key does what, for somebody with these preferences; empty for none."""
    return {**ACTIONS, **preferences.get("keys", {})}


def _each(name: str, kept: Mapping[str, Any], value: Any, check: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidError(f"preferences/{name}", "is an object")
    made = dict(kept)
    for one, chosen in value.items():
        if chosen is None:
            made.pop(one, None)
        else:
            made[one] = check(one, chosen)
    return made


def _switch(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidError(field, "is true or false")
    return value


def _sound(severity: str, value: Any) -> bool:
    field = f"preferences/sound/{severity}"
    if severity not in SEVERITIES:
        raise InvalidError(field, f"must be one of {', '.join(SEVERITIES)}")
    return _switch(field, value)


def _key(action: str, value: Any) -> str:
    """One printable character, or nothing for no key at all."""
    field = f"preferences/keys/{action}"
    if action not in ACTIONS:
        raise InvalidError(field, f"must be one of {', '.join(ACTIONS)}")
    if not isinstance(value, str) or len(value) > 1 or not value.isprintable() or value == " ":
        raise InvalidError(field, "is one character, or empty for no key")
    if value in RESERVED:
        raise InvalidError(field, f"cannot be {value}: that key has a meaning of its own")
    return value


def _all_different(keys: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for action, key in {**ACTIONS, **keys}.items():
        if not key:
            continue
        if (other := seen.setdefault(key, action)) != action:
            # At the one that was chosen: a default is in nobody's way by itself.
            at, rival = (action, other) if action in keys else (other, action)
            raise InvalidError(f"preferences/keys/{at}", f"{key} is the key of {rival} already")
