"""What people are shown of months and lines: the read models of pages and of the API."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct

from billing.months.records import MonthHead, Status


class Verdict(StrEnum):
    BILLABLE = "billable"
    NOT_YET = "not_yet"
    """Its window is not over: it may still be reached."""
    IMPOSSIBLE = "impossible"


class Cell(Struct, frozen=True, kw_only=True):
    """One code of one patient, or what might have been one."""

    code: str
    """Of what gives no line: the code that it might have been; empty where none is known."""
    service: str
    scope: str
    verdict: Verdict
    why: str
    """In plain words: "16 days; 16 to 30 are asked for"."""
    reason: str = ""
    """A word of `billing.eligibility.result.Why`, of what gives no line."""
    line_id: UUID | None = None
    status: Status | None = None
    units: int = 0
    dos: dt.date | None = None
    window_from: dt.date | None = None
    window_to: dt.date | None = None
    days_counted: int | None = None
    days_missing: int | None = None
    seconds_counted: int | None = None
    seconds_missing: int | None = None
    charge: Decimal | None = None
    expected: Decimal | None = None
    lacks: tuple[str, ...] = ()
    """What has to be entered before it can be approved: `lacks.WORDS`."""
    flags: tuple[str, ...] = ()
    held: str = ""
    """Why it is held."""
    version: int = 0
    """Of the line: send it with what you do to it."""


class ReviewRow(Struct, frozen=True, kw_only=True):
    """One patient of a month."""

    patient_id: UUID
    mrn: str
    family_name: str
    given_name: str
    payer: str
    """Its name; empty where nobody has entered who pays."""
    cells: tuple[Cell, ...]
    flags: tuple[str, ...] = ()
    adjustments: int = 0
    """That wait for a decision."""


class Totals(Struct, frozen=True, kw_only=True):
    lines: int = 0
    units: int = 0
    charge: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)
    without_fee: int = 0


class Review(Struct, frozen=True, kw_only=True):
    head: MonthHead
    etag: str
    """Of what is shown: closing takes it, so that nobody locks what they have not seen."""
    state: str
    """`running` (its last day is not over), `open`, or `locked`."""
    evaluated_at: dt.datetime
    statuses: dict[str, int]
    """Lines by status."""
    totals: dict[str, Totals]
    """By status."""
    rows: tuple[ReviewRow, ...]
    open_adjustments: int = 0
    first_locked_at: dt.datetime | None = None
    first_locked_by: str | None = None
    """Of the first lock; what `head` says is of the version that stands."""


class MonthRow(Struct, frozen=True, kw_only=True):
    """One month in the list of months."""

    month: str
    state: str
    version: int
    patients: int
    statuses: dict[str, int]
    charge: Decimal
    evaluated_at: dt.datetime | None
    locked_at: dt.datetime | None
    locked_by: str | None
    open_adjustments: int


class LineEvent(Struct, frozen=True, kw_only=True):
    """What became of a line, once."""

    at: dt.datetime
    actor: UUID | None
    actor_name: str
    """Empty: nobody; what was worked out has changed, or it was a command."""
    was: Status | None
    status: Status
    reason: str
    content: str
    """SHA-256 of the line as it was then."""
    facts: dict[str, Any]


class SentLine(Struct, frozen=True, kw_only=True):
    line_id: UUID
    code: str
    units: int
    dos: dt.date


class ChangedDetail(Struct, frozen=True, kw_only=True):
    """What a claim says of a line, besides what was measured and done, and what it should say."""

    name: str
    label: str
    was: str
    """As it was locked; empty: none was known."""
    now: str
    lines: tuple[UUID, ...]
    codes: tuple[str, ...]
    """Of these lines."""
    by: UUID | None = None
    """Who changed it last, where that is known."""
    by_name: str = ""
    at: dt.datetime | None = None


class StillWith(Struct, frozen=True, kw_only=True):
    """A line that the first payer has, and has not denied."""

    line_id: UUID
    code: str
    claim_number: str | None
    """The payer's, as somebody has entered it."""
    way: str
    """What is to be said at the line, once the payer has taken it back."""


class Adjustment(Struct, frozen=True, kw_only=True):
    """What happened after a lock, and what it does to lines."""

    id: UUID
    month: str
    patient_id: UUID
    mrn: str
    family_name: str
    given_name: str
    direction: str
    """up, down, code_change, none: what it rests on has changed, and no line; or details: the same
    lines, of which claims should say something else."""
    removed: tuple[SentLine, ...]
    added: tuple[SentLine, ...]
    causes: tuple[dict[str, Any], ...]
    """What was done since the lock: kind, id, at, by, reason."""
    found_at: dt.datetime
    overpayment_identified_on: dt.date | None
    report_and_return_by: dt.date | None
    """L-3: to report and return what was paid too much."""
    decision: str | None = None
    """approved, dismissed, superseded; None: it waits."""
    decided_by: str | None = None
    decided_at: dt.datetime | None = None
    reason: str = ""
    version: int | None = None
    """Of the month that came of it."""
    details: tuple[ChangedDetail, ...] = ()
    """Of direction details: what differs."""
    alike: str = ""
    """Of direction details: the same for all that say the same, of whichever patient."""
    first_payer_has: tuple[StillWith, ...] = ()
    """Of one that waits and is of another payer: what keeps it from being approved. No claim goes
    out that two payers might pay."""

    @property
    def payers(self) -> tuple[str, str] | None:
        """Where it is of another payer: the first one's name and the other's."""
        one = next((each for each in self.details if each.name == "payer" and each.was), None)
        if one is None or not one.now:
            return None
        (first, key), (other, now) = (_payer(text) for text in (one.was, one.now))
        return None if key == now else (first, other)

    @property
    def differs(self) -> str:
        """In one line."""
        return "; ".join(
            f"{each.label}: {each.was or 'none'} → {each.now or 'none'}" for each in self.details
        )


def _payer(said: str) -> tuple[str, str]:
    """Name and key, as `details` says them of who pays."""
    name, _, key = said.rpartition(" (")
    return name, key.removesuffix(")")


def own_change(
    causes: Iterable[Mapping[str, Any]], details: Iterable[ChangedDetail], person: UUID
) -> str:
    """What of an adjustment this person has changed, or worked, in words; empty: nothing, and they
    may approve it. Pure.
    """
    own = [
        str(each.get("kind", "a change"))
        for each in causes
        if str(person) in {str(each.get("by")), str(each.get("staff"))}
    ]
    if not own:
        return ""
    labels = [each.label[:1].lower() + each.label[1:] for each in details]
    return ", ".join(dict.fromkeys(labels or own))
