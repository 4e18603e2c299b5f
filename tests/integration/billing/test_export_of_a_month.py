"""A month of the database, taken out of the house: the same totals in each kind, sent once."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from billing.exports import ledger
from billing.exports.claims import Which
from billing.exports.errors import (
    NothingToSendError,
    NotLockedError,
)
from billing.exports.ledger import Wanted
from billing.exports.manifest import FileKind
from billing.exports.run import run_export
from billing.months.records import Status
from care.errors import InvalidError, NotFoundError
from tests.integration.billing.clinic import OCTOBER, Clinic
from tests.integration.billing.exporting import LATER, furnished, locked
from tests.integration.billing.exports_taken import statuses, taken
from tests.unit.billing.exports.readers import (
    Sums,
    csv_rows,
    csv_sums,
    is_valid,
    x12_sums,
    xlsx_sums,
)


async def test_a_locked_month_has_equal_totals_in_all_three(clinic: Clinic, tmp_path: Path) -> None:
    await furnished(clinic)
    await locked(clinic)
    done = [await taken(clinic, kind, tmp_path) for kind in FileKind]
    sums = csv_sums(tmp_path / "csv" / "claim_lines.csv")
    assert sums.lines >= 6
    assert sums.charge > Decimal(0)
    assert xlsx_sums(tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx") == sums
    claims = tmp_path / "837p" / "claims-2026-10.837"
    assert is_valid(claims)
    assert x12_sums(claims) == sums
    for each in done:
        totals = each.manifest.totals
        assert Sums(totals.lines, totals.units, totals.charge) == sums
        assert each.manifest.state == "locked"
        assert each.manifest.month_sha256
        assert len(each.patients) == 3
    months = {each.manifest.month_sha256 for each in done}
    assert len(months) == 1


async def test_lines_of_claims_are_taken_as_sent_and_of_tables_not(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic)
    await locked(clinic)
    assert (await taken(clinic, FileKind.CSV, tmp_path)).marked == 0
    assert await statuses(clinic) == {Status.APPROVED}
    first = await taken(clinic, FileKind.X12, tmp_path)
    assert first.marked == first.manifest.totals.lines
    assert await statuses(clinic) == {Status.EXPORTED}
    with pytest.raises(NothingToSendError):
        await taken(clinic, FileKind.X12, tmp_path)
    copy = await taken(clinic, FileKind.X12, tmp_path, which=Which.ALL)
    assert copy.manifest.claims is not None
    assert copy.manifest.claims.test
    assert copy.marked == 0
    again = await taken(clinic, FileKind.X12, tmp_path, which=Which.AGAIN)
    assert again.manifest.claims is not None
    assert again.manifest.claims.exported_before == again.marked == first.marked
    problems = csv_rows(tmp_path / "837p" / "problems.csv")
    assert {row["field"] for row in problems if row["weight"] == "look at"} >= {"exported before"}


async def test_each_interchange_has_a_number_of_its_own(clinic: Clinic, tmp_path: Path) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    for _ in range(3):
        await taken(clinic, FileKind.X12, tmp_path, which=Which.AGAIN)
    found = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert sorted(each.control_number or 0 for each in found) == [1, 2, 3]
    assert "*000000003*" in (tmp_path / "837p" / "claims-2026-10.837").read_text()


async def test_where_everything_was_sent_there_is_no_file_and_no_number_is_used_up(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    first = await taken(clinic, FileKind.X12, tmp_path)
    told = f"there is nothing to send: {first.marked} lines (it was sent in an earlier export)"
    for _ in range(2):
        with pytest.raises(NothingToSendError, match=re.escape(told)):
            await taken(clinic, FileKind.X12, tmp_path / "again")
    assert not (tmp_path / "again" / "837p").exists()
    await taken(clinic, FileKind.X12, tmp_path, which=Which.AGAIN)
    found = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    numbered = [each.control_number for each in found if each.state == "done"]
    assert sorted(number or 0 for number in numbered) == [1, 2]
    assert [each.control_number for each in found if each.state == "failed"] == [None, None]


async def test_a_month_whose_claims_all_lack_something_tells_what_and_uses_no_number(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    await clinic.conn.execute("UPDATE practice_profiles SET submitter_id = NULL")
    await locked(clinic)
    done = await taken(clinic, FileKind.X12, tmp_path)
    assert done.manifest.claims is not None
    assert (done.manifest.claims.claims, done.manifest.claims.control_number) == (0, None)
    problems = csv_rows(tmp_path / "837p" / "problems.csv")
    assert "practice submitter id" in {row["field"] for row in problems}
    (only,) = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert (only.state, only.control_number) == ("done", None)


async def test_an_open_month_is_a_draft_that_says_so(clinic: Clinic, tmp_path: Path) -> None:
    await furnished(clinic, patients=1)
    done = await taken(clinic, FileKind.X12, tmp_path)
    assert done.manifest.state == "DRAFT"
    assert done.marked == 0
    assert "*T*:~" in (tmp_path / "837p" / "claims-2026-10.DRAFT.837").read_text()
    with pytest.raises(NotLockedError, match="2026-10 is not locked"):
        await taken(clinic, FileKind.CSV, tmp_path, draft=False)
    with pytest.raises(InvalidError, match="never taken as sent"):
        await taken(clinic, FileKind.CSV, tmp_path, mark_exported=True)


async def test_what_is_no_month_is_told(clinic: Clinic, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="months are named as 2026-10"):
        await run_export(
            clinic.conn,
            clinic.id,
            Wanted(month="2026-13", kind=FileKind.CSV, purpose="x", who="y"),
            tmp_path / "out",
            now=LATER,
        )
