"""The slow, exact way to read JSON: every duplicate key seen, each reading judged by itself.

The typed decoder keeps the last of two equal keys without a word, and gives up a whole message for
one `NaN`. Here the standard library's scanner walks the envelope and hands out each reading with
its exact bytes; what it would wave through (`NaN`, 1e999, endless integers, control characters) is
marked and found again with a pointer. The last word is always the same typed decoder's.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from unicodedata import category

from wire.errors import Unreadable
from wire.soundness import Fault, escaped

MOST_DEPTH: Final = 8
"""Deeper than anything in version 1, far from where the interpreter's stack ends."""
LONGEST_INTEGER: Final = 20


class Element(NamedTuple):
    """One member of an array: its value with faults marked, and the text that it was read from."""

    value: Any
    text: str


class _Mark(NamedTuple):
    """Stands in the parsed value where the text was no JSON, or not one single value."""

    error: str
    key: str | None = None


_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional embeddings, overrides and isolates."""


GROUP_SEPARATOR: Final = "\x1d"
"""What a scanner sends where a bar code has FNC1."""


def faults(
    value: Any, *, prose: frozenset[str] = frozenset(), scanned: frozenset[str] = frozenset()
) -> Fault | None:
    """The first mark, hidden character or bottomless nesting in a parsed value, with its place.

    `prose` are pointers to what people write freely: lines, joined emoji and spaces of every width
    are theirs to use; what hides or turns text is not. `scanned` are pointers to what a scanner may
    have sent: of control characters it may have FNC1 only.
    """
    for pointer, item in _walk(value):
        if isinstance(item, _Mark):
            place = pointer if item.key is None else f"{pointer}/{escaped(item.key)}"
            return Fault(place, item.error)
        if isinstance(item, str) and not (
            item.isprintable()
            or (pointer in prose and _readable(item))
            or (pointer in scanned and item.replace(GROUP_SEPARATOR, "").isprintable())
        ):
            return Fault(pointer, "text with control or invisible characters")
        if isinstance(item, dict) and not all(map(str.isprintable, item)):
            return Fault(pointer, "a name with control or invisible characters")
        if pointer.count("/") > MOST_DEPTH:
            return Fault(pointer, "nested too deep")
    return None


def _readable(text: str) -> bool:
    """Whether a person can read all of it.

    No control character but the end of a line and the tabulator, and nothing that turns the
    direction of what follows.
    """
    return not any(
        (category(character) in {"Cc", "Cs", "Cn"} and character not in "\n\r\t")
        or character in _TURNS
        for character in text
    )


def text_of(payload: bytes) -> str:
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    if text.startswith("\ufeff"):
        raise Unreadable("begins with a byte order mark")
    return text


def parse(text: str) -> Any:
    """The whole text as one value, faults marked in it."""
    value, end = _value(text, _skip(text, 0))
    _nothing_after(text, end)
    return value


def envelope(text: str, array: str) -> tuple[dict[str, Any], list[Element]]:
    """The members of the one object in `text`, and the elements of its member called `array`.

    That member is left out of the first part. Raises Unreadable for whatever is no such object.
    """
    members: dict[str, Any] = {}
    elements: list[Element] | None = None
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise Unreadable("expected an object")
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        key, at = _key(text, at)
        if key in members or (key == array and elements is not None):
            raise Unreadable("given twice", "/" + escaped(key))
        if key == array:
            elements, at = _elements(text, at, "/" + array)
        else:
            members[key], at = _value(text, at)
        at = _next(text, at, "}")
    _nothing_after(text, at + 1)
    if elements is None:
        raise Unreadable("missing", "/" + array)
    return members, elements


def _elements(text: str, at: int, place: str) -> tuple[list[Element], int]:
    if text[at : at + 1] != "[":
        raise Unreadable("expected an array", place)
    found: list[Element] = []
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        value, end = _value(text, at)
        found.append(Element(value, text[at:end]))
        at = _next(text, end, "]")
    return found, at + 1


def _key(text: str, at: int) -> tuple[str, int]:
    key, at = _value(text, at)
    if not isinstance(key, str):
        raise _malformed(at)
    at = _skip(text, at)
    if text[at : at + 1] != ":":
        raise _malformed(at)
    return key, _skip(text, at + 1)


def _next(text: str, at: int, closing: str) -> int:
    """Past the comma to the next member, or at the closing bracket."""
    at = _skip(text, at)
    if text[at : at + 1] == closing:
        return at
    if text[at : at + 1] != ",":
        raise _malformed(at)
    at = _skip(text, at + 1)
    if text[at : at + 1] == closing:
        raise _malformed(at)
    return at


def _nothing_after(text: str, at: int) -> None:
    if _skip(text, at) != len(text):
        raise Unreadable(f"something follows the end of the message, at character {at}")


_BLANKS: Final = re.compile(r"[ \t\n\r]*")


def _skip(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _malformed(error.pos) from None
    except RecursionError:
        raise Unreadable("nested too deep") from None


def _malformed(at: int) -> Unreadable:
    return Unreadable(f"not JSON, at character {at}")


def _object(pairs: list[tuple[str, Any]]) -> Any:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    counts = Counter(key for key, _ in pairs)
    return _Mark("given twice", counts.most_common(1)[0][0])


def _integer(digits: str) -> Any:
    return int(digits) if len(digits) <= LONGEST_INTEGER else _Mark("a number out of range")


def _float(digits: str) -> Any:
    number = float(digits)
    return number if math.isfinite(number) else _Mark("a number out of range")


def _constant(name: str) -> Any:
    return _Mark(f"{name} is no number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_constant,
)


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value inside, with its pointer. No recursion: the nesting is the sender's choice."""
    todo = [("", value)]
    while todo:
        pointer, item = todo.pop()
        yield pointer, item
        if isinstance(item, dict):
            todo.extend((f"{pointer}/{escaped(key)}", member) for key, member in item.items())
        elif isinstance(item, list):
            todo.extend((f"{pointer}/{index}", member) for index, member in enumerate(item))
