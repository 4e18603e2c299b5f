"""Which of two comes first in the queue, and why. Pure, and never a secret: every point has a name.

The order is severity, then what is late, then what has waited longest; the points only write it
down so that a person can see why one row stands above another.
"""

import datetime as dt
from typing import Final

from msgspec import Struct

from alerts.judging.findings import ClearedWhy
from alerts.life.alert import Alert, State
from care.rules import Lane, Severity

BY_SEVERITY: Final = {
    Severity.CRITICAL: 4000,
    Severity.HIGH: 3000,
    Severity.MEDIUM: 2000,
    Severity.LOW: 1000,
}
"""Further apart than everything else together: no wait makes a medium of a low."""
BY_LANE: Final = {
    Lane.MEDICAL: 100,
    Lane.NEEDS_CHECK: 60,
    Lane.REVIEW: 40,
    Lane.COMPLIANCE: 20,
    Lane.TECHNICAL: 0,
}
BY_STATE: Final = {
    State.ESCALATED: 250,
    State.OPEN: 200,
    State.AWAITING_REPEAT: 100,
    State.ACKNOWLEDGED: 50,
    State.SNOOZED: 0,
}
LATE: Final = 300
CLEARED: Final = -150
WAITED_MOST: Final = 100
"""A point for each quarter of an hour, up to so many."""
QUARTER: Final = dt.timedelta(minutes=15)


class Points(Struct, frozen=True, kw_only=True):
    why: str
    points: int


class Priority(Struct, frozen=True, kw_only=True):
    score: int
    parts: tuple[Points, ...]


def priority(alert: Alert, *, now: dt.datetime) -> Priority:
    parts = [
        Points(why=f"severity {alert.severity}", points=BY_SEVERITY[alert.severity]),
        Points(why=f"{alert.lane.replace('_', ' ')} item", points=BY_LANE[alert.lane]),
        Points(why=alert.state.replace("_", " "), points=BY_STATE.get(alert.state, 0)),
    ]
    if alert.state.unattended and alert.acknowledge_by is not None and alert.acknowledge_by < now:
        parts.append(Points(why="late: nobody has taken it on in time", points=LATE))
    if alert.cleared_at is not None:
        good = alert.cleared_why == ClearedWhy.GOOD_AGAIN
        parts.append(Points(why="values are good again" if good else "it is over", points=CLEARED))
    waited = min((now - alert.onset_at) // QUARTER, WAITED_MOST)
    if waited > 0:
        parts.append(Points(why="waiting since the reading", points=waited))
    return Priority(score=sum(part.points for part in parts), parts=tuple(parts))
