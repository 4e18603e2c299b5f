"""The audit log as a table for a spreadsheet, which must not take any of it for a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import msgspec

from care.spreadsheet import harmless
from console.audit_read import AuditRow, Known, whom

COLUMNS: Final = (
    "row", "at", "who", "role", "via", "what", "outcome", "status", "patients", "patient ids",
    "object", "reason", "address", "request", "detail", "hash", "who id",
    "account",
)  # fmt: skip
"""Id and account of who it was stand beside the name: everybody chooses how others see them."""


def cell(value: object) -> str:
    """As text that no spreadsheet computes."""
    return harmless("" if value is None else str(value))


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
        row.username,
    )
