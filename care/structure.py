"""Checks plain data against a msgspec type and finds every fault, where msgspec stops at the first.

Structs, tuples and tagged unions are walked here; each leaf is judged by msgspec itself, so that
what this accepts is exactly what `msgspec.convert` takes.
"""

import enum
import math
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from care.faults import Fault, Path, listed, meant

LEAVES: Final[dict[type, str]] = {
    int: "a whole number", float: "a number", str: "text", bool: "true or false",
}  # fmt: skip
PATTERNS: Final = {
    "^[a-z0-9]+(-[a-z0-9]+)*$(?!\\n)": "lower-case letters and digits, words joined by -",
    "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\\n)": "a time of day such as 07:30, or 24:00",
}
LONGEST_SHOWN: Final = 60
INTEGER_MOST: Final = 2**63
"""Endless ones can be written in hexadecimal, and not even be shown."""
LINES_IN: Final = ("about", "sources", "source")
"""Texts that may have several lines."""


def faults_of(value: object, kind: Any, path: Path = ()) -> Iterator[Fault]:
    """All that keeps `value` from being a `kind`."""
    bare, metas = _unwrapped(kind)
    if get_origin(bare) in {Union, types.UnionType}:
        yield from _of_union(value, bare, path)
    elif isinstance(bare, type) and issubclass(bare, Struct):
        yield from _of_struct(value, bare, path)
    elif get_origin(bare) is tuple:
        yield from _of_array(value, get_args(bare)[0], metas, path)
    elif get_origin(bare) is dict:
        if not isinstance(value, Mapping):
            yield Fault(path=path, message=f"must be a table of fields, not {_shown(value)}")
    else:
        yield from _of_leaf(value, kind, path)


def type_of(kind: Any, tag: object) -> type[Struct] | None:
    """The member of a union of tagged structs that bears the tag."""
    return {each.__struct_config__.tag: each for each in get_args(kind)}.get(tag)


def _of_union(value: object, union: Any, path: Path) -> Iterator[Fault]:
    members = [each for each in get_args(union) if each is not type(None)]
    if value is None and len(members) < len(get_args(union)):
        return
    if len(members) == 1:
        yield from faults_of(value, members[0], path)
        return
    if not isinstance(value, Mapping):
        yield Fault(path=path, message=f"must be a table, not {_shown(value)}")
        return
    tags = [str(each.__struct_config__.tag) for each in members]
    tag = value.get("type")
    if tag is None:
        yield Fault(path=(*path, "type"), message=f"is missing: one of {listed(tags)}")
        return
    chosen = type_of(union, tag) if isinstance(tag, str) else None
    if chosen is None:
        message = f"{_shown(tag)} is none of {listed(tags)}{meant(tag, tags)}"
        yield Fault(path=(*path, "type"), message=message)
        return
    yield from _of_struct(value, chosen, path)


def _of_struct(value: object, kind: type[Struct], path: Path) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault(path=path, message=f"must be a table of fields, not {_shown(value)}")
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    tagged = {"type"} if kind.__struct_config__.tag is not None else set()
    for name in value:
        if name not in fields and name not in tagged:
            known = f"there is no such field here: {listed(fields)}{meant(name, fields)}"
            yield Fault(path=(*path, str(name)[:LONGEST_SHOWN]), message=known)
    for name, field in fields.items():
        if name in value:
            yield from faults_of(value[name], field.type, (*path, name))
        elif field.required:
            yield Fault(path=(*path, name), message="is missing")


def _of_array(value: object, item: Any, metas: list[Meta], path: Path) -> Iterator[Fault]:
    if not isinstance(value, list | tuple):
        yield Fault(path=path, message=f"must be an array, not {_shown(value)}")
        return
    fewest = max((meta.min_length or 0 for meta in metas), default=0)
    most = min((meta.max_length for meta in metas if meta.max_length is not None), default=None)
    if len(value) < fewest:
        yield Fault(path=path, message=f"needs at least {fewest}")
    if most is not None and len(value) > most:
        yield Fault(path=path, message=f"may have at most {most}")
        return
    for index, each in enumerate(value):
        yield from faults_of(each, item, (*path, index))


def _of_leaf(value: object, kind: Any, path: Path) -> Iterator[Fault]:
    if isinstance(value, float) and not math.isfinite(value):
        yield Fault(path=path, message="must be a finite number")
        return
    if isinstance(value, int) and abs(value) >= INTEGER_MOST:
        yield Fault(path=path, message="is too large a number")
        return
    if isinstance(value, str) and not _printable(value, path):
        yield Fault(path=path, message="holds a character that cannot be printed")
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield Fault(path=path, message=_in_words(value, kind, str(error)))


def _in_words(value: object, kind: Any, complaint: str) -> str:
    bare, metas = _unwrapped(kind)
    words = _words(bare)
    if words:
        return f"{_shown(value)} is none of {listed(words)}{meant(value, words)}"
    for meta in metas:
        if meta.pattern in PATTERNS and isinstance(value, str):
            return f"must be {PATTERNS[meta.pattern]}, not {_shown(value)}"
    noun = LEAVES.get(bare, "something else")
    bounds = [
        f"{sign} {limit:g}"
        for meta in metas
        if not isinstance(value, str | bool)
        for sign, limit in ((">=", meta.ge), (">", meta.gt), ("<=", meta.le), ("<", meta.lt))
        if limit is not None
    ]
    if "length" in complaint:
        most = min((meta.max_length for meta in metas if meta.max_length), default=0)
        return f"is too long: at most {most} characters"
    return f"must be {' '.join([noun, ' and '.join(bounds)]).strip()}, not {_shown(value)}"


def _words(bare: Any) -> list[str]:
    """The closed set of words that an enumeration or a literal allows."""
    if isinstance(bare, type) and issubclass(bare, enum.Enum):
        return [str(member.value) for member in bare]
    if get_origin(bare) is Literal:
        return [str(each) for each in get_args(bare)]
    return []


def _unwrapped(kind: Any) -> tuple[Any, list[Meta]]:
    metas: list[Meta] = []
    while get_origin(kind) is Annotated:
        metas += [each for each in typing.get_args(kind)[1:] if isinstance(each, Meta)]
        kind = get_args(kind)[0]
    return kind, metas


def _printable(text: str, path: Path) -> bool:
    """Neither control characters nor those that turn the direction of what is read."""
    if any(name in LINES_IN for name in path[-2:]):
        text = text.replace("\n", "")
    return text.isprintable()


def _shown(value: object) -> str:
    if isinstance(value, int) and abs(value) >= INTEGER_MOST:
        return "an endless number"
    if isinstance(value, str):
        value = value[: LONGEST_SHOWN + 1]
    text = repr(value) if isinstance(value, str | int | float) else type(value).__name__
    names = {"dict": "a table", "list": "an array", "NoneType": "nothing", "True": "true",
             "False": "false"}  # fmt: skip
    text = names.get(text, text)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
