"""An export is whole or not there."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from billing.exports import manifest as manifests
from billing.exports.errors import NotLockedError, OutError, TooLargeError
from billing.exports.manifest import FileKind
from billing.months.records import PatientMonth
from tests.unit.billing.exports.conftest import Writing
from tests.unit.billing.exports.making import HEAD, MADE, patient


class PulledOutError(Exception):
    """The plug, in the middle of it."""


def interrupted() -> Iterator[PatientMonth]:
    yield patient("P-1")
    raise PulledOutError


@pytest.mark.parametrize("kind", FileKind)
def test_what_is_interrupted_leaves_nothing(
    kind: FileKind, written: Writing, tmp_path: Path
) -> None:
    with pytest.raises(PulledOutError):
        written(kind, interrupted(), out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", FileKind)
def test_what_was_there_before_an_interruption_stays(
    kind: FileKind, written: Writing, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    written(kind, [patient()], out=out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    with pytest.raises(PulledOutError):
        written(kind, interrupted(), out=out)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


@pytest.mark.parametrize("kind", FileKind)
def test_the_manifest_says_what_the_files_are(
    kind: FileKind, written: Writing, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    manifest = written(kind, [patient()], out=out)
    assert manifests.read(out / "manifest.json") == manifest
    assert {file.name for file in manifest.files} == {
        file.name for file in out.iterdir() if file.name != "manifest.json"
    }
    for file in manifest.files:
        body = (out / file.name).read_bytes()
        assert len(body) == file.bytes
        assert hashlib.sha256(body).hexdigest() == file.sha256
        assert (out / file.name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", FileKind)
def test_the_same_month_gives_the_same_bytes(
    kind: FileKind, written: Writing, tmp_path: Path
) -> None:
    first = written(kind, [patient(), patient("P-2")], out=tmp_path / "first")
    second = written(kind, [patient(), patient("P-2")], out=tmp_path / "second")
    assert first == second


def test_three_kinds_share_a_folder_and_each_keeps_its_manifest(
    written: Writing, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made = [written(kind, [patient()], out=out) for kind in FileKind]
    assert manifests.read(out / "manifest.json") == made[2]
    assert manifests.read(out / "manifest-2026-10-csv.json") == made[0]
    assert manifests.read(out / "manifest-2026-10-xlsx.json") == made[1]


def test_no_claims_of_an_earlier_export_stay_beside_none(written: Writing, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(FileKind.X12, [patient()], out=out)
    assert (out / "claims-2026-10.837").exists()
    written(FileKind.X12, [], out=out)
    assert not (out / "claims-2026-10.837").exists()


def test_an_open_month_is_no_export_unless_as_a_draft(written: Writing, tmp_path: Path) -> None:
    still = structs.replace(HEAD, locked_at=None, locked_by=None, sha256=None, version=0)
    with pytest.raises(NotLockedError, match="2026-10 is not locked"):
        written(FileKind.CSV, [patient()], head=still, out=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    draft = written(FileKind.CSV, [patient()], head=still, asked=structs.replace(MADE, draft=True))
    assert draft.state == "DRAFT"
    assert draft.month_sha256 is None


def test_a_file_is_no_folder(written: Writing, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutError, match="is a file"):
        written(FileKind.CSV, [patient()], out=tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_a_sheet_that_is_full_is_told_and_nothing_is_left(
    written: Writing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.exports.sheet.ROWS_MOST", 31)
    ten = [patient(f"P-{number}") for number in range(10)]  # With three days each, and a header.
    written(FileKind.XLSX, ten, out=tmp_path / "fits")
    with pytest.raises(TooLargeError, match="export CSV"):
        written(FileKind.XLSX, [*ten, patient()], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
