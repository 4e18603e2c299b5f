"""The generated part of docs/programmes.md: fields of every rule, and every shipped default."""

import inspect
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final, get_args

import msgspec
from msgspec import NODEFAULT, Struct

from care.programme import Ladder, Measure, Programme, Silence, Slot, Step, WorkingHours
from care.programmes import shipped
from care.rule_words import asked_for, looked_for
from care.rules import Base, Bound, Rule

MARK: Final = "<!-- From here on generated: python -m care docs/programmes.md -->\n"
COMMON: Final = {field.name for field in msgspec.structs.fields(Base)}


def generated() -> str:
    """From the mark to the end of the page."""
    return MARK + "\n" + "\n".join([*_types(), *_tables(), *_defaults()]) + "\n"


def _types() -> Iterator[str]:
    yield from ("## Types of rules", "", f"Every rule has {_fields(Base)}.", "")
    yield from ("| type | raised when | its own fields, with defaults |", "| --- | --- | --- |")
    for kind in get_args(Rule):
        tag = kind.__struct_config__.tag
        yield f"| `{tag}` | {_about(kind)} | {_fields(kind, but=COMMON)} |"
    yield from ("", f"A bound has {_fields(Bound)}.", "")


def _tables() -> Iterator[str]:
    yield from ("## Other tables", "", "| table | fields, with defaults |", "| --- | --- |")
    tables: dict[str, type[Struct]] = {
        "`[[measures]]`": Measure,
        "a slot": Slot,
        "`[[ladders]]`": Ladder,
        "a step": Step,
        "`[hours]`": WorkingHours,
        "`[silence]`": Silence,
    }
    for name, kind in tables.items():
        yield f"| {name} | {_fields(kind)} |"
    yield ""


def _defaults() -> Iterator[str]:
    yield from ("## What ships", "")
    yield "Suggested, to be signed off by the programme's clinical lead: none of it is advice."
    for programme in shipped():
        yield from ("", *_programme(programme))


def _programme(programme: Programme) -> Iterator[str]:
    yield from (f"### {programme.title}", "", f"`{programme.id}`, version {programme.version}.")
    yield from (f"- {each.kind}: {asked_for(each)}" for each in programme.measures)
    yield from ("", "| severity | rule | looks for | source |", "| --- | --- | --- | --- |")
    for rule in programme.rules:
        off = "" if rule.enabled else " (off)"
        yield f"| {rule.severity} | `{rule.id}`{off} | {looked_for(rule)} | {rule.source} |"
    yield from ("", "| severity | aim, min | who is told, after min |", "| --- | --- | --- |")
    for ladder in programme.ladders:
        steps = ", ".join(f"{each.to} {each.after_min} ({each.hours})" for each in ladder.steps)
        yield f"| {ladder.severity} | {ladder.acknowledge_min} | {steps or 'nobody'} |"


def _about(kind: type[Struct]) -> str:
    first = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
    return " ".join(first.split()).replace("|", "\\|")


def _fields(kind: type[Struct], *, but: set[str] | None = None) -> str:
    return ", ".join(
        f"`{field.name}`{_default(field)}"
        for field in msgspec.structs.fields(kind)
        if field.name not in (but or set())
    )


def _default(field: Any) -> str:
    if field.required:
        return ""
    value = field.default if field.default is not NODEFAULT else field.default_factory()
    if value is None:
        return " (none)"
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Struct):
        return ""
    text = msgspec.json.encode(value).decode()
    return " (empty)" if text in {'""', "[]"} else f" ({text})"
