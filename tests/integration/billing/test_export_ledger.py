"""Every export is in the ledger: how far it is, and what ended with its process."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from billing.exports import ledger
from billing.exports.errors import (
    ChangedMeanwhileError,
    OutError,
)
from billing.exports.ledger import Filed
from billing.exports.manifest import FileKind, Manifest
from billing.exports.run import run_export
from billing.months.records import Status
from billing.months.statuses import move
from console.upkeep import tidy
from store.pool import Connection
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic
from tests.integration.billing.exporting import LATER, furnished, locked
from tests.integration.billing.exports_taken import left_in, statuses, taken, wanted


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
