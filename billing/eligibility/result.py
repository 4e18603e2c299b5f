"""What an evaluation says: lines that are eligible, what is not and why, what to look at."""

import datetime as dt
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Why(StrEnum):
    """Why a window gives no line."""

    BELOW_MIN_DAYS = "BELOW_MIN_DAYS"
    NO_QUALIFYING_READINGS = "NO_QUALIFYING_READINGS"
    BELOW_MIN_TIME = "BELOW_MIN_TIME"
    NO_INTERACTIVE_COMMUNICATION = "NO_INTERACTIVE_COMMUNICATION"
    RPM_RTM_CONFLICT = "RPM_RTM_CONFLICT"
    NO_CONSENT = "NO_CONSENT"
    NO_ORDER = "NO_ORDER"
    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    WINDOW_OPEN = "WINDOW_OPEN"
    UNKNOWN_PAYER = "UNKNOWN_PAYER"
    NO_RULE_SET = "NO_RULE_SET"
    RULESET_UNCONFIRMED = "RULESET_UNCONFIRMED"
    NO_SETUP_EDUCATION = "NO_SETUP_EDUCATION"
    ALREADY_BILLED = "ALREADY_BILLED"
    NOT_A_PROGRAM = "NOT_A_PROGRAM"
    CONSENT_NOT_WRITTEN = "CONSENT_NOT_WRITTEN"
    NO_DIAGNOSIS = "NO_DIAGNOSIS"
    DIAGNOSIS_NOT_COVERED = "DIAGNOSIS_NOT_COVERED"
    PRIOR_AUTH_MISSING = "PRIOR_AUTH_MISSING"
    CODE_NOT_ACCEPTED = "CODE_NOT_ACCEPTED"
    SECOND_PRACTITIONER = "SECOND_PRACTITIONER"
    EXCLUDED_BY_OTHER_CODE = "EXCLUDED_BY_OTHER_CODE"
    NOT_ATTESTED = "NOT_ATTESTED"
    TOO_LATE = "TOO_LATE"
    TOO_SOON = "TOO_SOON"
    BELOW_MIN_READINGS = "BELOW_MIN_READINGS"


class Flag(StrEnum):
    """What a person should look at; the lines stand."""

    MANUAL_EXCLUDED = "MANUAL_EXCLUDED"
    NON_CLINICAL_EXCLUDED = "NON_CLINICAL_EXCLUDED"
    UNITS_CAPPED = "UNITS_CAPPED"
    OVERLAP_COUNTED_ONCE = "OVERLAP_COUNTED_ONCE"
    STAFF_DOUBLE_BOOKED = "STAFF_DOUBLE_BOOKED"
    DOUBLE_PROGRAM_CONFLICT = "DOUBLE_PROGRAM_CONFLICT"
    INTERACTIVE_SPANS_MONTHS = "INTERACTIVE_SPANS_MONTHS"
    WINDOW_TRUNCATED = "WINDOW_TRUNCATED"
    TIME_AFTER_END_EXCLUDED = "TIME_AFTER_END_EXCLUDED"
    BEFORE_CONSENT_EXCLUDED = "BEFORE_CONSENT_EXCLUDED"
    POST_LOCK_CHANGE = "POST_LOCK_CHANGE"
    LATE_ARRIVAL = "LATE_ARRIVAL"
    RPM_RTM_CONFLICT = "RPM_RTM_CONFLICT"
    PERIOD_SPANS_RULESETS = "PERIOD_SPANS_RULESETS"
    CLOCK_NOT_TRUSTED = "CLOCK_NOT_TRUSTED"
    CODES_TOGETHER = "CODES_TOGETHER"


class Window(Struct, frozen=True, kw_only=True, order=True):
    """Local dates, both included."""

    first: dt.date
    last: dt.date

    def holds(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


class Line(Struct, frozen=True, kw_only=True):
    code: str
    units: int
    dos: dt.date
    window: Window
    rule_set: str
    rules: tuple[str, ...]
    """Ids of the rules that decided it."""
    readings: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    """What it rests on."""
    why: str = ""
    """In words: "16 of 16 days"."""
    program: str = ""
    scope: str = ""
    """As `NotBillable.scope`: supply, setup, mgmt, ccm, …"""
    days: int | None = None
    seconds: int | None = None
    """What was counted, of a line that days or seconds decide."""
    live: tuple[str, ...] = ()
    """Entries that prove a conversation (T-9)."""


class NotBillable(Struct, frozen=True, kw_only=True):
    scope: str
    """supply, setup, mgmt, ccm."""
    window: Window | None
    reason: Why
    rules: tuple[str, ...] = ()
    numbers: dict[str, int] = {}
    """minimum and actual, or their seconds."""
    why: str = ""
    code: str = ""
    """Which line it would have been, where that is known."""
    program: str = ""
    missing: tuple[str, ...] = ()
    """What would have to be attested, by its names in `words.ATTESTED`."""


class Answer(Struct, frozen=True, kw_only=True):
    """Of one window, or of all that was asked."""

    lines: tuple[Line, ...] = ()
    not_billable: tuple[NotBillable, ...] = ()
    computed: dict[str, dict[str, Any]] = {}
    flags: frozenset[Flag] = frozenset()


def together(answers: "tuple[Answer, ...] | list[Answer]") -> Answer:
    computed: dict[str, dict[str, Any]] = {}
    for answer in answers:
        for name, values in answer.computed.items():
            computed.setdefault(name, {}).update(values)
    return Answer(
        lines=tuple(line for answer in answers for line in answer.lines),
        not_billable=tuple(each for answer in answers for each in answer.not_billable),
        computed=computed,
        flags=frozenset(flag for answer in answers for flag in answer.flags),
    )
