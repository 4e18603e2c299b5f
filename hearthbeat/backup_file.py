"""A backup on disk: a tar of compressed tables, and a manifest of what must be there.

It holds patient data: it is written for its owner only, and belongs on an encrypted disk.
"""

import datetime as dt
import gzip
import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec

from hearthbeat.errors import BackupError

VERSION: Final = 1
MANIFEST: Final = "manifest.json"
LEVEL: Final = 6


class TablePart(msgspec.Struct, frozen=True, kw_only=True):
    """One table in the backup."""

    name: str
    columns: list[str]
    rows: int
    sha256: str
    """Of the compressed member."""

    @property
    def member(self) -> str:
        return f"{self.name}.copy.gz"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    version: int
    made_at: dt.datetime
    program: str
    migration: str
    """The schema's revision when it was made."""
    tables: list[TablePart]
    """In the order in which they can be filled."""


@contextmanager
def writing(file: Path) -> Iterator[tarfile.TarFile]:
    """A new archive that takes the name `file` only when it is whole and on the disk."""
    if file.exists():
        raise BackupError(f"{file} exists already; a backup does not overwrite another")
    partial = file.with_name(f".{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as stream:
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
                yield archive
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


def compressed(raw: IO[bytes], into: IO[bytes]) -> str:
    """Compress a stream; the digest of what came out."""
    with gzip.GzipFile(fileobj=into, mode="wb", compresslevel=LEVEL, mtime=0, filename="") as out:
        shutil.copyfileobj(raw, out)
    into.seek(0)
    return _digest(into)


def add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    """Add a member from a stream that can be rewound."""
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, content)


def add_manifest(archive: tarfile.TarFile, manifest: Manifest) -> None:
    """The last member: an archive without it is a torn one."""
    add(archive, MANIFEST, io.BytesIO(msgspec.json.format(msgspec.json.encode(manifest))))


@contextmanager
def reading(file: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """An archive whose every member has been checked against the manifest; raises BackupError."""
    try:
        with tarfile.open(file, mode="r:") as archive:
            manifest = _manifest(archive, file)
            for part in manifest.tables:
                if _digest(member(archive, part, file)) != part.sha256:
                    raise BackupError(f"{file}: {part.name} is damaged: its digest is another")
            yield archive, manifest
    except (OSError, tarfile.TarError) as error:
        raise BackupError(f"{file} is no backup that can be read: {error}") from error


def member(archive: tarfile.TarFile, part: TablePart, file: Path) -> IO[bytes]:
    """The compressed rows of one table."""
    try:
        found = archive.extractfile(part.member)
    except KeyError:
        found = None
    if found is None:
        raise BackupError(f"{file}: {part.name} is missing")
    return found


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


def _manifest(archive: tarfile.TarFile, file: Path) -> Manifest:
    try:
        stream = archive.extractfile(MANIFEST)
        manifest = msgspec.json.decode(stream.read() if stream else b"", type=Manifest)
    except (KeyError, msgspec.DecodeError) as error:
        raise BackupError(f"{file} is no whole backup: its manifest is missing or torn") from error
    if manifest.version != VERSION:
        raise BackupError(f"{file} has version {manifest.version}; this program reads {VERSION}")
    return manifest
