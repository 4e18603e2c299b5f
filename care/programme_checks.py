"""What a programme must be beyond its types: slots, hours, ladders, and rules that know each other.

Pure. Sections are checked apart, so that a fault in one hides none in another.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from care.faults import Fault, Path, listed, meant
from care.programme import Ladder, Measure, Slot, WorkingHours
from care.rule_checks import check_rule
from care.rule_order import Placed, check_order
from care.rules import Severity, Together

WEEKS_MOST: Final = 13
HINTS_MOST: Final = 20
"""Names that nobody knows for which a like one is looked for: there may be made to be thousands."""


def check_rules(placed: Sequence[Placed]) -> Iterator[Fault]:
    """Rules one by one, their ids, their limits against each other, and who names whom."""
    for path, rule in placed:
        if path:
            yield from check_rule(rule, path)
    seen: set[str] = set()
    for path, rule in placed:
        if rule.id in seen:
            yield Fault(path=(*path, "id"), message=f"{rule.id!r} names another rule already")
        seen.add(rule.id)
    yield from check_order(placed)
    yield from _named(placed)


def check_measures(measures: Sequence[Measure], path: Path = ("measures",)) -> Iterator[Fault]:
    for index, measure in enumerate(measures):
        yield from _measure(measure, (*path, index))
    for (_, one), (second, other) in combinations(enumerate(measures), 2):
        if one.kind == other.kind and set(one.days) & set(other.days):
            for slot in other.slots:
                if any(_overlap(slot, each) for each in one.slots):
                    message = f"overlaps {one.kind} of the measure before, on the same days"
                    yield Fault(path=(*path, second, "slots"), message=message)
                    break


def check_ladders(ladders: Sequence[Ladder], path: Path = ("ladders",)) -> Iterator[Fault]:
    seen: set[Severity] = set()
    for index, ladder in enumerate(ladders):
        place = (*path, index)
        if ladder.severity in seen:
            message = f"there is a ladder for {ladder.severity} already"
            yield Fault(path=(*place, "severity"), message=message)
        seen.add(ladder.severity)
        yield from _steps(ladder, place)
    if missing := [each for each in Severity if each not in seen]:
        message = f"none for {listed(missing)}: each severity needs one, with no steps if need be"
        yield Fault(path=path, message=message)


def check_reach(
    ladders: Sequence[Ladder], hours: WorkingHours, path: Path = ("ladders",)
) -> Iterator[Fault]:
    """What counts staffed minutes must be over in weeks, not in years: nobody would be told."""
    week = (_minutes(hours.end) - _minutes(hours.start)) * len(hours.days)
    for index, ladder in enumerate(ladders):
        place = (*path, index)
        counted = [
            ((*place, "steps", number, "after_min"), step.after_min)
            for number, step in enumerate(ladder.steps)
            if step.hours == "working"
        ]
        if all(step.hours == "working" for step in ladder.steps):
            counted.append(((*place, "acknowledge_min"), ladder.acknowledge_min or 0))
            counted.append(((*place, "reopen_after_min"), ladder.reopen_after_min or 0))
        for where, minutes in counted:
            if minutes > week * WEEKS_MOST:
                message = (
                    f"{minutes} staffed minutes at {week} a week are more than {WEEKS_MOST} weeks"
                )
                yield Fault(path=where, message=message)


def check_hours(hours: WorkingHours, path: Path = ("hours",)) -> Iterator[Fault]:
    if hours.end <= hours.start:
        message = f"{hours.end} is not after {hours.start}: give hours within one day"
        yield Fault(path=(*path, "end"), message=message)
    if len(set(hours.days)) < len(hours.days):
        yield Fault(path=(*path, "days"), message="names a day twice")


def _measure(measure: Measure, path: Path) -> Iterator[Fault]:
    if len(set(measure.days)) < len(measure.days):
        yield Fault(path=(*path, "days"), message="names a day twice")
    names: Final[set[str]] = set()
    for index, slot in enumerate(measure.slots):
        place = (*path, "slots", index)
        if slot.name in names:
            message = f"{slot.name!r} names another slot already"
            yield Fault(path=(*place, "name"), message=message)
        names.add(slot.name)
        if slot.end <= slot.start:
            message = f"{slot.end} is not after {slot.start}: a slot lies within one day"
            yield Fault(path=(*place, "end"), message=message)
            continue
        for each in measure.slots[:index]:
            if _overlap(slot, each):
                message = f"overlaps slot {each.name!r}, {each.start} to {each.end}"
                yield Fault(path=place, message=message)
        yield from _reminder(measure, slot, path)


def _reminder(measure: Measure, slot: Slot, path: Path) -> Iterator[Fault]:
    after = measure.remind_after_min
    length = _minutes(slot.end) - _minutes(slot.start)
    if after is not None and after >= length:
        message = f"slot {slot.name!r} is over by then: less than its {length} min"
        yield Fault(path=(*path, "remind_after_min"), message=message)


def _steps(ladder: Ladder, path: Path) -> Iterator[Fault]:
    for index, (before, step) in enumerate(zip(ladder.steps, ladder.steps[1:], strict=False), 1):
        place = (*path, "steps", index, "after_min")
        if step.after_min < before.after_min:
            message = f"{step.after_min} comes before the step above it, {before.after_min}"
            yield Fault(path=place, message=message)
        elif step == before:
            yield Fault(path=place, message="is the step above it once more")


def _named(placed: Sequence[Placed]) -> Iterator[Fault]:
    """`together` names other rules of the plan, that are switched on."""
    on = {rule.id: rule for _, rule in placed if rule.enabled}
    off = {rule.id: path for path, rule in placed if not rule.enabled}
    unknown = 0
    for path, rule in placed:
        if not isinstance(rule, Together) or not rule.enabled:
            continue
        for index, name in enumerate(rule.of):
            place = (*path, "of", index) if path else ()
            if name in off:
                message = f"{name!r} is switched off, and rule {rule.id!r} needs it"
                yield Fault(path=place or off[name], message=message)
            elif name not in on:
                hint = meant(name, on) if unknown < HINTS_MOST else ""
                unknown += 1
                yield Fault(path=place, message=f"{name!r} is no rule here: {listed(on)}{hint}")
            elif isinstance(on[name], Together):
                message = f"{name!r} is of type together itself"
                yield Fault(path=place, message=message)


def _overlap(one: Slot, other: Slot) -> bool:
    # Times of day of equal length sort as they pass.
    return one.start < other.end and other.start < one.end


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
