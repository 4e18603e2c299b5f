"""What a version of a programme says that another does not, line by line in words. Pure."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from care.programme import Ladder, Programme, WorkingHours
from care.rule_words import asked_for, looked_for
from care.rules import Rule

What: TypeAlias = Literal["added", "removed", "changed"]


class Difference(Struct, frozen=True, kw_only=True):
    what: What
    where: str
    """`rule bp-high`, `measure blood_pressure`, `staffed hours`."""
    before: str
    after: str


def differences(before: Programme, after: Programme) -> list[Difference]:
    """In the order of a programme file: measures, rules, ladders, hours, the rest."""
    return [
        *_between("measures", _measures(before), _measures(after)),
        *_rules(before, after),
        *_between("ladder", _ladders(before), _ladders(after)),
        *_between("", _rest(before), _rest(after)),
    ]


def ladder_words(ladder: Ladder) -> str:
    """`care team at once, admin after 60 min (staffed hours only)`."""
    told = "; then ".join(
        f"{step.to.replace('_', ' ')} {_after(step.after_min)}"
        f"{'' if step.hours == 'always' else ' of staffed time'}"
        for step in ladder.steps
    )
    aim = f"; taken on within {ladder.acknowledge_min} min" if ladder.acknowledge_min else ""
    again = f"; open again after {ladder.reopen_after_min} min" if ladder.reopen_after_min else ""
    return f"{told or 'nobody is told'}{aim}{again}"


def hours_words(hours: WorkingHours) -> str:
    """`mon, tue 08:00-18:00`."""
    return f"{', '.join(hours.days)} {hours.start}-{hours.end}"


def _between(
    prefix: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        if old == new:
            continue
        what: What = "added" if not old else "removed" if not new else "changed"
        where = f"{prefix} {name}".strip()
        yield Difference(what=what, where=where, before=old, after=new)


def _measures(programme: Programme) -> dict[str, str]:
    return {
        each.kind: asked_for(each)
        + f"; an item after {each.missing_after_days} days without"
        + ("" if each.remind_after_min is None else f"; reminded after {each.remind_after_min} min")
        for each in programme.measures
    }


def _rules(before: Programme, after: Programme) -> Iterator[Difference]:
    """A new or a lost rule is one line; of one that is in both, each field that differs."""
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    for name in dict.fromkeys([*old, *new]):
        if name in old and name in new:
            yield from _between(f"rule {name},", _fields(old[name]), _fields(new[name]))
        else:
            lines = [{name: _line(each[name])} if name in each else {} for each in (old, new)]
            yield from _between("rule", *lines)


def _line(rule: Rule) -> str:
    return f"{rule.severity}: {looked_for(rule)}{'' if rule.enabled else ' (off)'}"


def _fields(rule: Rule) -> dict[str, str]:
    data = msgspec.to_builtins(rule)
    own = {
        name.replace("_", " "): _value(value)
        for name, value in data.items()
        if not isinstance(value, dict) and name not in {"id", "bounds"}
    }
    return {"looks for": looked_for(rule), **own}


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _ladders(programme: Programme) -> dict[str, str]:
    return {each.severity: ladder_words(each) for each in programme.ladders}


def _rest(programme: Programme) -> dict[str, str]:
    silence = msgspec.to_builtins(programme.silence)
    return {
        "title": programme.title,
        "about": programme.about,
        "signed off by": programme.signed_off_by,
        "length": "" if programme.length_days is None else f"{programme.length_days} days",
        "staffed hours": hours_words(programme.hours),
        "sources": "; ".join(programme.sources),
        **{name.replace("_", " "): str(value) for name, value in silence.items()},
    }


def _after(minutes: int) -> str:
    return "at once" if minutes == 0 else f"after {minutes} min"
