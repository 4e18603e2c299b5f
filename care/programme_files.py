"""Programme files: TOML in, a checked programme out, or every fault of the file at once."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from care.errors import FaultsError
from care.faults import Fault, Path
from care.lines import line_of
from care.programme import Ladder, Measure, Programme, WorkingHours
from care.programme_checks import check_hours, check_ladders, check_measures, check_rules
from care.rule_order import Placed
from care.rules import Rule
from care.structure import faults_of

BYTES_MAX: Final = 256 * 1024
NAMED: Final = frozenset({"id", "version", "title", "measures"})
"""What makes a file a programme, of which plans can be made."""


def parse(text: str, *, name: str = "", beneath: Mapping[str, Any] | None = None) -> Programme:
    """The programme in a file's text. Raises FaultsError with file, line where known, and key.

    `beneath` has top-level fields for a file that is no programme, naming none of `NAMED`.
    """
    if len(text.encode(errors="surrogatepass")) > BYTES_MAX:
        message = f"is over {BYTES_MAX // 1024} KiB: no programme needs that"
        raise FaultsError([Fault(path=(), message=message)], name=name)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FaultsError([_of_syntax(error)], name=name) from error
    if beneath is not None and not data.keys() & NAMED:
        data = {**beneath, **data}
    try:
        return checked(data)
    except FaultsError as error:
        found = [
            msgspec.structs.replace(fault, line=line_of(text, fault.path)) for fault in error.faults
        ]
        raise FaultsError(found, name=name) from None


def checked(data: Mapping[str, Any]) -> Programme:
    """A programme from plain data, as a file or a database has it. Raises FaultsError."""
    faults = list(faults_of(data, Programme))
    faults += check_rules(placed_rules(data.get("rules"), ("rules",), faults))
    measures = sound(data.get("measures"), Measure, ("measures",), faults)
    if measures is not None:
        faults += check_measures(measures)
    ladders = sound(data.get("ladders"), Ladder, ("ladders",), faults)
    if ladders is not None:
        faults += check_ladders(ladders)
    if "hours" in data and not under(("hours",), faults):
        faults += check_hours(msgspec.convert(data["hours"], WorkingHours))
    if faults:
        raise FaultsError(faults)
    return msgspec.convert(data, Programme)


def placed_rules(items: object, path: Path, faults: Iterable[Fault]) -> list[Placed]:
    """The rules of an array that are sound by their types, each with its place."""
    if not isinstance(items, list | tuple):
        return []
    broken = list(faults)
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
    words, _, place = str(error).partition(" (at line ")
    number = place.partition(",")[0]
    line = int(number) if number.isdecimal() else None
    return Fault(path=(), message=f"is no TOML: {words}", line=line)
