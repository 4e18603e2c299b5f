"""The numbers that the month strip counts towards. The evaluator has dated rule sets instead.

Sources are the rule ids of the billing rules (CY2026 Medicare Physician Fee Schedule); where no
authority was found, the number is Hearthbeat's own policy, and marked so.
"""

import datetime as dt
from typing import Final

from store.schema import ATTRIBUTIONS

DAYS_NEEDED: Final = 16
"""Distinct days with readings sent by a device, in one period: D-1, D-2 (99454: 16 to 30)."""
PERIOD_DAYS: Final = 30
"""Consecutive local dates, never 720 hours and never a calendar month: W-1. The first begins with
the first reading that counts (policy U5); they follow each other without a gap: W-2."""
SECONDS_NEEDED: Final = 20 * 60
"""Of management in a calendar month of the practice's zone: T-5 (99457), full blocks only: T-4."""

GAP_MOST: Final = dt.timedelta(seconds=45)
"""Between two beats of a timer: what is longer was nobody there, and counts for nothing. Policy."""
BEAT_S: Final = 15
IDLE_S: Final = 120
"""Two minutes without a key or pointer: UX 25. Held by the page."""
LATE_AFTER: Final = dt.timedelta(hours=72)
"""An entry that is written later than this after its end is marked late. Policy."""
SHIFT: Final = dt.timedelta(hours=8)
"""An entry of a shift or longer needs a reason. Policy; a staff day over 12 h is pointed out."""
LONGEST: Final = dt.timedelta(hours=24)
"""No entry is longer than a day. Policy."""
DAY_LONG: Final = dt.timedelta(hours=12)
"""Of one person's entries in a day: section 8, what auditors look for."""

CLINICAL_ROLES: Final = frozenset({"nurse", "clinician"})
"""T-1: clinical staff and practitioners; not clerks and administrators."""
NOT_MANAGEMENT: Final = frozenset({"setup"})
"""T-15: setting up belongs to 99453."""
WHOSE: Final = tuple(each for each in ATTRIBUTIONS if each in {"assigned", "reassigned"})
"""D-5: of readings those that are this patient's; what is held back is nobody's."""
TYPED: Final = ("typed", "manual")
"""D-6: profiles of readings that a person typed, or took by telephone. They never count."""
