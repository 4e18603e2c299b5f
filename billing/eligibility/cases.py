"""Worked cases as JSON: read, evaluated, and answered in the same shape."""

from collections.abc import Mapping
from typing import Any, Final

from billing.eligibility.case_facts import asked_of, facts_of
from billing.eligibility.case_lock import (
    adjustment_json,
    adjustment_of,
    changed,
    changed_late,
    lock_of,
)
from billing.eligibility.case_parts import Json, an_object, made, needed
from billing.eligibility.case_shape import looked_at
from billing.eligibility.evaluate import evaluate
from billing.eligibility.payers import Payer
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, NotBillable, Why, Window
from billing.eligibility.rule_set import RuleBook, RuleSet
from billing.errors import CaseError

SPELLINGS: Final = {
    "ruleset_selection": {
        "by_window_start": "by_period_start", "by_start": "by_period_start",
        "period_start": "by_period_start",
    },
    "day_basis": {"upload": "received", "uploaded": "received", "transmitted": "received"},
    "period_anchor": {
        "setup_education_date": "setup_date", "setup": "setup_date",
        "calendar_month": "first_of_month", "month_start": "first_of_month",
    },
    "supply_dos": {
        "day_16_reached": "day_minimum_reached", "threshold_day": "day_minimum_reached",
        "day_threshold_met": "day_minimum_reached", "threshold_reached": "day_minimum_reached",
        "day_16": "day_minimum_reached", "threshold_date": "day_minimum_reached",
    },
    "setup_dos": {
        "setup_education_date": "education_date", "setup_date": "education_date",
        "day_threshold_met": "day_minimum_reached",
    },
    "mgmt_dos": {
        "threshold_met": "day_threshold_met", "threshold_day": "day_threshold_met",
        "threshold_date": "day_threshold_met", "date_threshold_met": "day_threshold_met",
    },
    "time_rounding": dict.fromkeys(
        (
            "truncate_each_entry", "truncate_each_entry_to_minutes", "truncate_entry_to_minutes",
            "truncate_each_entry_to_whole_minutes", "truncate_entries_to_whole_minutes",
            "truncate_entries", "floor_each_entry", "floor_entries_to_minutes",
        ),
        "truncate_entries_to_minutes",
    ),
}  # fmt: skip
"""Other names of the same answers, as people have them in their files."""
NO_REFUSAL: Final = frozenset({Why.ALREADY_BILLED})
"""A setup that was billed before is done: nothing is said of it."""
TOO_FAR: Final = "a date in it lies too near the first or the last that there are"


def evaluate_file(document: Json, *, shipped: RuleBook) -> list[dict[str, Any]]:
    """Each case's answer. Rule sets and policy of the file, where it has its own.

    A case that cannot be read is answered with `error`; the others are answered all the same.
    """
    try:
        book = _book(document.get("rulesets")) or shipped
        policy = an_object(document.get("default_policy") or {}, "default_policy")
        payers = _payers(document.get("payers"))
        unsaid = _unsaid(document.get("reason_codes"))
    except ValueError as error:
        raise CaseError(str(error)) from error
    answers = []
    for number, case in enumerate(document["cases"]):
        name = str(case.get("id") or number) if isinstance(case, Mapping) else str(number)
        try:
            given = an_object(case, "it")
            answers.append(answered({**given, "id": name}, book, policy, payers, unsaid))
        except CaseError as error:
            answers.append({"id": name, "error": str(error)})
        except ValueError as error:
            answers.append({"id": name, "error": f"case {name}: {error}"})
    return answers


def answered(
    case: Json,
    book: RuleBook,
    policy: Json,
    payers: Mapping[str, Payer] | None = None,
    unsaid: frozenset[Why] = NO_REFUSAL,
) -> dict[str, Any]:
    """One case; raises CaseError with its id and the place."""
    name = str(case.get("id", "?"))
    try:
        given = an_object(case, "it")
        looked_at(given)
        return {"id": name, **_answered(given, book, policy, payers or {}, unsaid)}
    except KeyError as error:
        raise CaseError(f"case {name}: {error.args[0]} is missing") from error
    except OverflowError as error:
        raise CaseError(f"case {name}: {TOO_FAR}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CaseError(f"case {name}: {error}") from error


def _answered(
    case: Json,
    book: RuleBook,
    policy: Json,
    payers: Mapping[str, Payer],
    unsaid: frozenset[Why],
) -> dict[str, Any]:
    inputs = an_object(needed(case, "inputs"), "inputs")
    chosen = policy_of({**policy, **_own_policy(case, inputs)})
    asked = asked_of(an_object(needed(inputs, "evaluate"), "inputs/evaluate"))
    lock = lock_of(inputs.get("lock") or case.get("lock"))
    facts = changed(facts_of(inputs), lock)
    payer = _payer(inputs, payers)
    now = evaluate(facts, asked, book, chosen, payer)
    authority = facts.payer if payer is None else payer.authority
    adjustment = adjustment_of(lock, facts, asked, now, book, authority)
    flags = now.flags | ({Flag.POST_LOCK_CHANGE} if changed_late(facts, lock) else set())
    return {**as_json(now, flags, unsaid), **adjustment_json(adjustment)}


def _own_policy(case: Json, inputs: Json) -> Json:
    """By either name, wherever the case says it: one that is overlooked gives a wrong answer."""
    found: dict[str, Any] = {}
    for place in (case, inputs):
        for name in ("policy", "policy_overrides"):
            found |= an_object(place.get(name) or {}, name)
    return found


def policy_of(found: Json) -> Policy:
    """Raises ValueError where a value is none that we could honour."""
    said = {name: SPELLINGS.get(name, {}).get(str(value), value) for name, value in found.items()}
    return made(Policy, said, "policy")


def _unsaid(codes: Any) -> frozenset[Why]:
    """W-5: a window that is not over is not refused but not judged. A file that lists its reasons
    and has none for that gets no word of it.
    """
    if not isinstance(codes, list) or Why.WINDOW_OPEN.value in codes:
        return NO_REFUSAL
    return NO_REFUSAL | {Why.WINDOW_OPEN}


def as_json(
    answer: Answer, flags: frozenset[Flag] | set[Flag], unsaid: frozenset[Why]
) -> dict[str, Any]:
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
        "not_billable": [
            _refusal(each) for each in answer.not_billable if each.reason not in unsaid
        ],
        "computed": answer.computed,
        "flags": sorted(flag.value for flag in flags),
    }


def _refusal(each: NotBillable) -> dict[str, Any]:
    window = None if each.window is None else _window(each.window)
    missing = {"missing": list(each.missing)} if each.missing else {}
    return {
        "scope": each.scope,
        "window": window,
        "reason": each.reason.value,
        **each.numbers,
    } | missing


def _window(window: Window) -> dict[str, str]:
    return {"from": window.first.isoformat(), "to": window.last.isoformat()}


def _book(rule_sets: Any) -> RuleBook | None:
    if not rule_sets:
        return None
    return RuleBook(
        {
            name: made(RuleSet, each, f"rulesets/{name}")
            for name, each in an_object(rule_sets, "rulesets").items()
        }
    )


def _payers(found: Any) -> dict[str, Payer]:
    return {
        name: made(Payer, {"id": name, **an_object(each, f"payers/{name}")}, f"payers/{name}")
        for name, each in an_object(found or {}, "payers").items()
    }


def _payer(inputs: Json, payers: Mapping[str, Payer]) -> Payer | None:
    own = inputs["payer"]
    if not isinstance(own, Mapping):
        return payers.get(own)
    known = payers.get(str(own.get("id")))
    return known if set(own) == {"id"} else made(Payer, own, "payer")
