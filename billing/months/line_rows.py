"""What the evaluator has found, as lines and refusals of a month's documents. Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from billing.eligibility.days import filled, last_day
from billing.eligibility.minutes import counted, ending_with, month_window
from billing.eligibility.result import Line, NotBillable, Why
from billing.eligibility.rule_set import RuleSet
from billing.eligibility.words import in_minutes, sentence
from billing.forecast.day_goals import on, so_many
from billing.months.deciding import Decided
from billing.months.facts_of import Known, practitioner_of
from billing.months.records import LineOf, NotEligible, Provider
from billing.months.sources import Sources
from billing.months.stretches import Stretch

NAMESPACE: Final = UUID("5f0a3c52-9b7e-5d0e-8c54-6c2f0be3a7d1")
TITLES: Final = ("dr", "dr.", "prof", "prof.", "md", "md.")


def line_id(patient_id: UUID, service: str, window_from: dt.date, scope: str, code: str) -> UUID:
    """The same at each evaluation: how long the window turns out to be does not change it."""
    return uuid5(NAMESPACE, f"{patient_id}/{service}/{window_from}/{scope}/{code}")


def line_of(
    line: Line, known: Known, decision: Decided, stretches: Sequence[Stretch], sources: Sources
) -> LineOf:
    patient_id, service = known.patient.row["id"], line.program.lower()
    whose = stretch_of(service, decision, stretches)
    payer = known.payer
    rule = None if payer is None or payer.rules is None else payer.rules.rule(line.code, line.dos)
    modifiers = () if rule is None else rule.modifiers
    fee = sources.fee(None if payer is None else payer.id, line.code, modifiers, line.dos)
    return LineOf(
        line_id=line_id(patient_id, service, line.window.first, line.scope, line.code),
        service=service,
        scope=line.scope,
        code=line.code,
        modifiers=modifiers,
        units=line.units,
        dos_from=line.dos,
        dos_to=line.dos,
        place_of_service=sources.practice.place_of_service,
        diagnoses=known.diagnoses,
        rendering=practitioner_of(whose, sources),
        ordering=ordering_of(known),
        window_from=line.window.first,
        window_to=line.window.last,
        days_counted=line.days,
        seconds_counted=line.seconds,
        live_contact_on=_spoken_on(line, decision, sources.month.zone),
        charge=None if fee is None else fee.charge * Decimal(line.units),
        expected=None if fee is None else fee.amount * Decimal(line.units),
        rule_set=line.rule_set,
        rules=line.rules,
        flags=decision.flags,
        why=line.why,
        reading_ids=tuple(sorted(line.readings)),
        entry_ids=tuple(sorted(line.entries)),
    )


def refusal_of(
    refused: NotBillable, known: Known, decision: Decided, sources: Sources
) -> NotEligible:
    days, seconds = _so_far(refused, decision)
    numbers = refused.numbers
    return NotEligible(
        service=(refused.program or decision.stretch.service).lower(),
        scope=refused.scope,
        codes=(refused.code,) if refused.code else _codes(refused, known, decision, sources),
        window_from=None if refused.window is None else refused.window.first,
        window_to=None if refused.window is None else refused.window.last,
        reason=refused.reason.value,
        why=_how_far(refused, days, seconds)
        if refused.reason is Why.WINDOW_OPEN
        else sentence(refused),
        days_counted=numbers.get("actual", days),
        days_missing=_missing(numbers, "minimum", "actual"),
        seconds_counted=numbers.get("actual_seconds", seconds),
        seconds_missing=_missing(numbers, "minimum_seconds", "actual_seconds"),
        open=refused.reason is Why.WINDOW_OPEN,
        rule_set=getattr(_rules(refused, known, decision, sources), "name", None),
        rules=refused.rules,
        flags=decision.flags,
    )


def _how_far(refused: NotBillable, days: int | None, seconds: int | None) -> str:
    """Of a window that is not over."""
    so_far = [] if days is None else [so_many(days, "day")]
    so_far += [] if seconds is None else [in_minutes(seconds)]
    if refused.window is None or not so_far:
        return sentence(refused)
    said = sentence(refused).removesuffix(".")
    return f"{said}: {so_far[0]} so far, its last day is {on(refused.window.last)}."


def billed_already(line: LineOf, known: Known) -> bool:
    """Whether a line of another month, that somebody has approved, holds any of it: one device
    period is billed once, whichever service or month claims it.
    """
    return any(row["id"] == line.line_id or _holds(row, line) for row in known.patient.of("billed"))


def _holds(row: Any, line: LineOf) -> bool:
    if row["scope"] != line.scope:
        return False
    if row["window_from"] > line.window_to or row["window_to"] < line.window_from:
        return False
    return line.scope == "supply" or (row["code"], row["service"]) == (line.code, line.service)


def refused_as_billed(line: LineOf) -> NotEligible:
    return NotEligible(
        service=line.service,
        scope=line.scope,
        codes=(line.code,),
        window_from=line.window_from,
        window_to=line.window_to,
        reason=Why.ALREADY_BILLED.value,
        why="Days of it are billed already, with another month.",
        days_counted=line.days_counted,
        seconds_counted=line.seconds_counted,
        rule_set=line.rule_set,
        rules=("D-4", "W-2"),
        flags=line.flags,
    )


def stretch_of(service: str, decision: Decided, stretches: Sequence[Stretch]) -> Stretch:
    """Whose practitioner bills: of care, who enrolled the patient in it."""
    if service == decision.stretch.service:
        return decision.stretch
    return next((each for each in stretches if each.service == service), decision.stretch)


def ordering_of(known: Known) -> Provider | None:
    if known.order is None:
        return None
    row = known.order.last
    return named(row["ordered_by"], row["npi"])


def named(name: str, npi: str | None) -> Provider:
    """A name as people write it: "Maria Lopez", "Lopez, Maria", "Dr. Lopez"."""
    family, comma, given = name.partition(",")
    if not comma:
        words = [each for each in name.split() if each.lower() not in TITLES] or name.split()
        family, given = words[-1], " ".join(words[:-1])
    return Provider(family_name=family.strip(), given_name=given.strip(), npi=npi)


def _spoken_on(line: Line, decision: Decided, zone: ZoneInfo) -> dt.date | None:
    spoken = [each.start for each in decision.facts.entries if each.id in line.live]
    return min(spoken).astimezone(zone).date() if spoken else None


def _so_far(refused: NotBillable, decision: Decided) -> tuple[int | None, int | None]:
    """Of a window that gives no line for another reason than numbers: what there is of them."""
    window = refused.window
    if window is None:
        return None, None
    if refused.scope in {"supply", "setup"}:
        for frame in decision.frames:
            if frame.window == window:
                period = filled(frame, decision.counted, decision.facts, decision.policy)
                return len(period.days), None
        return None, None
    month = ending_with(month_window(f"{window.first:%Y-%m}"), last_day(decision.facts))
    program = refused.program or decision.facts.episode.program
    return None, counted(month, program, decision.facts, decision.policy).seconds


def _missing(numbers: dict[str, int], least: str, actual: str) -> int | None:
    return numbers[least] - numbers[actual] if least in numbers and actual in numbers else None


def _rules(
    refused: NotBillable, known: Known, decision: Decided, sources: Sources
) -> RuleSet | None:
    if known.payer is None or known.payer.rules is None:
        return None
    day = sources.month.last if refused.window is None else refused.window.last
    del decision
    return sources.book.of(known.payer.rules.authority, day)


def _codes(
    refused: NotBillable, known: Known, decision: Decided, sources: Sources
) -> tuple[str, ...]:
    rules = _rules(refused, known, decision, sources)
    if rules is None:
        return ()
    monitoring = rules.monitoring(decision.facts.episode.program, decision.facts.episode.rtm_kind)
    if monitoring is None:
        return ()
    match refused.scope:
        case "supply":
            return tuple(each.code for each in monitoring.supply)
        case "setup":
            return (monitoring.setup.code,)
        case "mgmt":
            return tuple(each.code for each in monitoring.mgmt_base)
        case scope:
            return tuple(
                family.base.code
                for care in rules.besides
                if care.scope == scope
                for family in care.families
            )
