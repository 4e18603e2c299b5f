"""The columns of COPY, and one layout for the fixed-width part of all rows that lack the same."""

from collections.abc import Collection, Sequence
from operator import itemgetter
from struct import Struct
from typing import Final

from store.schema.readings import METRIC_COLUMNS

OWNER_COLUMNS: Final = (
    *("organisation_id", "gateway_id", "device", "device_id", "assignment_id", "patient_id"),
    *("kind", "time_quality", "profile", "attribution", "reason", "flags", "special", "context"),
)
PLACE_COLUMNS: Final = ("id", "measured_at")
"""The same bytes in all three tables."""
SURE_COLUMNS: Final = ("utc_offset_s", "local_day")
OPTIONAL_COLUMNS: Final = (
    *("sent_at", "device_time", "clock_drift_s", "sequence", "seq", "user_slot"),
)
FIXED_COLUMNS: Final = (*SURE_COLUMNS, *OPTIONAL_COLUMNS, *METRIC_COLUMNS)
READING_COLUMNS: Final = ("received_at", *OWNER_COLUMNS, *PLACE_COLUMNS, *FIXED_COLUMNS, "frame")
"""In the order of the bytes. `conflict_with` and `variant` keep their defaults."""
KEY_COLUMNS: Final = ("id", "measured_at", "digest", "received_at")
REQUEST_COLUMNS: Final = (
    *("organisation_id", "patient_id", "kind", "attribution", "reading_id", "measured_at"),
)
NULL: Final = b"\xff\xff\xff\xff"
AT_ONCE: Final = 50
"""Rows in one `struct` call: more gain nothing."""

_length: Final = Struct(">i").pack
_FORMATS: Final = (
    dict.fromkeys((*SURE_COLUMNS, *OPTIONAL_COLUMNS), "q")
    | dict.fromkeys(("clock_drift_s", *METRIC_COLUMNS), "d")
    | {"utc_offset_s": "i", "local_day": "i", "user_slot": "h"}
)


class Layout:
    """FIXED_COLUMNS of many rows that lack the same, in few `struct` calls.

    What stands before a value (its length, and the absent columns before it) is a constant of the
    layout: constants and values take turns. Values come by column, and go in by slices.
    """

    __slots__ = ("_many", "_one", "_present", "_template")

    def __init__(self, *, absent: Collection[str], metrics: Sequence[str]) -> None:
        """`metrics` in the order of the columns that `pack` will get."""
        offered = (*SURE_COLUMNS, *OPTIONAL_COLUMNS, *metrics)
        wanted = [name for name in FIXED_COLUMNS if name not in absent and name in offered]
        self._present = itemgetter(*map(offered.index, wanted), len(offered))
        formats, constants, before = list[str](), list[bytes](), b""
        for column in FIXED_COLUMNS:
            if column not in wanted:
                before += NULL
                continue
            letter = _FORMATS[column]
            before += _length(Struct(">" + letter).size)
            formats.append(f"{len(before)}s{letter}")
            constants.append(before)
            before = b""
        # What is absent before the frame, and the frame's own length; the frame itself follows.
        formats.append(f"{len(before)}si")
        constants.append(before)
        self._template: list[object] = [item for constant in constants for item in (constant, 0)]
        self._one = Struct(">" + "".join(formats))
        self._many = Struct(">" + "".join(formats) * AT_ONCE)

    def pack(self, columns: Sequence[Sequence[object]]) -> list[bytes]:
        """The columns are those of SURE_COLUMNS, OPTIONAL_COLUMNS and the metrics, and then how
        long each frame is. An absent column may hold anything.
        """
        wanted = self._present(columns)
        size, stride, template = self._one.size, len(self._template), self._template * AT_ONCE
        packed: list[bytes] = []
        whole = len(wanted[0]) // AT_ONCE * AT_ONCE
        for start in range(0, whole, AT_ONCE):
            for place, column in enumerate(wanted):
                template[2 * place + 1 :: stride] = column[start : start + AT_ONCE]
            together = self._many.pack(*template)
            packed += [together[at : at + size] for at in range(0, len(together), size)]
        one = self._template.copy()
        for values in zip(*(column[whole:] for column in wanted), strict=True):
            one[1::2] = values
            packed.append(self._one.pack(*one))
        return packed
