"""A reading as its gateway sent it, from its row."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.reasons import LATE
from store.schema import METRIC_COLUMNS
from vitals.flags import Special
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality


def reading_of(record: Mapping[str, Any]) -> Reading:
    """The same reading again, with the offset that its home had."""
    home = dt.timezone(dt.timedelta(seconds=record["utc_offset_s"]))
    frame = record["frame"]
    return Reading(
        id=record["id"],
        device=record["device"],
        kind=Kind(record["kind"]),
        measured_at=record["measured_at"].astimezone(home),
        time_quality=TimeQuality(record["time_quality"]),
        values={name: record[name] for name in METRIC_COLUMNS if record[name] is not None},
        device_time=record["device_time"],
        clock_drift_s=record["clock_drift_s"],
        sequence=record["sequence"],
        user=record["user_slot"],
        special=_json(record["special"], dict[str, Special]),
        flags=tuple(flag for flag in record["flags"] if flag != LATE),
        context=_json(record["context"], dict[str, str | float]),
        frame="" if frame is None else frame.hex(),
        profile=record["profile"] or "",
        seq=record["seq"],
    )


def _json(text: str | None, kind: Any) -> Any:
    return {} if text is None else msgspec.json.decode(text, type=kind)
