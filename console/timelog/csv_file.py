"""The time log as CSV (RFC 4180). Cells that a spreadsheet would take for a formula are not one."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.entries import Entry
from billing.overlaps import Overlap
from care.spreadsheet import harmless

COLUMNS: Final = (
    "entry_id", "patient_id", "mrn", "programme", "service", "staff_name", "credential", "role",
    "start_local", "end_local", "zone", "start_utc", "end_utc", "seconds_logged", "mode",
    "live_contact", "with_whom", "activity", "note", "source", "entered_at", "entered_by",
    "late_entry", "overlapping_seconds", "corrects", "corrected_by", "withdrawn", "reason",
    "staff_id", "entered_by_id",
)  # fmt: skip


def written(
    entries: Iterable[Entry], overlaps: Mapping[UUID, tuple[Overlap, ...]], zone: ZoneInfo
) -> bytes:
    """Ends in a new line; exact seconds, times with their offset."""
    kept = io.StringIO(newline="")
    out = csv.writer(kept)
    out.writerow(COLUMNS)
    for each in entries:
        shared = sum(one.seconds for one in overlaps.get(each.id, ()))
        out.writerow([harmless(value) for value in _cells(each, shared, zone)])
    return kept.getvalue().encode()


def _cells(entry: Entry, shared: int, zone: ZoneInfo) -> list[str]:
    start, end = entry.started_at, entry.ended_at
    return [
        str(entry.id),
        str(entry.patient_id),
        entry.mrn,
        entry.programme or "",
        entry.service,
        entry.staff_name,
        entry.credential,
        entry.role,
        start.astimezone(zone).isoformat(timespec="seconds"),
        end.astimezone(zone).isoformat(timespec="seconds"),
        zone.key,
        start.isoformat(),
        end.isoformat(),
        str(entry.seconds),
        entry.mode,
        _yes(entry.interactive),
        entry.with_whom or "",
        entry.activity,
        entry.note,
        entry.source,
        entry.recorded_at.isoformat(),
        entry.recorder_name,
        _yes(entry.late),
        str(shared),
        str(entry.corrects or ""),
        str(entry.corrected_by or ""),
        _yes(entry.withdrawn),
        entry.reason,
        str(entry.user_id),
        str(entry.recorded_by),
    ]


def _yes(value: object) -> str:
    return "yes" if value else "no"
