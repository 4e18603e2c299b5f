"""A month into files: one pass over its patients, of whom none is kept."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Protocol

from billing.exports import manifest as manifests
from billing.exports.csv_files import CsvFiles
from billing.exports.errors import NotLockedError
from billing.exports.folder import becoming
from billing.exports.manifest import Asked, Claims, FileKind, FileOf, Manifest, Tally, manifest_of
from billing.exports.x12_file import X12File
from billing.exports.xlsx_file import XlsxFile
from billing.months.records import MonthHead, PatientMonth

PIECE_BYTES: Final = 1 << 20

Settling = Callable[[Manifest, Path], Awaitable[None]]


class Sink(Protocol):
    """Files of one kind, open until they are finished or abandoned."""

    rows: dict[str, int]
    """Of each file, when it is finished."""

    def patient(self, patient: PatientMonth) -> None: ...
    def finish(self) -> None: ...
    def abandon(self) -> None: ...


async def export(  # noqa: PLR0913 - what is written, whither, and how
    head: MonthHead,
    patients: AsyncIterable[PatientMonth] | Iterable[PatientMonth],
    kind: FileKind,
    out: Path,
    *,
    asked: Asked,
    on_progress: Callable[[int], None] = lambda _: None,
    settle: Settling | None = None,
    codes: frozenset[str] | None = None,
    add_ons: Mapping[str, frozenset[str]] | None = None,
) -> Manifest:
    """Into the folder `out`, which is whole afterwards or has nothing new. `on_progress` is told
    how many patients are written; `settle` comes when all is written and nothing is in its place:
    what it raises leaves nothing there. `codes` are those that claims may hold, `add_ons` with what
    which of them go; None: the shipped rules'. Raises NotLockedError, TooLargeError, OutError.
    """
    if head.locked_at is None and not asked.draft:
        raise NotLockedError(
            f"{head.month} is not locked: what it says may still change. Lock it, or ask for a"
            " draft"
        )
    with becoming(out) as work:
        tally = Tally()
        sink = _sink(kind, work, head, asked, codes, add_ons)
        try:
            async for patient in _each(patients):
                sink.patient(patient)
                tally.add(patient)
                on_progress(tally.patients)
            manifest = await asyncio.to_thread(_finished, sink, work, head, kind, tally, asked)
        except BaseException:
            sink.abandon()
            raise
        if settle is not None:
            await settle(manifest, work)
    return manifest


def _sink(
    kind: FileKind,
    work: Path,
    head: MonthHead,
    asked: Asked,
    codes: frozenset[str] | None,
    add_ons: Mapping[str, frozenset[str]] | None,
) -> Sink:
    match kind:
        case FileKind.CSV:
            return CsvFiles(work, head, asked)
        case FileKind.XLSX:
            return XlsxFile(work, head, asked)
        case FileKind.X12:
            return X12File(work, head, asked, codes, add_ons)


def _finished(
    sink: Sink, work: Path, head: MonthHead, kind: FileKind, tally: Tally, asked: Asked
) -> Manifest:
    """In a thread: compressing a workbook takes seconds."""

    def made(files: Iterable[FileOf], claims: Claims | None = None) -> Manifest:
        return manifest_of(head, kind, tally, asked=asked, files=files, claims=claims)

    if isinstance(sink, XlsxFile):
        sink.summarise(made(()))
    sink.finish()
    files = [_described(work / name, rows) for name, rows in sorted(sink.rows.items())]
    manifest = made(files, sink.claims if isinstance(sink, X12File) else None)
    (work / manifests.NAME).write_bytes(manifests.encoded(manifest))
    return manifest


def _described(file: Path, rows: int) -> FileOf:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
    return FileOf(name=file.name, rows=rows, bytes=file.stat().st_size, sha256=digest.hexdigest())


async def _each(
    patients: AsyncIterable[PatientMonth] | Iterable[PatientMonth],
) -> AsyncIterator[PatientMonth]:
    """Others have a turn after each patient."""
    if isinstance(patients, AsyncIterable):
        async for patient in patients:
            yield patient
            await asyncio.sleep(0)
        return
    for patient in patients:
        yield patient
        await asyncio.sleep(0)
