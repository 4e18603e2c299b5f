"""Reading worked cases: what is missing, of another kind or ambiguous is said with its place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

Json = Mapping[str, Any]
T = TypeVar("T")


def needed(found: Json, name: str, where: str = "") -> Any:
    if found.get(name) is None:
        raise ValueError(f"{where}{name} is missing")
    return found[name]


def an_object(found: Any, where: str) -> Json:
    if not isinstance(found, Mapping):
        raise ValueError(f"{where} must be an object")  # noqa: TRY004
    return found


def objects(found: Any, where: str) -> Sequence[Json]:
    if not isinstance(found, list):
        raise ValueError(f"{where} must be a list")  # noqa: TRY004
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
        raise ValueError(f"{where}: {error}") from error
