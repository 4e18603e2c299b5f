"""Until when a forecast stays what it is while only the clock goes on. Pure.

It changes at midnights, wherever one of its dates is counted; and of minutes that are still
missing, when too little is left of the month for them, and when the day changes on which they could
be done.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

from billing.eligibility.minutes import instants
from billing.eligibility.result import Window
from billing.forecast.outlook import Goal, Outlook, Reach


def steady_until(
    outlooks: Collection[Outlook], now: dt.datetime, zones: Collection[ZoneInfo]
) -> dt.datetime:
    """Before this instant, and not before `now`, the same is said; `now` itself: at this instant
    only. `zones` are all in which anything of it may be counted; one more only makes it shorter.
    """
    moments = [midnight_after(now, zone) for zone in zones]
    for outlook in outlooks:
        for goal in outlook.goals:
            if goal.unit == "seconds":
                moments += _turns(goal, outlook.window, now, zones)
    return min(moments)


def midnight_after(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    today = now.astimezone(zone).date()
    return instants(Window(first=today, last=today), zone)[1]


def _turns(
    goal: Goal, window: Window, now: dt.datetime, zones: Collection[ZoneInfo]
) -> Iterator[dt.datetime]:
    if goal.reach is Reach.REACHED:
        return
    if goal.reach is Reach.IMPOSSIBLE:
        # Its words say what is left of the month, which is less at each look.
        yield now
        return
    more = dt.timedelta(seconds=goal.short_by)
    for zone in zones:
        last = instants(window, zone)[1] - more
        if last >= now:
            yield last
        yield midnight_after(now + more, zone) - more
