"""The columns of COPY, and one layout for the fixed-width part of all rows that lack the same."""

from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from struct import Struct
from typing import Any, Final

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

    __slots__ = ("_metrics", "_pack", "_template", "_there")

    def __init__(self, *, absent: Collection[str], metrics: Collection[str]) -> None:
        before_metrics = (*SURE_COLUMNS, *OPTIONAL_COLUMNS)
        self._there = _picks([at for at, name in enumerate(before_metrics) if name not in absent])
        self._metrics = _picks([name for name in METRIC_COLUMNS if name in metrics])
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

    def pack(
        self, before_metrics: tuple[object, ...], values: Mapping[str, float], frame_bytes: int
    ) -> bytes:
        """`before_metrics`: the values of SURE_COLUMNS and OPTIONAL_COLUMNS."""
        arguments = self._template.copy()
        arguments[1::2] = (*self._there(before_metrics), *self._metrics(values), frame_bytes)
        return self._pack(*arguments)


def _picks(keys: Sequence[object]) -> Callable[[Any], Sequence[object]]:
    """As itemgetter, which is fast, but always with a sequence for its answer."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda items: [items[key] for key in keys]
