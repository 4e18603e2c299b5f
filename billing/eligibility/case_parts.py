"""Reading worked cases: what is missing, of another kind or ambiguous is said with its place."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

Json = Mapping[str, Any]
T = TypeVar("T")
AN_OBJECT: Final = "an object"
SHOWN: Final = 40
"""Letters of a text of a wrong kind that are repeated: it may be anything."""
PLACE: Final = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
KINDS: Final = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false",
    "array": "a list", "object": AN_OBJECT, "null": "nothing",
    "date": "a date", "datetime": "a date and time",
}  # fmt: skip


def needed(found: Json, name: str, where: str = "") -> Any:
    if found.get(name) is None:
        raise ValueError(f"{where}{name} is missing")
    return found[name]


def wrong_kind(where: str, must: str, found: Any) -> ValueError:
    return ValueError(f"{where} must be {must}, and is {_kind_of(found)}")


def an_object(found: Any, where: str) -> Json:
    if not isinstance(found, Mapping):
        raise wrong_kind(where, AN_OBJECT, found)
    return found


def objects(found: Any, where: str) -> Sequence[Json]:
    if not isinstance(found, list):
        raise wrong_kind(where, "a list", found)
    return [an_object(each, f"{where}/{number}") for number, each in enumerate(found)]


def zone(found: Json, name: str) -> ZoneInfo:
    text = needed(found, name)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, OSError, ValueError, TypeError) as error:
        raise ValueError(f"{name}: there is no time zone {text!r}") from error


def day(found: Any, where: str) -> dt.date:
    """A date; of a date and time, its date as written."""
    try:
        return dt.date.fromisoformat(str(found)[:10])
    except ValueError as error:
        raise ValueError(f"{where}: {found!r} is no date") from error


def instant(found: Any, where: str) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(found)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{where}: {found!r} is no date and time") from error
    if at.tzinfo is None:
        raise ValueError(f"{where}: {found!r} needs its offset from UTC")
    return at


def optional_day(found: Json, name: str) -> dt.date | None:
    return None if found.get(name) is None else day(found[name], name)


def optional_instant(found: Json, name: str) -> dt.datetime | None:
    return None if found.get(name) is None else instant(found[name], name)


def made(kind: type[T], found: Json, where: str) -> T:
    """Fields that we do not know are left alone; those of a wrong kind are named."""
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise ValueError(_told(where, str(error))) from error


def _told(where: str, fault: str) -> str:
    """As people say it: the place first, and kinds by the names that JSON's readers know."""
    place = PLACE.search(fault)
    if place is not None:
        fault = fault[: place.start()]
        steps = place["path"].replace("[...]", "").replace("[", ".").replace("]", "")
        where = "/".join((where, *steps.strip(".").split("."))).rstrip("/")
    kinds = re.fullmatch(r"Expected `(?P<must>[^`]+)`, got `(?P<found>[^`]+)`", fault)
    if kinds is None:
        return f"{where}: {fault}"
    must, found = (_kinds(kinds[each]) for each in ("must", "found"))
    return f"{where} must be {must}, and is {found}"


def _kinds(names: str) -> str:
    return " or ".join(KINDS.get(each, each) for each in names.split(" | "))


def _kind_of(found: Any) -> str:
    if isinstance(found, str):
        shown = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
        return f"the text {shown!r}"
    if found is None or isinstance(found, bool):
        return "nothing" if found is None else str(found).lower()
    if isinstance(found, int | float):
        return f"the number {found:g}"
    return "a list" if isinstance(found, list) else AN_OBJECT
