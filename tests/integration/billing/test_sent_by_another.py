"""Nobody sends what nobody else has approved (L-5)."""

from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from billing.exports.manifest import FileKind
from billing.exports.run import run_export
from billing.months.approving import approve
from billing.months.holding import hold, release
from billing.months.records import Status
from care.errors import RefusedError
from tests.integration.billing.clinic import Clinic
from tests.integration.billing.exporting import LATER, furnished, locked
from tests.integration.billing.exports_taken import left_in, statuses, wanted


async def anew(clinic: Clinic, lines: list[UUID], *, by: str) -> None:
    """Held, released, and approved by somebody else."""
    those, who = dict.fromkeys(lines), clinic.people["biller"]
    await hold(clinic.conn, clinic.id, those, reason="to look again", actor=who, now=LATER)
    await release(clinic.conn, clinic.id, those, reason="looked at", actor=who, now=LATER)
    await approve(clinic.conn, clinic.id, those, actor=clinic.people[by], now=LATER)


async def test_nobody_sends_what_they_have_approved_themselves(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    own = replace(wanted(clinic, FileKind.X12), requested_by=clinic.people["clinician"])
    with pytest.raises(RefusedError, match="nothing else can go: somebody else has to send them"):
        await run_export(clinic.conn, clinic.id, own, tmp_path / "out", now=LATER)
    assert not left_in(tmp_path)
    await clinic.conn.execute("UPDATE practice_profiles SET second_person = false")
    done = await run_export(clinic.conn, clinic.id, own, tmp_path / "out", now=LATER)
    assert done.marked


async def test_two_who_have_approved_each_some_lines_send_each_others(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=2)
    await locked(clinic)
    biller, clinician = clinic.people["biller"], clinic.people["clinician"]
    row = await clinic.conn.fetchrow("SELECT id FROM billing_lines WHERE code = '99454' LIMIT 1")
    assert row is not None
    await anew(clinic, [row["id"]], by="biller")
    by_biller = replace(wanted(clinic, FileKind.X12), requested_by=biller)
    done = await run_export(clinic.conn, clinic.id, by_biller, tmp_path / "one", now=LATER)
    assert done.manifest.claims is not None
    (left,) = done.manifest.claims.left_out
    assert (left.line_id, left.reason) == (
        row["id"], "approval: you approved it, and somebody else sends it"
    )  # fmt: skip
    assert "another biller or administrator" in (tmp_path / "one" / "problems.csv").read_text()
    # It stays approved and unsent, and is in the other's file alone: nothing goes twice.
    assert await statuses(clinic) == {Status.APPROVED, Status.EXPORTED}
    by_clinician = replace(by_biller, requested_by=clinician)
    rest = await run_export(clinic.conn, clinic.id, by_clinician, tmp_path / "two", now=LATER)
    assert (done.marked, rest.marked) == (7, 1)
    assert await statuses(clinic) == {Status.EXPORTED}


async def test_only_the_approval_that_stands_keeps_its_author_from_sending(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    clinician = clinic.people["clinician"]
    rows = await clinic.conn.fetch("SELECT id FROM billing_lines")
    lines = [row["id"] for row in rows]
    await anew(clinic, lines, by="admin")
    own = replace(wanted(clinic, FileKind.X12), requested_by=clinic.people["admin"])
    with pytest.raises(RefusedError):
        await run_export(clinic.conn, clinic.id, own, tmp_path / "out", now=LATER)
    own = replace(own, requested_by=clinician)
    done = await run_export(clinic.conn, clinic.id, own, tmp_path / "out", now=LATER)
    assert done.marked == len(lines)
