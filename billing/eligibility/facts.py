"""What is known of one patient: readings and entries as they were made, nothing rolled up."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

CLINICAL: Final = frozenset({"MD", "DO", "NP", "PA", "RN", "LPN", "MA", "PHARMD", "RD"})
"""T-1: whose time counts. Clerks, shipping and machines do not."""
LIVE: Final = frozenset({"phone_live", "video_live", "in_person_live"})
"""T-9: two-way and at once. Voicemail, text messages and letters are not."""
SETTING_UP: Final = frozenset({"setup", "setup_education"})
"""T-15: this time belongs to the setup code."""
DEVICE_SENT: Final = "device_auto"


class Device(Struct, frozen=True, kw_only=True):
    """E-6."""

    fda_device: bool = True
    auto_transmit: bool = True


class Reading(Struct, frozen=True, kw_only=True):
    """`local_day`: the patient's date when it was measured, fixed then and never derived anew."""

    id: str
    device: str | None
    source: str
    measured_at: dt.datetime
    received_at: dt.datetime
    local_day: dt.date
    excluded: str | None = None
    """Why it is nobody's, a test, or not the patient's (D-5)."""


class TimeEntry(Struct, frozen=True, kw_only=True):
    """Half-open, in instants (T-2)."""

    id: str
    patient: str
    staff: str
    role: str
    program: str
    mode: str
    activity: str
    start: dt.datetime
    end: dt.datetime

    @property
    def clinical(self) -> bool:
        return self.role.upper() in CLINICAL

    @property
    def live(self) -> bool:
        return self.mode in LIVE


class Episode(Struct, frozen=True, kw_only=True):
    program: str
    consent_at: dt.datetime | None
    order_at: dt.datetime | None
    established_patient: bool = True
    setup_education_date: dt.date | None = None
    setup_already_billed: bool = False
    end_date: dt.date | None = None
    end_reason: str | None = None

    @property
    def since(self) -> dt.datetime | None:
        """E-2, E-3: from when readings and time count; None: they never do."""
        if self.consent_at is None or self.order_at is None:
            return None
        return max(self.consent_at, self.order_at)


class OtherService(Struct, frozen=True, kw_only=True):
    """What is billed besides, by us or by others."""

    code: str
    program: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    """None: no date is known, so it meets every window."""


class Facts(Struct, frozen=True, kw_only=True):
    patient: str
    payer: str
    patient_zone: ZoneInfo
    practice_zone: ZoneInfo
    episode: Episode
    devices: dict[str, Device]
    readings: tuple[Reading, ...]
    entries: tuple[TimeEntry, ...]
    """Of this patient, and of others by the same staff: overlaps show between them."""
    other_services: tuple[OtherService, ...] = ()


class Asked(Struct, frozen=True, kw_only=True):
    """Which windows; nothing else is answered."""

    as_of: dt.date
    supply_periods: tuple[int, ...] = ()
    months: tuple[str, ...] = ()
    """YYYY-MM."""
    setup: bool = False
