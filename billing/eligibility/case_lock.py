"""What happened to a worked case's month after it was locked, and what that does to its bill."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from billing.eligibility.adjustment import Adjustment, Sent, adjusted, asked_about
from billing.eligibility.case_facts import entry_of, episode_of, reading_of, readings_of, theirs
from billing.eligibility.case_parts import Json, instant, made, needed, objects
from billing.eligibility.case_services import services
from billing.eligibility.facts import Asked, Facts
from billing.eligibility.result import Answer
from billing.eligibility.rule_set import RuleBook

REMOVING: Final = ("void", "withdraw", "remove", "delete", "exclude", "reject", "invalid")
ADDED_KEYS: Final = ("entry", "time_entry", "reading", "readings", "reading_series", "service")


class Lock(Struct, frozen=True, kw_only=True):
    """A month that was locked and exported, and the events since."""

    at: dt.datetime
    sent: tuple[Sent, ...]
    paid: bool
    events: tuple[Json, ...]
    """All of them; those before the lock are part of what was locked."""

    @property
    def later(self) -> tuple[Json, ...]:
        return tuple(each for each in self.events if _at(each) > self.at)


def lock_of(found: Json | None) -> Lock | None:
    if found is None:
        return None
    sent = objects(found.get("exported_lines") or [], "lock/exported_lines")
    return Lock(
        at=instant(needed(found, "locked_at"), "lock/locked_at"),
        sent=tuple(made(Sent, each, "lock/exported_lines") for each in sent),
        paid=str(found.get("claim_status")).lower() == "paid",
        events=tuple(objects(found.get("events") or [], "lock/events")),
    )


def changed(facts: Facts, lock: Lock | None) -> Facts:
    """The facts as they are after everything that happened, in the order in which it did."""
    for event in sorted(lock.events if lock else (), key=_at):
        facts = _after(facts, event)
    return facts


def changed_late(facts: Facts, lock: Lock | None) -> bool:
    """Whether anything at all is known now that was not when the month was locked."""
    return lock is not None and bool(
        lock.later or any(each.received_at > lock.at for each in facts.readings)
    )


def adjustment_of(
    lock: Lock | None, facts: Facts, asked: Asked, now: Answer, book: RuleBook, authority: str
) -> Adjustment | None:
    if lock is None or not changed_late(facts, lock):
        return None
    dos = max(
        [*(each.dos for each in lock.sent), *(each.dos for each in now.lines)],
        default=lock.at.date(),
    )
    rules = book.of(authority, dos)
    sent = [each for each in lock.sent if asked_about(each, rules, asked)]
    late = [each.received_at for each in facts.readings if each.received_at > lock.at]
    last = max([*(_at(each) for each in lock.later), *late])
    on = last.astimezone(facts.practice_zone).date()
    return adjusted(sent, now.lines, rules, paid=lock.paid, on=on)


def adjustment_json(adjustment: Adjustment | None) -> dict[str, Any]:
    if adjustment is None:
        return {}
    told = json.loads(msgspec.json.encode(adjustment))
    return {"adjustment": {name: value for name, value in told.items() if value is not None}}


def _at(event: Json) -> dt.datetime:
    return instant(needed(event, "at"), "lock/events, at")


def _after(facts: Facts, event: Json) -> Facts:
    """What is added, taken out or set right; by what the event carries, whatever it is called."""
    kind = str(needed(event, "type"))
    if any(event.get(name) for name in ADDED_KEYS):
        return _with_more(facts, event)
    target, changes = event.get("target"), event.get("set")
    if isinstance(changes, Mapping) and _of_episode(kind, target, facts):
        before = msgspec.to_builtins(facts.episode)
        return replace(facts, episode=episode_of({**before, "pauses": [], **changes}))
    if target is None or not (changes or any(word in kind for word in REMOVING)):
        raise ValueError(f"there is no event {kind!r}")
    return _with_changed(facts, str(target), changes)


def _of_episode(kind: str, target: Any, facts: Facts) -> bool:
    named = {"episode", facts.episode.id} - {""}
    return target in named or (
        target is None and kind.startswith(("episode", "consent", "patient"))
    )


def _with_more(facts: Facts, event: Json) -> Facts:
    """A reading that comes with an event arrived with it, where it does not say otherwise."""
    entries = list(facts.entries)
    for name in ("entry", "time_entry"):
        if event.get(name):
            entries.append(entry_of(event[name], facts.patient, f"t{len(entries) + 1}"))
    single = [event["reading"]] if event.get("reading") else []
    more = [*single, *(event.get("readings") or [])]
    readings = (
        *facts.readings,
        *(
            reading_of({"received_at": event["at"], **each}, facts.patient_zone, f"late-{number}")
            for number, each in enumerate(more)
            if theirs(each, facts.patient)
        ),
        *(
            replace(each, id=f"{event['at']}-{each.id}")
            for each in readings_of(
                {"reading_series": _arriving(event)}, facts.patient_zone, facts.patient
            )
        ),
    )
    besides = services([event["service"]]) if event.get("service") else ()
    return replace(
        facts, entries=tuple(entries), readings=readings,
        other_services=(*facts.other_services, *besides),
    )  # fmt: skip


def _arriving(event: Json) -> list[Json]:
    return [{"received_at": event["at"], **each} for each in event.get("reading_series") or []]


def _with_changed(facts: Facts, target: str, changes: Json | None) -> Facts:
    """One entry or one reading, set right, or taken out where nothing is said of it."""
    entries: list[Any] = []
    readings: Sequence[Any] = facts.readings
    if any(each.id == target for each in facts.entries):
        for each in facts.entries:
            if each.id != target:
                entries.append(each)
            elif changes:
                before = {**msgspec.to_builtins(each), "pieces": None}
                entries.append(entry_of({**before, **changes}, facts.patient, target))
        return replace(facts, entries=tuple(entries))
    if not any(each.id == target for each in readings):
        return _with_new(facts, target, changes or {})
    kept = tuple(
        reading_of({**_said(each), **changes}, facts.patient_zone, target)
        if each.id == target and changes
        else each
        for each in readings
        if each.id != target or changes
    )
    return replace(facts, readings=kept)


def _with_new(facts: Facts, target: str, said: Json) -> Facts:
    """What nobody knew before is added, where all of it is said."""
    if said.get("start") and said.get("end"):
        new = entry_of({**said, "id": target}, facts.patient, target)
        return replace(facts, entries=(*facts.entries, new))
    raise ValueError(f"lock/events: there is no time entry or reading {target!r}")


def _said(reading: Any) -> Json:
    before: dict[str, Any] = msgspec.to_builtins(reading)
    return before
