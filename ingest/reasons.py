"""Why a reading is held back or refused: the words that receipts, tables and nurses share."""

from enum import StrEnum
from typing import Final

from vitals.metrics import METRICS


class Reason(StrEnum):
    """Quarantined for this. A device flag of `vitals.flags.NOT_A_PATIENT_VALUE` is a reason too."""

    UNKNOWN_GATEWAY = "unknown_gateway"  # Nobody enrolled it here.
    REVOKED_GATEWAY = "revoked_gateway"  # It was enrolled and has been shut out.
    UNKNOWN_DEVICE = "unknown_device"  # The organisation has no such device.
    UNASSIGNED = "unassigned"  # A known device that was nobody's at that time.
    NOT_THIS_PERSON = "not_this_person"  # The device's user slot belongs to nobody assigned.
    AMBIGUOUS_USER = "ambiguous_user"  # Several people share it and the reading does not say who.
    NO_VALUE = "no_value"  # The device sent no number and no HI or LO.
    IMPLAUSIBLE = "implausible"  # No living body shows this value; the metric follows, ":systolic".
    IMPOSSIBLE_PAIR = "impossible_pair"  # Systolic not above diastolic, or mean not between them.
    FROM_THE_FUTURE = "from_the_future"  # A clock on the way is wrong.


class Refusal(StrEnum):
    """Rejected for this: no row was stored, the dead letters keep what came."""

    UNREADABLE = "unreadable"  # It does not follow the schema.
    ID_REUSED = "id_reused"  # Another reading already bears this id.
    UNSTORABLE = "unstorable"  # The database refused this one row.


LATE: Final = "late"
"""The one flag that admission adds: measured long before it arrived, so it must page nobody."""

IMPLAUSIBLE: Final[dict[str, str]] = {name: f"{Reason.IMPLAUSIBLE}:{name}" for name in METRICS}
"""The full reason by metric, spelled once."""

CURABLE: Final = frozenset(
    {
        Reason.UNKNOWN_GATEWAY,
        Reason.REVOKED_GATEWAY,
        Reason.UNKNOWN_DEVICE,
        Reason.UNASSIGNED,
        Reason.NOT_THIS_PERSON,
        Reason.AMBIGUOUS_USER,
    }
)
"""Reasons about whose reading it is: the register can change, so these may be looked at again."""
