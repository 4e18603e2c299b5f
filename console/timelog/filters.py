"""What of the time log is asked for, read from the address and written back into it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.time_log import Asked
from console.access import CARERS, Caller
from console.replies import id_or_none

DAY: Final = dt.timedelta(days=1)
USUAL_DAYS: Final = 14
DAYS_MOST: Final = 400
SHOWS: Final = {
    "": "Everything that counts",
    "overlaps": "Only overlaps",
    "late": "Only written late",
    "corrected": "Only corrections, with what they replaced",
    "live": "Only live contact",
}
EVERYBODY: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    first: dt.date
    last: dt.date
    """Included; both on the clinic's calendar."""
    staff: UUID | None = None
    """None: everybody's."""
    patient: UUID | None = None
    show: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """As an address has it. Ids only: who somebody is does not stand in addresses."""
        other = replace(self, **changes)
        pairs = {
            "from": other.first.isoformat(),
            "to": other.last.isoformat(),
            "staff": str(other.staff) if other.staff else EVERYBODY,
            "patient": str(other.patient) if other.patient else "",
            "show": other.show,
            "page": str(other.page) if other.page > 1 else "",
        }
        return urlencode({name: value for name, value in pairs.items() if value})

    def asked(self, zone: ZoneInfo) -> Asked:
        return Asked(
            patient=self.patient,
            staff=self.staff,
            since=dt.datetime.combine(self.first, dt.time(), zone).astimezone(dt.UTC),
            until=dt.datetime.combine(self.last + DAY, dt.time(), zone).astimezone(dt.UTC),
            replaced=self.show == "corrected",
        )


def filter_of(query: Mapping[str, str], caller: Caller, *, today: dt.date) -> Filter:
    """What cannot be read is as if it were not said: an address is not a form. Carers see their
    own work unless they ask for more.
    """
    last = _day(query.get("to")) or today
    first = _day(query.get("from")) or last - (USUAL_DAYS - 1) * DAY
    first, last = min(first, last), max(first, last)
    said = query.get("staff", "")
    own = caller.user_id if caller.role in CARERS and not said else None
    show = query.get("show", "")
    page = query.get("page", "1")
    return Filter(
        first=max(first, last - DAYS_MOST * DAY),
        last=last,
        staff=own or id_or_none(said),
        patient=id_or_none(query.get("patient")),
        show=show if show in SHOWS else "",
        page=int(page) if page.isascii() and page.isdecimal() and 0 < len(page) < 5 else 1,  # noqa: PLR2004
    )


def _day(text: str | None) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 9000 else None  # noqa: PLR2004 - as entries have it
