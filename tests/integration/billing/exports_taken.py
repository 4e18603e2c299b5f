"""October taken out of the house from inside: who asks for what, and what came of it."""

from pathlib import Path
from typing import Any

from billing.exports.ledger import Wanted
from billing.exports.manifest import FileKind
from billing.exports.run import Done, run_export
from billing.months.reading import patients_of
from billing.months.records import Status
from tests.integration.billing.clinic import OCTOBER, Clinic
from tests.integration.billing.exporting import LATER


def wanted(clinic: Clinic, kind: FileKind, **changes: Any) -> Wanted:
    return Wanted(
        month=OCTOBER, kind=kind, purpose="claims of October", who="The biller",
        requested_by=clinic.people["biller"], **changes,
    )  # fmt: skip


async def taken(clinic: Clinic, kind: FileKind, out: Path, **changes: Any) -> Done:
    return await run_export(
        clinic.conn, clinic.id, wanted(clinic, kind, **changes), out / kind, now=LATER
    )


def left_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def statuses(clinic: Clinic) -> set[Status]:
    return {
        line.status
        async for patient in patients_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
        for line in patient.lines
    }
