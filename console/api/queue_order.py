"""Which row of the queue comes first: severity, then the time left to take it on, then its age.

One order, for the API, the page and every fragment of it. Within a row what is still bad leads what
is good again, and the row stands where the first of its alerts would stand alone. Pure.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final, NamedTuple

from alerts.life.alert import State
from care.rules import RANK, Severity

STAGES: Final = {
    State.OPEN: 0,
    State.ESCALATED: 0,
    State.AWAITING_REPEAT: 1,
    State.ACKNOWLEDGED: 2,
    State.SNOOZED: 3,
}
"""Of the same severity: what nobody has taken on, then what nobody is to take on yet."""
NEVER: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


class Place(NamedTuple):
    """The least comes first."""

    severity: int
    stage: int
    due: dt.datetime
    since: dt.datetime
    subject: str

    @property
    def text(self) -> str:
        """The same order among texts, for whoever puts rows in without the server."""
        due, since = (f"{at.astimezone(dt.UTC):%Y%m%d%H%M%S%f}" for at in (self.due, self.since))
        return f"{self.severity}{self.stage}{due}{since}{self.subject}"


def place(
    *,
    severity: Severity,
    state: State,
    acknowledge_by: dt.datetime | None,
    onset_at: dt.datetime,
    subject: str,
) -> Place:
    """Of one alert. The clock of what is taken on has stopped: it waits by age alone."""
    unattended = state.unattended
    return Place(
        severity=len(RANK) - RANK[severity],
        stage=STAGES.get(state, len(STAGES)),
        due=acknowledge_by if unattended and acknowledge_by is not None else NEVER,
        since=onset_at,
        subject=subject,
    )


class Lead(NamedTuple):
    """Of the alerts of one row: the least is the one that the row shows."""

    severity: int
    stage: int
    good_again: bool
    place: Place


def lead(its: Place, *, cleared: bool) -> Lead:
    """`cleared`: its readings are good again. Such a one never stands before one of the same
    severity and stage whose readings are still bad, however long it has waited.
    """
    return Lead(severity=its.severity, stage=its.stage, good_again=cleared, place=its)


def place_of_row(places: Iterable[Place]) -> Place:
    """What leads a row does not make it sink: its earliest time to be taken on stays its own."""
    return min(places)
