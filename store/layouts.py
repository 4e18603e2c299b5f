"""The columns of COPY, and one layout for the fixed-width part of all rows that lack the same."""

from collections.abc import Collection, Iterable, Mapping
from struct import Struct
from typing import Final

from store.schema.readings import METRIC_COLUMNS

OWNER_COLUMNS: Final = (
    *("organisation_id", "gateway_id", "device", "device_id", "assignment_id", "patient_id"),
    *("kind", "time_quality", "profile", "attribution", "reason", "flags", "special", "context"),
)
SURE_COLUMNS: Final = ("id", "received_at", "measured_at", "utc_offset_s", "local_day")
OPTIONAL_COLUMNS: Final = (
    *("sent_at", "device_time", "clock_drift_s", "sequence", "seq", "user_slot"),
)
FIXED_COLUMNS: Final = (*SURE_COLUMNS, *OPTIONAL_COLUMNS, *METRIC_COLUMNS)
READING_COLUMNS: Final = (*OWNER_COLUMNS, *FIXED_COLUMNS, "frame")
"""In the order of the bytes. `conflict_with` and `variant` keep their defaults."""
KEY_COLUMNS: Final = ("id", "measured_at", "digest", "received_at")
REQUEST_COLUMNS: Final = (
    *("organisation_id", "patient_id", "kind", "attribution", "reading_id", "measured_at"),
)
NULL: Final = b"\xff\xff\xff\xff"

_length: Final = Struct(">i").pack
_FORMATS: Final = (
    dict.fromkeys((*SURE_COLUMNS, *OPTIONAL_COLUMNS), "q")
    | dict.fromkeys(("clock_drift_s", *METRIC_COLUMNS), "d")
    | {"id": "16s", "utc_offset_s": "i", "local_day": "i", "user_slot": "h"}
)


class Layout:
    """FIXED_COLUMNS as one `struct` call.

    What stands before a value (its length, and the absent columns before it) is a constant of the
    layout: constants and values take turns.
    """

    __slots__ = ("_names", "_pack", "_template")

    def __init__(self, *, absent: Collection[str], metrics: Collection[str]) -> None:
        self._names = [name for name in METRIC_COLUMNS if name in metrics]
        lacking = {*absent, *METRIC_COLUMNS}.difference(metrics)
        formats, constants, before = [">"], list[bytes](), b""
        for column in FIXED_COLUMNS:
            if column in lacking:
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
        self._pack = Struct("".join(formats)).pack

    def pack(self, there: Iterable[object], values: Mapping[str, float], frame_bytes: int) -> bytes:
        """`there`: the values of the columns before the metrics, in order, without the absent."""
        arguments = self._template.copy()
        arguments[1::2] = [*there, *[values[name] for name in self._names], frame_bytes]
        return self._pack(*arguments)
