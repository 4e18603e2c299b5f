"""From the typed decoder's complaint to a JSON pointer and plain words."""

import re
from typing import Any, Final, get_type_hints

import msgspec

from vitals.reading import Reading
from wire.soundness import Fault, escaped

_PLAIN: Final = {
    "str": "text",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "null": "null",
    "object": "an object",
    "array": "a list",
    "uuid": "a UUID",
    "datetime": "a date and time",
}
UNKNOWN_VALUE: Final = "not one of the known values"
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\[(\.\.\.)\]")
_HINTS: Final = get_type_hints(Reading, include_extras=True)
_MEMBERS: Final[dict[str, Any]] = {
    "values": float,
    "special": _HINTS["special"].__args__[1],
    "context": _HINTS["context"].__args__[1],
}
"""The objects of a Reading whose keys the decoder's complaints don't name."""


def fault_of(complaint: msgspec.ValidationError, value: Any) -> Fault:
    """`value` is what was decoded: it finds the member that the complaint leaves unnamed."""
    said, _, where = str(complaint).partition(" - at ")
    pointer = _pointer(where.rpartition("`$")[2].rstrip("`"))
    unknown = re.match(r"Object contains unknown field `(.*)`$", said, re.DOTALL)
    if unknown:
        return Fault(f"{pointer}/{escaped(unknown[1])}", "an unknown field")
    missing = re.match(r"Object missing required field `(.*)`$", said)
    if missing:
        return Fault(f"{pointer}/{missing[1]}", "missing")
    return Fault(_named(pointer, value), _plain(said))


def _pointer(path: str) -> str:
    return "".join("/" + (name or index or unnamed) for name, index, unnamed in _STEP.findall(path))


def _plain(said: str) -> str:
    if said.startswith("Invalid enum value"):
        return UNKNOWN_VALUE
    words = re.sub(r"`([a-z| ]+)`", lambda match: _words(match[1]), said)
    return words[:1].lower() + words[1:200]


def _words(types: str) -> str:
    return " or ".join(_PLAIN.get(name, name) for name in types.split(" | "))


def _named(pointer: str, value: Any) -> str:
    """`/values/...` with the name of the member that is at fault."""
    place, _, unnamed = pointer.rpartition("/")
    field = place[1:]
    if unnamed != "..." or field not in _MEMBERS or not isinstance(value, dict):
        return pointer
    for key, member in value[field].items():
        try:
            msgspec.convert(member, _MEMBERS[field])
        except msgspec.ValidationError:
            return f"{place}/{escaped(key)}"
    return place
