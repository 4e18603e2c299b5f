"""A month taken out of the house at the command line."""

import asyncio
import io
import json
from pathlib import Path

import pytest

from billing.exports.manifest import FileKind
from hearthbeat import cli
from tests.integration.billing.clinic import OCTOBER, Clinic
from tests.integration.billing.exporting import furnished, locked


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
