"""A folder that is whole or not there: written beside, then moved into place, its manifest last."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from billing.exports import manifest as manifests
from billing.exports.errors import OutError
from billing.exports.manifest import Manifest

PARTIAL: Final = ".hearthbeat-export-"
"""What an interrupted export may leave: hidden, and without a manifest."""

PRIVATE: Final = 0o600
"""Patients' data: for who asked for it."""


@contextmanager
def becoming(out: Path) -> Iterator[Path]:
    """A folder to write to, on the same disk. What is in it stands in `out` when the block ends,
    the manifest last; after a failure none of it does. Raises OutError.
    """
    work = _beside(out)
    try:
        yield work
        _move(work, out)
    except OSError as error:
        raise OutError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _beside(out: Path) -> Path:
    if out.exists() and not out.is_dir():
        raise OutError(f"{out} is a file: name a folder")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=PARTIAL, dir=out if out.is_dir() else out.parent))
    except OSError as error:
        raise OutError(f"{out} cannot be written: {error.strerror or error}") from error


def _move(work: Path, out: Path) -> None:
    """Files of an earlier export of the same kind are replaced; its manifest goes first, that of
    another kind is put aside under a name of its own.
    """
    _sync(work)
    if not out.exists():
        work.replace(out)
        return
    _put_aside(out, _manifest_of(work / manifests.NAME))
    for file in sorted(work.iterdir(), key=lambda each: each.name == manifests.NAME):
        file.replace(out / file.name)


def _put_aside(out: Path, made: Manifest | None) -> None:
    """No file of an earlier export of the same stays beside the new ones: it would look current."""
    earlier = out / manifests.NAME
    found = _manifest_of(earlier)
    if found is None or made is None:
        earlier.unlink(missing_ok=True)
        return
    if (found.kind, found.month) != (made.kind, made.month):
        earlier.replace(out / f"manifest-{found.month}-{found.kind}.json")
        return
    earlier.unlink()
    for file in found.files:
        (out / Path(file.name).name).unlink(missing_ok=True)


def _manifest_of(file: Path) -> Manifest | None:
    try:
        return manifests.read(file)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _sync(work: Path) -> None:
    for file in work.iterdir():
        file.chmod(PRIVATE)
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
