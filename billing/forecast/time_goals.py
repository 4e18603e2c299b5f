"""How far a code is that minutes decide: no more time than is left of the month."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.eligibility.result import Window
from billing.eligibility.words import against, in_minutes
from billing.forecast.day_goals import on, so_many
from billing.forecast.outlook import Goal, Reach

LIVE: Final = "live_contact"
READING: Final = "reading_in_month"


class Rest(Struct, frozen=True, kw_only=True):
    """What is left of a month: from now to the midnight that ends it."""

    now: dt.datetime
    ends: dt.datetime
    zone: ZoneInfo
    window: Window

    @property
    def seconds(self) -> int:
        return max(int((self.ends - self.now).total_seconds()), 0)

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    @property
    def days(self) -> int:
        """Dates, today included."""
        return (self.window.last - self.today).days + 1

    def day(self, at: dt.datetime) -> dt.date:
        """The date of an instant; of the midnight that ends the month, its last."""
        return min(at.astimezone(self.zone).date(), self.window.last)


def goal(code: str, have: int, need: int, rest: Rest) -> Goal:
    short = need - have
    if short <= 0:
        words, reach = against(have, need), Reach.REACHED
        return Goal(code=code, unit="seconds", have=have, need=need, reach=reach, words=words)
    if short > rest.seconds:
        words = f"{in_minutes(short)} more needed, {in_minutes(rest.seconds)} left of the month"
        reach = Reach.IMPOSSIBLE
        return Goal(code=code, unit="seconds", have=have, need=need, reach=reach, words=words)
    more = dt.timedelta(seconds=short)
    return Goal(
        code=code,
        unit="seconds",
        have=have,
        need=need,
        reach=Reach.POSSIBLE,
        earliest=rest.day(rest.now + more),
        latest=rest.day(rest.ends - more),
        words=f"{in_minutes(short)} more by {on(rest.window.last)};"
        f" {so_many(rest.days, 'day')} left",
    )


def live(rest: Rest, *, spoken: bool) -> Goal:
    """T-9."""
    words = (
        "spoken with" if spoken else f"nobody has spoken with them yet; by {on(rest.window.last)}"
    )
    return _once(LIVE, words, rest, has=spoken)


def reading(rest: Rest, *, arrived: bool) -> Goal:
    """T-14."""
    words = (
        "a reading this month"
        if arrived
        else f"no reading this month yet; by {on(rest.window.last)}"
    )
    return _once(READING, words, rest, has=arrived)


def _once(code: str, words: str, rest: Rest, *, has: bool) -> Goal:
    open_ = None if has else rest.today
    return Goal(
        code=code,
        unit="contacts",
        have=int(has),
        need=1,
        reach=Reach.REACHED if has else Reach.POSSIBLE,
        earliest=open_,
        latest=None if has else rest.window.last,
        words=words,
    )
