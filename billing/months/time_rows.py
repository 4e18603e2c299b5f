"""Each entry of the log as far as it lies in the month: how much counts, and why not more. Pure."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from billing import spans
from billing.eligibility.days import last_day
from billing.eligibility.entry import AUXILIARY, CLINICAL, SETTING_UP, TimeEntry
from billing.eligibility.facts import Facts, ProgrammeConsent
from billing.eligibility.minutes import (
    NO_PROGRAM,
    Counted,
    counted,
    ending_with,
    instants,
    month_window,
    zone_of,
)
from billing.eligibility.programme_consent import CONSENT_TO, asks, consent_in, counts_from
from billing.eligibility.rule_set import Who
from billing.months.deciding import Decided
from billing.months.entry_words import evaluators_entry
from billing.months.facts_of import Known
from billing.months.records import LineOf, TimeRow
from billing.months.sources import Sources
from billing.months.stretches import MONITORING
from billing.ranges import from_ranges
from billing.rule_numbers import LATE_AFTER
from billing.spans import Span
from billing.words import SERVICE_WORDS, interactive

NOT_FOR_BILLING: Final = "logged as not for billing"
NOT_CLINICAL: Final = "not clinical staff"
SETUP: Final = "setting up belongs to the setup code"
NO_GATE: Final = "no consent or order"
EARLY: Final = "before consent and order"
TAKEN_BACK: Final = "after consent to it was withdrawn"
LATE: Final = "after the end of monitoring"
TWO_PATIENTS: Final = "same person, two patients at once"
TWO_SERVICES: Final = "same minutes, two services"
ONCE: Final = "two people at once: counted once"


def time_rows(
    known: Known,
    decisions: Sequence[Decided],
    lines: Sequence[LineOf],
    sources: Sources,
    enrolled: frozenset[str],
) -> tuple[TimeRow, ...]:
    """`enrolled`: in which services."""
    month = (sources.month.begins_at, sources.month.ends_at)
    sums: dict[str, Counted | None] = {}
    found = []
    for row in known.patient.of("entries"):
        pieces = spans.within(from_ranges(row["spans"]), *month)
        if not pieces:
            continue
        entry = evaluators_entry(dict(row), from_ranges(row["spans"]))
        if entry.program not in sums:
            sums[entry.program] = _sum(entry.program, known, decisions, sources, enrolled)
        found.append(_row(row, entry, pieces, sums[entry.program], known, decisions, lines))
    return tuple(found)


def _answers(decision: Decided, program: str, enrolled: frozenset[str]) -> bool:
    """Monitoring answers for itself; any of them for care in which the patient is enrolled."""
    service = program.lower()
    if service in MONITORING:
        return decision.stretch.service == service
    return service in enrolled


def _sum(
    program: str,
    known: Known,
    decisions: Sequence[Decided],
    sources: Sources,
    enrolled: frozenset[str],
) -> Counted | None:
    """None: the patient is not enrolled in it."""
    last = next((each for each in reversed(decisions) if _answers(each, program, enrolled)), None)
    if last is None:
        return None
    window = ending_with(month_window(sources.month.name), last_day(last.facts))
    who = _who(program, known, sources)
    return counted(window, program, last.facts, last.policy, who=who)


def _who(program: str, known: Known, sources: Sources) -> Who:
    if known.payer is None or known.payer.rules is None:
        return "clinical"
    rules = sources.book.of(known.payer.rules.authority, sources.month.last)
    for care in () if rules is None else rules.besides:
        if care.program == program:
            return care.families[-1].who
    return "clinical"


def _row(
    row: Any,
    entry: TimeEntry,
    pieces: tuple[Span, ...],
    sum_of: Counted | None,
    known: Known,
    decisions: Sequence[Decided],
    lines: Sequence[LineOf],
) -> TimeRow:
    logged = spans.whole_seconds(pieces)
    seconds = 0 if sum_of is None else sum_of.of_entries.get(entry.id, 0)
    line = next((each.line_id for each in lines if entry.id in each.entry_ids), None)
    return TimeRow(
        entry_id=row["id"],
        service=row["service"],
        staff_id=row["user_id"],
        staff_name=row["staff_name"],
        credential=row["credential"],
        role=row["role"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        seconds_logged=logged,
        seconds_counted=seconds,
        reason_not_counted="" if seconds >= logged else _why(entry, pieces, sum_of, decisions),
        mode=row["mode"],
        live_contact=interactive(row["mode"], row["with_whom"]),
        with_whom=row["with_whom"],
        activity=row["activity"],
        note=row["note"],
        recorded_at=row["recorded_at"],
        recorded_by=row["recorder_name"],
        edited=known.patient.edited.get(row["id"], 0),
        late=row["recorded_at"] - row["ended_at"] > LATE_AFTER,
        line_id=line if seconds else None,
    )


def _why(
    entry: TimeEntry,
    pieces: tuple[Span, ...],
    sum_of: Counted | None,
    decisions: Sequence[Decided],
) -> str:
    """The first thing that stands in the way of any of it."""
    if entry.program in NO_PROGRAM:
        return NOT_FOR_BILLING
    if entry.role.upper() not in (CLINICAL | AUXILIARY):
        return NOT_CLINICAL
    if entry.activity in SETTING_UP:
        return SETUP
    if sum_of is None:
        return f"not enrolled in {SERVICE_WORDS.get(entry.program.lower(), entry.program)}"
    return _of_times(entry, pieces, decisions[-1]) or ONCE


def _of_times(entry: TimeEntry, pieces: tuple[Span, ...], last: Decided) -> str | None:
    facts = last.facts
    since = counts_from(entry.program, facts, last.policy)
    if since is None:
        return NO_GATE
    own = _own_consent(entry, pieces, last)
    if isinstance(own, str):
        return own
    since = since if own is None else max(since, own.since)
    if since >= pieces[-1][1]:
        return EARLY
    clash = _clash(entry, pieces, facts)
    if clash is None and entry.start < since:
        return EARLY
    ends = last_day(facts)
    if clash is None and ends is not None:
        return LATE if pieces[-1][1].astimezone(facts.practice_zone).date() > ends else None
    return clash


def _own_consent(
    entry: TimeEntry, pieces: tuple[Span, ...], last: Decided
) -> ProgrammeConsent | str | None:
    """E-2: to the programme itself, where it needs one; or why none of it counts."""
    facts, begun = last.facts, pieces[0][0]
    if not asks(entry.program, facts):
        return None
    month = month_window(f"{begun.astimezone(facts.practice_zone):%Y-%m}")
    own = consent_in(entry.program, facts, instants(month, zone_of(facts, last.policy)))
    if own is None:
        return f"no consent {CONSENT_TO[entry.program.upper()]}"
    return TAKEN_BACK if own.until is not None and own.until <= begun else own


def _clash(entry: TimeEntry, pieces: tuple[Span, ...], facts: Facts) -> str | None:
    edges = (pieces[0][0], pieces[-1][1])
    elsewhere = () if facts.elsewhere is None else facts.elsewhere.during(entry.staff, edges)
    for other in elsewhere:
        if other.patient != entry.patient and spans.shared(pieces, other.spans):
            return TWO_PATIENTS
    for other in facts.entries:
        differs = other.program not in {entry.program, *NO_PROGRAM}
        if differs and spans.shared(pieces, other.spans):
            return TWO_SERVICES
    return None


def staff_behind(line: LineOf, rows: Sequence[TimeRow]) -> frozenset[UUID]:
    """Whose time a line rests on: none of them approves it (L-5)."""
    return frozenset(each.staff_id for each in rows if str(each.entry_id) in line.entry_ids)
