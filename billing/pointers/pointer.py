"""One thing to look at: what, who, where, and why it matters. Nobody is accused of anything."""

import datetime as dt
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct


class Kind(StrEnum):
    """Section 8 of the rules: what auditors look for."""

    ROUND_NUMBERS = "round_numbers"
    SAME_NOTE = "same_note"
    LONG_DAY = "long_day"
    OVERLAP = "overlap"
    WRITTEN_LATE = "written_late"
    SHORT_CALLS = "short_calls"
    NO_CREDENTIAL = "no_credential"
    NO_NOTE = "no_note"
    AT_THRESHOLD = "at_threshold"
    SETUP_TWICE = "setup_twice"
    SUPPLY_ALONE = "supply_alone"


TITLES: Final[dict[str, str]] = {
    Kind.ROUND_NUMBERS: "Round numbers",
    Kind.SAME_NOTE: "The same note again",
    Kind.LONG_DAY: "Days of more than 12 hours",
    Kind.OVERLAP: "Entries that share time",
    Kind.WRITTEN_LATE: "Written more than 7 days later",
    Kind.SHORT_CALLS: "Very short live calls",
    Kind.NO_CREDENTIAL: "Entries without a credential",
    Kind.NO_NOTE: "Entries without a note",
    Kind.AT_THRESHOLD: "Totals just over a threshold",
    Kind.SETUP_TWICE: "Setup more than once in an episode",
    Kind.SUPPLY_ALONE: "Device supply without care time",
}
WHY: Final[dict[str, str]] = {
    Kind.ROUND_NUMBERS: "Times that are so often round look estimated and not measured. The care "
    "timer writes what it counted, to the second.",
    Kind.SAME_NOTE: "A note that fits every patient says little of this one. Auditors call such "
    "notes cloned, and may leave out the minutes that rest on them.",
    Kind.LONG_DAY: "So many hours of one person in a day are seldom right: a date may be mistyped, "
    "or time written twice.",
    Kind.OVERLAP: "A minute counts once. What one person did for two patients at once, or for two "
    "services, counts for neither until somebody has corrected it.",
    Kind.WRITTEN_LATE: "The longer ago, the less exact. Entries that are written long after are "
    "asked about first.",
    Kind.SHORT_CALLS: "A month of care time needs a real conversation. Calls of a minute look as "
    "if nobody had been reached.",
    Kind.NO_CREDENTIAL: "Only time of clinical staff counts. Without a credential, evidence cannot "
    "say that somebody was.",
    Kind.NO_NOTE: "Minutes that do not say what was done for whom are the first to be left out.",
    Kind.AT_THRESHOLD: "Some months end just over a threshold by chance. Many of them suggest that "
    "time was added until a code was reached.",
    Kind.SETUP_TWICE: "Setting up is eligible once in an episode, however many devices there are "
    "(rule S-1).",
    Kind.SUPPLY_ALONE: "A device whose readings nobody talks about with the patient is what the "
    "OIG asks about: in its report 12 % of the patients had no care time at all.",
}  # fmt: skip


class Pointer(Struct, frozen=True, kw_only=True):
    kind: Kind
    what: str
    """A sentence with the numbers."""
    who: str = ""
    """Whose work it is, or whose month."""
    staff: UUID | None = None
    patient: UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    """The dates that it is about, both included."""
    entries: tuple[UUID, ...] = ()
    lines: tuple[UUID, ...] = ()

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def why(self) -> str:
        return WHY[self.kind]


def in_order(pointers: list[Pointer]) -> list[Pointer]:
    """By kind as listed, then what weighs most; the same each time."""
    place = {kind: number for number, kind in enumerate(Kind)}
    return sorted(
        pointers,
        key=lambda each: (place[each.kind], -len(each.entries) - len(each.lines), each.who,
                          each.what),
    )  # fmt: skip
