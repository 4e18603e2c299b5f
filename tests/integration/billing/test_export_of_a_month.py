"""A month of the database, taken out of the house at the command line and from inside."""

import asyncio
import datetime as dt
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import replace

from billing.exports import ledger
from billing.exports.claims import Which
from billing.exports.errors import (
    ChangedMeanwhileError,
    NothingToSendError,
    NotLockedError,
    OutError,
)
from billing.exports.ledger import Filed, Wanted
from billing.exports.manifest import FileKind, Manifest
from billing.exports.run import Done, run_export
from billing.months.approving import approve
from billing.months.holding import hold, release
from billing.months.reading import patients_of
from billing.months.records import Status
from billing.months.statuses import move
from care.errors import InvalidError, NotFoundError, RefusedError
from console.upkeep import tidy
from hearthbeat import cli
from store.pool import Connection
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic
from tests.integration.billing.exporting import LATER, furnished, locked
from tests.unit.billing.exports.readers import (
    Sums,
    csv_rows,
    csv_sums,
    is_valid,
    x12_sums,
    xlsx_sums,
)


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


async def test_every_export_is_in_the_ledger_with_who_and_what_for(
    clinic: Clinic, tmp_path: Path
) -> None:
    await furnished(clinic, patients=1)
    done = await taken(clinic, FileKind.CSV, tmp_path)
    (listed,) = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert listed.id == done.export_id
    assert listed.purpose == "claims of October"
    assert listed.requested_by_name == "The biller"
    assert listed.state == "done"
    assert listed.progress == 1
    assert listed.manifest == done.manifest
    assert listed.rows == sum(done.manifest.rows.values())


async def test_how_far_it_is_is_told_while_it_is_written_and_stops_nothing(
    clinic: Clinic, tmp_path: Path, database: str
) -> None:
    await furnished(clinic, patients=2)
    begun: list[UUID] = []
    told: list[tuple[str, int]] = []

    async def noted(_: UUID, work: Path, manifest: Manifest) -> Filed:
        other = await asyncpg.connect(database)
        for patients in (1, 2):
            await ledger.note_progress(other, clinic.id, begun[0], patients)
            (listed,) = await ledger.exports_of(other, clinic.id, OCTOBER, now=LATER)
            told.append((listed.state, listed.progress))
        await other.close()
        return await ledger.store(clinic.conn, clinic.id, begun[0], work / manifest.files[0].name)

    await run_export(
        clinic.conn, clinic.id, wanted(clinic, FileKind.CSV), tmp_path / "csv", now=LATER,
        on_begun=begun.append, pack=noted,
    )  # fmt: skip
    assert told == [("running", 1), ("running", 2)]
    (listed,) = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert (listed.state, listed.progress) == ("done", 2)


async def test_what_cannot_be_written_is_told_in_the_ledger(clinic: Clinic, tmp_path: Path) -> None:
    await furnished(clinic, patients=1)
    (tmp_path / "csv").write_text("a file")
    with pytest.raises(OutError):
        await taken(clinic, FileKind.CSV, tmp_path)
    (listed,) = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert listed.state == "failed"
    assert "is a file: name a folder" in (listed.error or "")


async def test_what_began_and_never_ended_is_told_as_failed(clinic: Clinic) -> None:
    await ledger.begin(clinic.conn, clinic.id, wanted(clinic, FileKind.CSV), version=0, now=NOW)
    for minutes, state in ((14, "running"), (15, "running"), (16, "failed")):
        now = NOW + dt.timedelta(minutes=minutes)
        (listed,) = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=now)
        assert listed.state == state


async def test_what_a_killed_process_was_writing_is_told_as_failed_at_once(
    clinic: Clinic, database: str, tmp_path: Path
) -> None:
    maker: Connection = await asyncpg.connect(database)
    csv = wanted(clinic, FileKind.CSV)
    begun, _ = await ledger.begin(maker, clinic.id, csv, version=0, now=NOW)

    async def listed() -> list[tuple[str, str | None]]:
        found = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
        return [(each.state, each.error) for each in found]

    # Whoever starts beside it leaves it alone.
    assert await ledger.end_abandoned(clinic.conn, now=NOW) == 0
    assert await listed() == [("running", None)]
    await maker.close()
    async with asyncio.timeout(20):
        # The server takes a moment to see it.
        while (told := await listed()) == [("running", None)]:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
    assert told == [("failed", ledger.GONE)]
    await tidy(clinic.conn, now=NOW)
    row = await clinic.conn.fetchrow("SELECT * FROM billing_exports WHERE id = $1", begun)
    assert row is not None
    assert (row["state"], row["error"], row["finished_at"]) == ("failed", ledger.GONE, NOW)
    # What is finished is in nobody's hand, and stays what it is.
    await furnished(clinic, patients=1)
    await taken(clinic, FileKind.CSV, tmp_path)
    held = await clinic.conn.fetchval(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    )
    assert (held, await ledger.end_abandoned(clinic.conn, now=NOW)) == (0, 0)


async def test_a_line_that_is_changed_meanwhile_leaves_no_files(
    clinic: Clinic, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)

    async def moved_after_somebody_else(*args: Any, **kwargs: Any) -> Any:
        other: Connection = await asyncpg.connect(database)
        await other.execute("UPDATE billing_lines SET version = version + 1")
        await other.close()
        return await move(*args, **kwargs)

    monkeypatch.setattr("billing.exports.run.move", moved_after_somebody_else)
    with pytest.raises(ChangedMeanwhileError):
        await taken(clinic, FileKind.X12, tmp_path)
    assert not left_in(tmp_path)
    (listed,) = await ledger.exports_of(clinic.conn, clinic.id, OCTOBER, now=LATER)
    assert listed.state == "failed"
    assert await statuses(clinic) == {Status.APPROVED}


async def test_a_version_that_comes_meanwhile_leaves_no_files(
    clinic: Clinic, tmp_path: Path, database: str
) -> None:
    await furnished(clinic, patients=1)
    await locked(clinic)
    other: Connection = await asyncpg.connect(database)

    # What is locked between the look at the month and its snapshot.
    original = ledger.begin

    async def begins(*args: Any, **kwargs: Any) -> Any:
        found = await original(*args, **kwargs)
        await other.execute("UPDATE billing_months SET version = version + 1")
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("billing.exports.run.ledger.begin", begins)
        with pytest.raises(ChangedMeanwhileError):
            await taken(clinic, FileKind.CSV, tmp_path)
    await other.close()
    assert not left_in(tmp_path)


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


async def anew(clinic: Clinic, lines: list[UUID], *, by: str) -> None:
    """Held, released, and approved by somebody else."""
    those, who = dict.fromkeys(lines), clinic.people["biller"]
    await hold(clinic.conn, clinic.id, those, reason="to look again", actor=who, now=LATER)
    await release(clinic.conn, clinic.id, those, reason="looked at", actor=who, now=LATER)
    await approve(clinic.conn, clinic.id, those, actor=clinic.people[by], now=LATER)


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


async def test_what_is_no_month_is_told(clinic: Clinic, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="months are named as 2026-10"):
        await run_export(
            clinic.conn,
            clinic.id,
            Wanted(month="2026-13", kind=FileKind.CSV, purpose="x", who="y"),
            tmp_path / "out",
            now=LATER,
        )


def called(words: list[str], database: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("HB_DATABASE_URL", database)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    return cli.run(["billing", "export", *words])


@pytest.fixture
async def october(clinic: Clinic) -> Clinic:
    await furnished(clinic)
    await locked(clinic)
    return clinic


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize("kind", FileKind)
def test_the_command_writes_files_and_a_manifest(
    kind: FileKind,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--month", OCTOBER, "--format", str(kind), "--out", str(tmp_path / "out")]
    assert called(words, database, monkeypatch) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["purpose"] == "payment"
    assert manifest["made_by"]
    said = capsys.readouterr().out
    assert "3 patients" in said
    for file in manifest["files"]:
        assert (tmp_path / "out" / file["name"]).stat().st_size == file["bytes"]
        assert file["name"] in said


@pytest.mark.usefixtures("october")
def test_the_bare_call_for_an_open_month_gives_drafts(
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--month", "2026-11", "--format", "csv", "--out", str(tmp_path / "out")]
    assert called(words, database, monkeypatch) == 0
    assert "DRAFT" in capsys.readouterr().err
    assert (tmp_path / "out" / "claim_lines.DRAFT.csv").exists()
    assert called([*words, "--no-draft"], database, monkeypatch) != 0
    assert "2026-11 is not locked" in capsys.readouterr().err


async def test_the_command_is_in_the_audit_log_with_its_purpose(
    october: Clinic, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["--month", OCTOBER, "--format", "csv", "--out", str(tmp_path), "--purpose", "an audit"]
    assert await asyncio.to_thread(called, words, database, monkeypatch) == 0
    row = await october.conn.fetchrow(
        "SELECT * FROM audit WHERE organisation_id = $1 ORDER BY position DESC LIMIT 1",
        october.id,
    )
    assert row is not None
    assert row["route"] == "hearthbeat billing export"
    assert row["reason"] == "an audit"
    assert len(row["patients"]) == 3
