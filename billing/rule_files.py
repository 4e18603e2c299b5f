"""The rule sets that are shipped, as data files: one file a year of an authority."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from billing.eligibility.rule_set import RuleBook, RuleSet
from billing.errors import RuleSetError

OF_ALL: Final = ("source_read_on", "confirmed_through", "version")
"""What a set says for all its rows, each of which may say otherwise."""


@cache
def shipped() -> RuleBook:
    """All of them; raises RuleSetError where dates overlap or leave a gap."""
    folder = files("billing") / "rule_sets"
    return book(
        {
            each.name: each.read_text(encoding="utf-8")
            for each in folder.iterdir()
            if each.name.endswith(".toml")
        }
    )


def book(texts: Mapping[str, str]) -> RuleBook:
    """Of files by name; raises RuleSetError with the file, the sets and the dates."""
    sets: dict[str, RuleSet] = {}
    found_in: dict[str, str] = {}
    for file, text in sorted(texts.items()):
        for name, rules in read(text, where=file).items():
            if name in sets:
                raise RuleSetError(f"{file} and {found_in[name]} both have a set {name!r}")
            sets[name], found_in[name] = rules, file
    return RuleBook(sets, files=found_in)


def read(text: str, *, where: str) -> dict[str, RuleSet]:
    """One file; raises RuleSetError with the place."""
    try:
        raw = tomllib.loads(text)
        return {name: msgspec.convert(_filled(each, {}), RuleSet) for name, each in raw.items()}
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleSetError(f"{where}: {error}") from error


def _filled(found: Any, given: Mapping[str, Any]) -> Any:
    """Each row with what its set says of all."""
    if isinstance(found, list):
        return [_filled(each, given) for each in found]
    if not isinstance(found, dict):
        return found
    own = {**given, **{name: found[name] for name in OF_ALL if name in found}}
    filled = {name: _filled(each, own) for name, each in found.items()}
    return {**own, **filled} if "code" in found else filled
