"""Whether silence may be our own: the line from all homes to the database. Pure.

While a broker or an ingest is down, every hub looks as if it had gone silent at the same minute.
Then it is the line that is to be mended, and no home: nobody is sent to a patient's door for it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

BREATH: Final = dt.timedelta(minutes=5)
"""Hubs speak every minute; so long without a word of any of them is no chance."""
WITNESSES_LEAST: Final = 3
"""With fewer hubs, one that is silent and a line that is down look the same: it is the hub."""


class Line(Struct, frozen=True, kw_only=True):
    silent_since: dt.datetime | None = None
    """Nobody has been heard since: judge no silence."""
    open_since: dt.datetime | None = None
    """It was silent until then: a hub's silence counts from there. None: as far back as we look."""


def line_of(pulses: Sequence[dt.datetime], *, witnesses: int, now: dt.datetime) -> Line:
    """`pulses` are instants at which any of so many hubs was heard, in order."""
    if witnesses < WITNESSES_LEAST or not pulses:
        return Line()
    if now - pulses[-1] > BREATH:
        return Line(silent_since=pulses[-1])
    for place in range(len(pulses) - 1, 0, -1):
        if pulses[place] - pulses[place - 1] > BREATH:
            return Line(open_since=pulses[place])
    return Line()
