"""Personal limits of a new plan version: those in force stay, until somebody says otherwise."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import UNSET

from care.plans import PlanVersion
from care.programme import Overrides
from care.rule_words import looked_for


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What a call asks for."""

    file: Path | None = None
    """Replaces all that are in force."""
    none: bool = False
    """Drops all that are in force."""
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises UsageError for what contradicts itself."""
        if self.none and self.file is not None:
            raise click.UsageError("--overrides replaces all of them: leave --no-overrides out")
        if both := sorted({*self.off} & {*self.on}):
            raise click.UsageError(f"{both[0]} is switched both --off and --on")

    @property
    def replaces(self) -> bool:
        return self.none or self.file is not None


def changed(before: Overrides | None, changes: Changes) -> dict[str, Any]:
    """Plain data for a new version, not checked. `before`: what is in force."""
    data: dict[str, Any] = {}
    if changes.file is not None:
        data = read(changes.file)
    elif before is not None and not changes.none:
        data = msgspec.to_builtins(before)
    for rule in changes.off:
        data = _switched(data, rule, enabled=False)
    for rule in changes.on:
        data = _switched(data, rule, enabled=True)
    return data


def read(file: Path) -> dict[str, Any]:
    """A TOML or JSON file. Raises ClickException where it is neither, or no table."""
    try:
        text = file.read_text(encoding="utf-8")
        found = msgspec.json.decode(text) if file.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    if not isinstance(found, dict):
        raise click.ClickException(f"{file}: must be a table of fields")
    return found


def told(before: PlanVersion | None, after: PlanVersion) -> list[str]:
    """Which personal limits of the version before stay, and which fall away."""
    if before is None:
        return []
    had, has = _items(before), _items(after)
    kept = {name: words for name, (said, words) in had.items() if _holds(said, has.get(name))}
    gone = [words for name, (_, words) in had.items() if name not in kept]
    return [
        *(f"  kept from version {before.version}: {words}" for words in kept.values()),
        *(f"  falls away with version {before.version}: {words}" for words in gone),
    ]


def _switched(data: Mapping[str, Any], rule: str, *, enabled: bool) -> dict[str, Any]:
    """What is no array of tables is left as it is: it is refused when it is checked."""
    for array, name in (("add_rules", "id"), ("rules", "rule")):
        items = data.get(array, ())
        if not isinstance(items, Sequence):
            return dict(data)
        for place, item in enumerate(items):
            if isinstance(item, Mapping) and item.get(name) == rule:
                made = _set(item, own=array == "add_rules", enabled=enabled)
                return {**data, array: [*items[:place], made, *items[place + 1 :]]}
    added = {"rule": rule, "set": {"enabled": enabled}}
    return {**data, "rules": [*data.get("rules", ()), added]}


def _set(item: Mapping[str, Any], *, own: bool, enabled: bool) -> dict[str, Any]:
    if own:
        return {**item, "enabled": enabled}
    fields = item.get("set", {})
    return (
        {**item, "set": {**fields, "enabled": enabled}} if isinstance(fields, Mapping) else {**item}
    )


def _items(plan: PlanVersion) -> dict[str, tuple[Any, str]]:
    """Name -> what is said, as plain data, and in words."""
    rules = {rule.id: looked_for(rule) for rule in plan.rules}
    found: dict[str, tuple[Any, str]] = {}
    for override in plan.overrides.rules:
        words = f"{override.rule}: {rules.get(override.rule, 'switched off')}"
        found[f"rule {override.rule}"] = override.set, words
    for rule in plan.overrides.add_rules:
        words = f"{rule.id} (added): {rules.get(rule.id, 'switched off')}"
        found[f"added {rule.id}"] = msgspec.to_builtins(rule), words
    whole = {
        "measures": "what is measured",
        "ladders": "who is told",
        "silence": "what keeps noise down",
    }
    for name, words in whole.items():
        if (value := getattr(plan.overrides, name)) is not None:
            found[name] = msgspec.to_builtins(value), f"{name}: {words}, this patient's own"
    return found


def _holds(said: Any, now: tuple[Any, str] | None) -> bool:
    """Whether all that was said is said still; more may be."""
    if now is None:
        return False
    if isinstance(said, Mapping):
        return all(now[0].get(name, UNSET) == value for name, value in said.items())
    return bool(said == now[0])
