"""The rule sets that are shipped, as data files: one file an authority."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from billing.eligibility.rule_set import RuleBook, RuleSet
from billing.errors import RuleSetError


@cache
def shipped() -> RuleBook:
    """All of them; raises RuleSetError where dates overlap or leave a gap."""
    sets: dict[str, RuleSet] = {}
    for file in sorted((files("billing") / "rule_sets").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            sets |= read(file.read_text(encoding="utf-8"), where=file.name)
    return RuleBook(sets)


def read(text: str, *, where: str) -> dict[str, RuleSet]:
    """One file; raises RuleSetError with the place."""
    try:
        return msgspec.convert(tomllib.loads(text), dict[str, RuleSet])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RuleSetError(f"{where}: {error}") from error
