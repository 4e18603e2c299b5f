"""The rule sets that are shipped, as data files: one file a year of an authority."""

import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from billing.eligibility.rule_set import RuleBook, RuleSet
from billing.errors import RuleSetError

OF_ALL: Final = ("source_read_on", "confirmed_through", "version")
"""What a set says for all its rows, each of which may say otherwise."""


@cache
def shipped() -> RuleBook:
    """All of them; raises RuleSetError where dates overlap or leave a gap."""
    return book(_texts())


def book(texts: Mapping[str, str]) -> RuleBook:
    """Of files by name; raises RuleSetError with the file, the sets and the dates."""
    sets, found_in = _sets(texts)
    return RuleBook(sets, files=found_in)


@cache
def shipped_sets() -> tuple[Mapping[str, RuleSet], Mapping[str, str]]:
    """By name, as they stand in the files, and in which file each stands."""
    return _sets(_texts())


def followed_by(sets: Mapping[str, RuleSet], name: str, rules: RuleSet) -> dict[str, RuleSet]:
    """The sets as they are with this one after them: one without an end ends where it begins."""
    return {
        other: replace(each, effective_to=rules.effective_from - dt.timedelta(days=1))
        if authority_of(other) == authority_of(name)
        and each.effective_to is None
        and each.effective_from < rules.effective_from
        else each
        for other, each in sets.items()
    }


def confirmed(rules: RuleSet, until: dt.date) -> RuleSet:
    """R-3: as an administrator confirms it: the set, and each row that ended with it."""
    before = rules.confirmed_through.isoformat()
    raw = json.loads(msgspec.json.encode(rules))
    return msgspec.convert(_until(raw, before, until.isoformat()), RuleSet)


def read(text: str, *, where: str) -> dict[str, RuleSet]:
    """One file; raises RuleSetError with the place."""
    try:
        raw = tomllib.loads(text)
        return {name: msgspec.convert(_filled(each, {}), RuleSet) for name, each in raw.items()}
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleSetError(f"{where}: {error}") from error


def shipped_text(file: str) -> str:
    return _texts()[file]


def _texts() -> dict[str, str]:
    folder = files("billing") / "rule_sets"
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.endswith(".toml")
    }


def _sets(texts: Mapping[str, str]) -> tuple[dict[str, RuleSet], dict[str, str]]:
    """By name, and in which file each stands."""
    sets: dict[str, RuleSet] = {}
    found_in: dict[str, str] = {}
    for file, text in sorted(texts.items()):
        for name, rules in read(text, where=file).items():
            if name in sets:
                raise RuleSetError(f"{file} and {found_in[name]} both have a set {name!r}")
            sets[name], found_in[name] = rules, file
    return sets, found_in


def authority_of(name: str) -> str:
    """`medicare` of `medicare-2027`."""
    return name.rpartition("-")[0]


def _until(found: Any, before: str, until: str) -> Any:
    if isinstance(found, list):
        return [_until(each, before, until) for each in found]
    if not isinstance(found, dict):
        return found
    changed = {name: _until(each, before, until) for name, each in found.items()}
    if changed.get("confirmed_through") == before:
        changed["confirmed_through"] = until
    return changed


def _filled(found: Any, given: Mapping[str, Any]) -> Any:
    """Each row with what its set says of all."""
    if isinstance(found, list):
        return [_filled(each, given) for each in found]
    if not isinstance(found, dict):
        return found
    own = {**given, **{name: found[name] for name in OF_ALL if name in found}}
    filled = {name: _filled(each, own) for name, each in found.items()}
    return {**own, **filled} if "code" in found else filled
