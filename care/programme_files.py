"""Programme files: TOML in, a checked programme out, or every fault of the file at once."""

import hashlib
import math
import tomllib
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

import msgspec

from care.errors import FaultsError
from care.faults import Fault, Path
from care.lines import line_of
from care.programme import Ladder, Measure, Programme, WorkingHours
from care.programme_checks import (
    check_hours,
    check_ladders,
    check_measures,
    check_reach,
    check_rules,
)
from care.rule_order import Placed
from care.rules import Rule
from care.structure import faults_of

BYTES_MAX: Final = 256 * 1024
DOTS_MOST: Final = 200
"""In one line: tomllib's time and memory grow with the square of a dotted key's parts."""
FAULTS_MOST: Final = 100
"""Told at once; whoever has mended these may ask again."""
NAMED: Final = frozenset({"id", "version", "title", "measures"})
"""What makes a file a programme, of which plans can be made."""


def parse(text: str, *, name: str = "", beneath: Mapping[str, Any] | None = None) -> Programme:
    """The programme in a file's text. Raises FaultsError with file, line where known, and key.

    `beneath` has top-level fields for a file that is no programme, naming none of `NAMED`.
    """
    if len(text.encode(errors="surrogatepass")) > BYTES_MAX:
        message = f"is over {BYTES_MAX // 1024} KiB: no programme needs that"
        raise FaultsError([Fault(path=(), message=message)], name=name)
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > DOTS_MOST:
            message = f"has more than {DOTS_MOST} dots: keys may not be nested like that"
            raise FaultsError([Fault(path=(), message=message, line=number)], name=name)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Whole numbers without end are plain ValueErrors.
        raise FaultsError([_of_syntax(error)], name=name) from error
    if beneath is not None and not data.keys() & NAMED:
        data = {**beneath, **data}
    try:
        return checked(data)
    except FaultsError as error:
        found = [
            msgspec.structs.replace(fault, line=line_of(text, fault.path)) for fault in error.faults
        ]
        # As the file is read from above; those without a line last, in the order they were found.
        found.sort(key=lambda fault: math.inf if fault.line is None else fault.line)
        raise FaultsError(found, name=name) from None


def checked(data: Mapping[str, Any]) -> Programme:
    """A programme from plain data, as a file or a database has it. Raises FaultsError."""
    faults = some(faults_of(data, Programme))
    if len(faults) >= FAULTS_MOST:
        raise FaultsError(faults)
    faults += some(check_rules(placed_rules(data.get("rules"), ("rules",), faults)))
    measures = sound(data.get("measures"), Measure, ("measures",), faults)
    if measures is not None:
        faults += some(check_measures(measures))
    ladders = sound(data.get("ladders"), Ladder, ("ladders",), faults)
    if ladders is not None:
        faults += some(check_ladders(ladders))
    if not under(("hours",), faults):
        hours = msgspec.convert(data.get("hours", {}), WorkingHours)
        found = list(check_hours(hours))
        faults += found or check_reach(ladders or (), hours)
    if faults:
        raise FaultsError(faults[:FAULTS_MOST])
    return msgspec.convert(data, Programme)


def some(faults: Iterable[Fault]) -> list[Fault]:
    """Enough of them: a file may be made to have millions."""
    return list(islice(faults, FAULTS_MOST))


def placed_rules(items: object, path: Path, faults: Iterable[Fault]) -> list[Placed]:
    """The rules of an array that are sound by their types, each with its place."""
    if not isinstance(items, list | tuple):
        return []
    broken = list(faults)
    if any(fault.path == path for fault in broken):
        return []
    return [
        ((*path, index), msgspec.convert(item, Rule))
        for index, item in enumerate(items)
        if not under((*path, index), broken)
    ]


def sound(items: object, kind: type[Any], path: Path, faults: Iterable[Fault]) -> list[Any] | None:
    """An array whose every item is sound by its type; None otherwise."""
    if not isinstance(items, list | tuple) or under(path, faults):
        return None
    return [msgspec.convert(item, kind) for item in items]


def under(path: Path, faults: Iterable[Fault]) -> bool:
    """Whether something at or below `path` is at fault."""
    return any(fault.path[: len(path)] == path for fault in faults)


def digest(programme: Programme) -> bytes:
    """SHA-256 of what it says, whatever the file looked like."""
    return hashlib.sha256(canonical(programme)).digest()


def canonical(programme: Programme) -> bytes:
    """As JSON with every field in a fixed order: what the database keeps."""
    return msgspec.json.encode(programme, order="deterministic")


def _of_syntax(error: Exception) -> Fault:
    """Where it is, is said in words only before Python 3.14: `… (at line 3, column 7)`."""
    if not isinstance(error, tomllib.TOMLDecodeError | RecursionError):
        return Fault(path=(), message="holds a number without end")
    words, _, place = str(error).partition(" (at line ")
    number = place.partition(",")[0]
    line = int(number) if number.isdecimal() else None
    return Fault(path=(), message=f"is no TOML: {words}", line=line)
