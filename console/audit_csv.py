"""The audit log as a table for a spreadsheet, which must not take any of it for a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import msgspec

from console.audit_read import AuditRow, Known, whom

COLUMNS: Final = (
    "row", "at", "who", "role", "via", "what", "outcome", "status", "patients", "patient ids",
    "object", "reason", "address", "request", "detail", "hash", "who id",
)  # fmt: skip
"""The id of who it was stands beside the name: everybody chooses how others see them."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that spreadsheets compute; full-width forms of these count as well."""
WIDE: Final = str.maketrans("＝＋－＠", "=+-@")  # noqa: RUF001 - They are what is meant.


def cell(value: object) -> str:
    """As text: an apostrophe before what would be computed (OWASP, CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").translate(WIDE).startswith(FORMULA) else text


def table(rows: Iterable[AuditRow], names: Mapping[UUID, Known]) -> str:
    """With a byte order mark: without one, spreadsheets take UTF-8 for something else."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(map(cell, _cells(row, names)))
    return "\ufeff" + file.getvalue()


def _cells(row: AuditRow, names: Mapping[UUID, Known]) -> tuple[object, ...]:
    return (
        row.position,
        row.at.isoformat(),
        row.actor_name,
        row.actor_role,
        row.via,
        row.action,
        row.outcome,
        row.status,
        "; ".join(whom(row, names)),
        " ".join(map(str, row.patients)),
        f"{row.object_kind}/{row.object_id}" if row.object_kind else "",
        row.reason,
        row.address,
        row.request_id,
        msgspec.json.encode(row.detail).decode() if row.detail else "",
        row.hash,
        row.actor,
    )
