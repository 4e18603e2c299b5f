"""What a dry run tries out: the rules of a file, a programme or a patient's plan."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from care.programme import Ladder, Overrides, Plan, Programme, Resolved, Silence, WorkingHours
from care.programme_files import parse
from care.rules import Rule, Severity

NOBODY: Final = UUID(int=0)
ALWAYS: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
BENEATH: Final[Mapping[str, Any]] = {
    "id": "limits",
    "version": 1,
    "title": "Limits",
    "measures": [],
    "ladders": [{"severity": str(severity)} for severity in Severity],
}
"""What a file of only `[[rules]]` stands on: nothing is asked of the patient, nobody is told."""


class Limits(Struct, frozen=True, kw_only=True):
    """Rules, and what follows from an alert of theirs."""

    name: str
    """For the reader: a file's name, or a programme's id and version."""
    rules: tuple[Rule, ...]
    """Switched-off ones left out."""
    ladders: tuple[Ladder, ...]
    hours: WorkingHours
    silence: Silence


def read_limits(text: str, *, name: str) -> Limits:
    """A programme file, or one that names no id, version, title and measures: `[[rules]]`, and
    `[[ladders]]`, `[hours]` and `[silence]` if need be. Raises FaultsError.
    """
    return of_programme(parse(text, name=name, beneath=BENEATH), name=name)


def of_programme(programme: Programme, *, name: str = "") -> Limits:
    return Limits(
        name=name or f"{programme.id} {programme.version}",
        rules=tuple(rule for rule in programme.rules if rule.enabled),
        ladders=programme.ladders,
        hours=programme.hours,
        silence=programme.silence,
    )


def of_resolved(resolved: Resolved | Plan, *, name: str) -> Limits:
    return Limits(
        name=name,
        rules=resolved.rules,
        ladders=resolved.ladders,
        hours=resolved.hours,
        silence=resolved.silence,
    )


def always(limits: Limits) -> Plan:
    """A plan that has been in force since ever: what happened is judged as if by it."""
    return Plan(
        id=NOBODY,
        organisation_id=NOBODY,
        patient_id=NOBODY,
        version=1,
        effective_from=ALWAYS,
        effective_to=None,
        programme="dry-run",
        programme_version=1,
        overrides=Overrides(),
        measures=(),
        rules=limits.rules,
        ladders=limits.ladders,
        hours=limits.hours,
        silence=limits.silence,
    )
