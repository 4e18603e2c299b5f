"""Rows turned on their side: one array per column, as `insert_readings` takes them."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.json import Encoder

from store.batch import Row
from store.schema.readings import METRIC_COLUMNS

_json: Final = Encoder().encode


class Claim(Struct, frozen=True):
    """The place of a row among those that claim its device, kind and instant."""

    variant: int = 0
    conflict_with: UUID | None = None


UNCONTESTED: Final = Claim()


def columns(rows: Sequence[Row], claims: Sequence[Claim] | None = None) -> list[Any]:
    """The arguments of `insert_readings` after the first, in its order."""
    return [_array(map(extract, rows)) for extract in _EXTRACT.values()] + _outside(rows, claims)


def _outside(rows: Sequence[Row], claims: Sequence[Claim] | None) -> list[Any]:
    return [*_claimed(claims), *_metrics(rows)]


def _claimed(claims: Sequence[Claim] | None) -> list[Any]:
    if claims is None:
        return [None, None]
    return [[claim.conflict_with for claim in claims], [claim.variant for claim in claims]]


def _metrics(rows: Sequence[Row]) -> list[Any]:
    values = [row.reading.values for row in rows]
    present = set().union(*values)
    return [
        [each.get(name) for each in values] if name in present else None for name in METRIC_COLUMNS
    ]


def _array(items: Iterable[Any]) -> list[Any] | None:
    """A column with nothing in it costs nothing: unnest fills up a NULL."""
    array = list(items)
    return array if any(item is not None for item in array) else None


def _offset_s(row: Row) -> int:
    offset = row.reading.measured_at.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@lru_cache(maxsize=1024)
def _array_literal(words: tuple[str, ...]) -> str:
    """Unnest would flatten an array of arrays: flags travel as PostgreSQL's text of an array."""
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in quoted) + "}"


_EXTRACT: Final[dict[str, Callable[[Row], Any]]] = {
    "id": lambda row: row.reading.id,
    "organisation_id": lambda row: row.standing.organisation_id,
    "gateway_id": lambda row: row.standing.gateway_id,
    "device": lambda row: row.reading.device,
    "device_id": lambda row: row.standing.device_id,
    "assignment_id": lambda row: row.standing.assignment_id,
    "patient_id": lambda row: row.standing.patient_id,
    "kind": lambda row: row.reading.kind,
    "measured_at": lambda row: row.reading.measured_at,
    "utc_offset_s": _offset_s,
    "local_day": lambda row: row.local_day,
    "time_quality": lambda row: row.reading.time_quality,
    "device_time": lambda row: row.reading.device_time,
    "clock_drift_s": lambda row: row.reading.clock_drift_s,
    "sent_at": lambda row: row.sent_at,
    "sequence": lambda row: row.reading.sequence,
    "seq": lambda row: row.reading.seq,
    "user_slot": lambda row: row.reading.user,
    "flags": lambda row: (
        _array_literal(row.reading.flags + row.marks) if row.reading.flags or row.marks else None
    ),
    "special": lambda row: _json(row.reading.special).decode() if row.reading.special else None,
    "context": lambda row: _json(row.reading.context).decode() if row.reading.context else None,
    "frame": lambda row: bytes.fromhex(row.reading.frame) if row.reading.frame else None,
    "profile": lambda row: row.reading.profile,
    "attribution": lambda row: row.standing.attribution,
    "reason": lambda row: row.standing.reason,
}

COLUMNS: Final = (*_EXTRACT, "conflict_with", "variant", *METRIC_COLUMNS)
"""The order of the arrays: held to the SQL by a test."""
