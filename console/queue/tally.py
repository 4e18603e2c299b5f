"""What a page says of the whole queue, in which it lists a part: counted anew with each fragment.

Pure: the words of the server are put into the page as they are, by it and by its script.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from care.rules import RANK
from console.api.queue_filters import hidden_in_words
from console.api.queue_standing import Line, Listing, severities
from console.web.formats import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    at: dt.datetime
    """When it was counted: an older one never replaces a newer one."""
    summary: str
    hidden: int
    hidden_words: str
    listed: int
    more: int
    """Rows that the filter asks for and the page does not list: too many come before them."""
    more_words: str
    cut: str
    """The place of the last row listed, where there are more."""
    urgent: int


def tally(listing: Listing, *, now: dt.datetime) -> Tally:
    return Tally(
        at=now,
        summary=summary(listing.every),
        hidden=listing.hidden,
        hidden_words=hidden_in_words(listing.hidden),
        listed=len(listing.listed),
        more=len(listing.beyond),
        more_words=more_in_words(listing),
        cut=listing.cut,
        urgent=listing.urgent,
    )


def summary(found: Sequence[Line]) -> str:
    """7 rows: 2 critical, 5 low."""
    return f"{counted(len(found), 'row')}: {_by_severity(found)}" if found else "Nothing is waiting"


def more_in_words(listing: Listing) -> str:
    """300 of 5,000 rows are listed … Not listed: 4,700 rows (200 high, 4,500 low)."""
    if not listing.beyond:
        return ""
    return (
        f"{len(listing.listed):,} of {counted(len(listing.meant), 'row')} are listed, the worst "
        f"first. Not listed: {counted(len(listing.beyond), 'row')} "
        f"({_by_severity(listing.beyond)})."
    )


def _by_severity(found: Iterable[Line]) -> str:
    counts = severities(found)
    worst_first = sorted(counts, key=RANK.__getitem__, reverse=True)
    return ", ".join(f"{counts[each]:,} {each}" for each in worst_first)
