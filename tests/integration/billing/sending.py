"""A practice's October that has gone out as claims, and what is in a file of them."""

import datetime as dt
from pathlib import Path
from uuid import UUID

from billing.exports.claims import Which
from billing.exports.errors import NothingToSendError
from billing.exports.ledger import Wanted
from billing.exports.manifest import Claims, FileKind, Totals
from billing.exports.run import run_export
from billing.months.records import Status
from billing.months.statuses import move
from tests.integration.billing.clinic import DAY, OCTOBER, Clinic
from tests.integration.billing.exporting import LATER, furnished, locked
from tests.unit.billing.exports.readers import is_valid, parses

AFTER = LATER + DAY
FILE = "claims-2026-10.837"


async def taken(
    clinic: Clinic,
    out: Path,
    which: Which = Which.NEW,
    *,
    now: dt.datetime = AFTER,
    marks: bool | None = None,
) -> Claims:
    wanted = Wanted(
        month=OCTOBER, kind=FileKind.X12, purpose="claims", who="The biller", which=which,
        requested_by=clinic.people["biller"], mark_exported=marks,
    )  # fmt: skip
    try:
        done = await run_export(clinic.conn, clinic.id, wanted, out, now=now)
    except NothingToSendError:
        return _nothing(which)
    assert done.manifest.claims is not None
    return done.manifest.claims


def _nothing(which: Which) -> Claims:
    """No file is made without a claim."""
    return Claims(
        control_number=None, which=which, test=False, claims=0, totals=Totals(),
        left_out_totals=Totals(), left_out=(), exported_before=0,
    )  # fmt: skip


async def sent(
    clinic: Clinic, out: Path, *, corrects_by: str = "replacement", patients: int = 1
) -> dict[str, UUID]:
    """October, locked and in an 837P, of one patient. Lines by code."""
    await clinic.conn.execute(
        "UPDATE payers SET corrects_by = $1, filing_code = 'CI', claim_form = '837P'", corrects_by
    )
    await furnished(clinic, patients=patients)
    await locked(clinic)
    await taken(clinic, out / "first", now=LATER)
    rows = await clinic.conn.fetch("SELECT id, code FROM billing_lines ORDER BY window_from")
    return {row["code"]: row["id"] for row in rows}


async def answered(
    clinic: Clinic,
    claim: str | None,
    *,
    without: tuple[UUID, ...] = (),
    to: Status = Status.PAID,
    now: dt.datetime = LATER,
) -> None:
    rows = await clinic.conn.fetch("SELECT id FROM billing_lines WHERE status = 'exported'")
    lines = [row["id"] for row in rows if row["id"] not in without]
    await move(
        clinic.conn, clinic.id, lines, to, actor=clinic.people["biller"], now=now,
        reason="as the payer said", claim_number=claim,
    )  # fmt: skip


def claims_in(folder: Path) -> list[tuple[str, str, str]]:
    """Of each claim: frequency, original number, codes."""
    file = folder / FILE
    assert is_valid(file)
    assert parses(file)
    found: list[tuple[str, str, str]] = []
    for each in file.read_text().splitlines():
        parts = each.rstrip("~").split("*")
        match parts[0]:
            case "CLM":
                found.append((parts[5].split(":")[2], "", ""))
            case "REF" if parts[1] == "F8":
                found[-1] = (found[-1][0], parts[2], "")
            case "SV1":
                codes = f"{found[-1][2]} {parts[1].split(':')[1]}".strip()
                found[-1] = (*found[-1][:2], codes)
    return found


def segments_in(folder: Path, *names: str) -> list[str]:
    """Those that begin so, as they stand in the file."""
    lines = (folder / FILE).read_text().splitlines()
    return [each.rstrip("~") for each in lines if each.startswith(names)]
