"""Worked cases as JSON: read, evaluated, and answered in the same shape."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from billing.eligibility.adjustment import Adjustment, Sent, adjusted
from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import (
    Asked,
    Device,
    Episode,
    Facts,
    OtherService,
    Reading,
    TimeEntry,
)
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, NotBillable, Window
from billing.eligibility.rule_set import RuleBook, RuleSet
from billing.errors import CaseError

CORRECTED: Final = "time_entry_corrected"
ADDED: Final = "time_entry_added"
VOIDED: Final = "time_entry_voided"
Json = Mapping[str, Any]


def evaluate_file(document: Json, *, shipped: RuleBook) -> list[dict[str, Any]]:
    """Each case's answer. Rule sets and policy of the file, where it has its own."""
    book = _book(document.get("rulesets")) or shipped
    policy = {**document.get("default_policy", {})}
    return [answered(case, book, policy) for case in document["cases"]]


def answered(case: Json, book: RuleBook, policy: Json) -> dict[str, Any]:
    """One case; raises CaseError with its id and the place."""
    name = str(case.get("id", "?"))
    try:
        overrides = {**case.get("policy_overrides", {}), **case["inputs"].get("policy", {})}
        chosen = msgspec.convert({**policy, **overrides}, Policy)
        facts, asked = facts_of(case["inputs"]), asked_of(case["inputs"]["evaluate"])
        lock = case["inputs"].get("lock")
        events = _after_lock(lock)
        now = evaluate(_changed(facts, events), asked, book, chosen)
        adjustment = None if lock is None else _adjustment(lock, events, now, facts, book)
    except KeyError as error:
        raise CaseError(f"case {name}: {error.args[0]} is missing") from error
    except (ValueError, TypeError, msgspec.ValidationError, ZoneInfoNotFoundError) as error:
        raise CaseError(f"case {name}: {error}") from error
    flags = now.flags | ({Flag.POST_LOCK_CHANGE} if events else set())
    return {"id": name, **as_json(now, flags), **_adjustment_json(adjustment)}


def facts_of(inputs: Json) -> Facts:
    patient_zone = ZoneInfo(inputs["patient_tz"])
    practice_zone = ZoneInfo(inputs["practice_tz"])
    entries = [msgspec.convert(_entry(each), TimeEntry) for each in inputs["time_entries"]]
    for each in entries:
        if each.end <= each.start:
            raise ValueError(f"time entry {each.id} ends before it starts")
    return Facts(
        patient=inputs["patient"],
        payer=inputs["payer"],
        patient_zone=patient_zone,
        practice_zone=practice_zone,
        episode=msgspec.convert(inputs["episode"], Episode),
        devices=msgspec.convert(inputs["devices"], dict[str, Device]),
        readings=(
            *_series(inputs.get("reading_series", ()), patient_zone),
            *(_reading(each, patient_zone) for each in inputs.get("readings", ())),
        ),
        entries=tuple(entries),
        other_services=tuple(_service(each) for each in inputs.get("other_services", ())),
    )


def asked_of(evaluate: Json) -> Asked:
    return Asked(
        as_of=dt.date.fromisoformat(evaluate["as_of"]),
        supply_periods=tuple(evaluate.get("supply_periods", ())),
        months=tuple(evaluate.get("months", ())),
        setup=evaluate.get("setup", False),
    )


def as_json(answer: Answer, flags: frozenset[Flag] | set[Flag]) -> dict[str, Any]:
    return {
        "lines": [
            {
                "code": line.code,
                "units": line.units,
                "dos": line.dos.isoformat(),
                "window": _window(line.window),
            }
            for line in answer.lines
        ],
        "not_billable": [_refusal(each) for each in answer.not_billable],
        "computed": answer.computed,
        "flags": sorted(flag.value for flag in flags),
    }


def _refusal(each: NotBillable) -> dict[str, Any]:
    window = {} if each.window is None else {"window": _window(each.window)}
    return {"scope": each.scope, **window, "reason": each.reason.value, **each.numbers}


def _window(window: Window) -> dict[str, str]:
    return {"from": window.first.isoformat(), "to": window.last.isoformat()}


def _book(rule_sets: Json | None) -> RuleBook | None:
    if not rule_sets:
        return None
    return RuleBook({name: msgspec.convert(each, RuleSet) for name, each in rule_sets.items()})


def _series(series: Sequence[Json], zone: ZoneInfo) -> list[Reading]:
    """One reading a date at a local time, received the moment it was measured."""
    made = []
    for number, each in enumerate(series):
        at = dt.time.fromisoformat(each["local_time"])
        for text in each["dates"]:
            measured = dt.datetime.combine(dt.date.fromisoformat(text), at, zone)
            reading = {**each, "id": f"series-{number}-{text}", "measured_at": measured.isoformat()}
            made.append(_reading(reading, zone))
    return made


def _reading(each: Json, zone: ZoneInfo) -> Reading:
    measured = dt.datetime.fromisoformat(each["measured_at"])
    received = dt.datetime.fromisoformat(each.get("received_at") or each["measured_at"])
    if measured.tzinfo is None or received.tzinfo is None:
        raise ValueError(f"reading {each.get('id')} needs its offset from UTC")
    at = ZoneInfo(each["patient_tz"]) if each.get("patient_tz") else zone
    return Reading(
        id=each["id"],
        device=each["device"],
        source=each["source"],
        measured_at=measured,
        received_at=received,
        local_day=measured.astimezone(at).date(),
        excluded=each.get("excluded"),
    )


def _entry(each: Json) -> dict[str, Any]:
    return {name: each[name] for name in TimeEntry.__struct_fields__}


def _service(each: Json) -> OtherService:
    """However its date is given: a day, a span, a month."""
    first, last = each.get("from"), each.get("to")
    if month := each.get("month"):
        first, last = f"{month}-01", f"{month}-28"
    window = each.get("window") or {}
    first = first or window.get("from") or each.get("dos") or each.get("date")
    last = last or window.get("to") or first
    return OtherService(
        code=str(each.get("code", "")),
        program=each.get("program"),
        first=None if first is None else dt.date.fromisoformat(first),
        last=None if last is None else dt.date.fromisoformat(last),
    )


def _after_lock(lock: Json | None) -> list[Json]:
    if lock is None:
        return []
    locked_at = dt.datetime.fromisoformat(lock["locked_at"])
    return [each for each in lock["events"] if dt.datetime.fromisoformat(each["at"]) > locked_at]


def _changed(facts: Facts, events: Sequence[Json]) -> Facts:
    """The facts as they are after what was corrected."""
    entries = {each.id: each for each in facts.entries}
    for event in events:
        match event["type"]:
            case t if t == CORRECTED:
                before = msgspec.to_builtins(entries[event["target"]])
                entries[event["target"]] = msgspec.convert({**before, **event["set"]}, TimeEntry)
            case t if t == ADDED:
                made = msgspec.convert(_entry(event["entry"]), TimeEntry)
                entries[made.id] = made
            case t if t == VOIDED:
                del entries[event["target"]]
            case other:
                raise ValueError(f"there is no event {other!r}")
    return msgspec.structs.replace(facts, entries=tuple(entries.values()))


def _adjustment(
    lock: Json, events: Sequence[Json], now: Answer, facts: Facts, book: RuleBook
) -> Adjustment | None:
    sent = [msgspec.convert(each, Sent) for each in lock["exported_lines"]]
    if not events:
        return None
    dos = max([each.dos for each in sent] or [line.dos for line in now.lines])
    rules = book.of(facts.payer, dos)
    if rules is None:
        raise ValueError(f"no rule set holds for {facts.payer} on {dos}")
    last = max(dt.datetime.fromisoformat(each["at"]) for each in events)
    return adjusted(
        sent,
        now.lines,
        rules,
        paid=lock.get("claim_status") == "paid",
        on=last.astimezone(facts.practice_zone).date(),
    )


def _adjustment_json(adjustment: Adjustment | None) -> dict[str, Any]:
    if adjustment is None:
        return {}
    told = json.loads(msgspec.json.encode(adjustment))
    return {"adjustment": {name: value for name, value in told.items() if value is not None}}
