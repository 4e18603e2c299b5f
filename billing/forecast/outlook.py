"""What a forecast says of one patient: each open window, each code in it, in numbers and words."""

import datetime as dt
from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct

from billing.eligibility.result import Why, Window

Unit = Literal["days", "seconds", "contacts"]
NEARLY_DAYS: Final = 3
"""The work list: this many days short, or fewer, is worth a call today."""
NEARLY_SECONDS: Final = 300
"""And so much time, or less. Policy; a page may ask for another."""


class Reach(StrEnum):
    REACHED = "reached"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    """What is left of the window cannot bring it: the red X."""


class Goal(Struct, frozen=True, kw_only=True):
    """One code, and how far it is."""

    code: str
    """A number; `live_contact` for the conversation that a month needs (T-9), `reading_in_month`
    for the reading (T-14).
    """
    unit: Unit
    have: int
    need: int
    reach: Reach
    earliest: dt.date | None = None
    """The first day on which it can be reached; None: it is, or cannot be."""
    latest: dt.date | None = None
    """The last day on which it can still be begun in time; None likewise."""
    words: str = ""
    """"3 more days by 14 Dec; 9 days left"."""

    @property
    def short_by(self) -> int:
        return max(self.need - self.have, 0)

    @property
    def nearly(self) -> bool:
        """Possible, and so near that somebody should see to it."""
        most = {"days": NEARLY_DAYS, "seconds": NEARLY_SECONDS, "contacts": 1}[self.unit]
        return self.reach is Reach.POSSIBLE and self.short_by <= most


class Outlook(Struct, frozen=True, kw_only=True):
    """One window that is open: a 30-day period, or a calendar month of one programme."""

    scope: str
    """supply, mgmt, ccm, pcm, …: as in `NotBillable.scope`."""
    program: str
    window: Window
    days_left: int
    """Local dates on which something can still be done, today included where it can."""
    have: int
    """Days or seconds so far; the unit is the goals'."""
    goals: tuple[Goal, ...]
    """By what they need, lowest first; a live contact last."""
    blocked: tuple[Why, ...] = ()
    """What no number of days or minutes helps: no consent, another programme's bill, …"""

    @property
    def next(self) -> Goal | None:
        """The nearest one that is not reached and still can be; None: nothing more to do."""
        if self.blocked:
            return None
        return next((each for each in self.goals if each.reach is Reach.POSSIBLE), None)

    @property
    def reached(self) -> Goal | None:
        """The highest code that is; what else the line needs is the evaluator's to say."""
        codes = [each for each in self.goals if each.unit != "contacts"]
        return next((each for each in reversed(codes) if each.reach is Reach.REACHED), None)


class Forecast(Struct, frozen=True, kw_only=True):
    """Of one patient, at one instant."""

    patient: str
    payer: str
    now: dt.datetime
    outlooks: tuple[Outlook, ...]

    @property
    def nearly(self) -> tuple[tuple[Outlook, Goal], ...]:
        """What the work list shows, the one that has to be begun first at the top. A contact or
        a reading that a month lacks is on it where its minutes are there.
        """
        found = [
            (each, goal)
            for each in self.outlooks
            if not each.blocked
            for goal in each.goals
            if goal.nearly and (goal.unit != "contacts" or each.reached)
        ]
        return tuple(sorted(found, key=_urgency))


def _urgency(one: tuple[Outlook, Goal]) -> tuple[dt.date, str, int]:
    outlook, goal = one
    return (goal.latest or outlook.window.last, goal.unit, goal.short_by)
