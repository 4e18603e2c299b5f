"""An entry of the time log as the evaluator takes it, and whose time and which contact counts."""

import datetime as dt
from typing import Final

from msgspec import Struct

from billing.spans import Span

CLINICAL: Final = frozenset({"MD", "DO", "NP", "PA", "RN", "LPN", "MA", "PHARMD", "RD"})
"""T-1: whose time counts. Clerks, shipping and machines do not."""
PRACTITIONERS: Final = frozenset({"MD", "DO", "NP", "PA"})
"""Who may bill in their own name: what a code asks of them *personally*, only they can give."""
AUXILIARY: Final = CLINICAL | {"CHW", "NAVIGATOR", "PEER"}
"""Community health integration and navigation: under general supervision, not clinical staff."""
LIVE: Final = frozenset({"phone_live", "video_live", "in_person_live"})
"""T-9: two-way and at once. Voicemail, text messages and letters are not."""
THEIRS: Final = frozenset({None, "patient", "caregiver"})
"""T-9: with whom; None: nobody has said, and the mode stands."""
SETTING_UP: Final = frozenset(
    {"setup", "setup_education", "setup_training", "initial_setup", "device_setup"}
)
"""T-15: this time belongs to the setup code."""
BILLED_VISITS: Final = frozenset(
    {"em_visit", "e_m_visit", "e/m_visit", "e/m", "evaluation_and_management", "billed_visit"}
)
"""T-15: this time belongs to a visit that is billed by itself."""
NOT_MONITORING: Final = SETTING_UP | BILLED_VISITS


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
    pieces: tuple[Span, ...] = ()
    """Of a timer that paused: what counts of it; empty: all from start to end."""
    with_whom: str | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.pieces or ((self.start, self.end),)

    @property
    def clinical(self) -> bool:
        return self.role.upper() in CLINICAL

    @property
    def live(self) -> bool:
        return self.mode in LIVE and self.with_whom in THEIRS
