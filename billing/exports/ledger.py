"""Which exports there were: begun, how far, what came of them; and the files, in pieces."""

import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct

from billing.exports.claims import Which
from billing.exports.manifest import FileKind, Manifest
from care.errors import NotFoundError
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "exports.sql")
PART_BYTES: Final = 1 << 20
LISTED_MOST: Final = 200
ABANDONED: Final = dt.timedelta(minutes=15)
"""What is not done by then never will be, though a connection of whoever did it seems to be there:
a machine that is gone leaves one behind for a while.
"""
GONE: Final = "the process that made it has stopped: make it again"


class Wanted(Struct, frozen=True, kw_only=True):
    """An export that somebody asks for."""

    month: str
    kind: FileKind
    purpose: str
    who: str
    requested_by: UUID | None = None
    """None: the command line."""
    draft: bool | None = None
    """None: where the month is open."""
    which: Which = Which.NEW
    """Of claims: see `Which`."""
    mark_exported: bool | None = None
    """Whether its lines are taken as sent from now on. None: those of an 837P are."""
    byte_order_mark: bool = False


class Exported(Struct, frozen=True, kw_only=True):
    """One export, as it is listed."""

    id: UUID
    month: str
    version: int
    kind: FileKind
    purpose: str
    requested_by: UUID | None
    requested_by_name: str
    requested_at: dt.datetime
    finished_at: dt.datetime | None
    state: str
    """running, done or failed."""
    progress: int
    """Patients written so far."""
    rows: int | None
    bytes: int | None
    sha256: str | None
    """Of the file that is handed out."""
    file: str | None
    control_number: int | None
    manifest: Manifest | None
    error: str | None


class Filed(Struct, frozen=True, kw_only=True):
    """The one file that is handed out."""

    name: str
    bytes: int
    sha256: str


Packing = Callable[[UUID, Path, Manifest], Awaitable[Filed]]
"""Makes one file of those in a folder, and stores it."""


async def begin(
    conn: Connection, organisation_id: UUID, wanted: Wanted, *, version: int, now: dt.datetime
) -> tuple[UUID, int | None]:
    """Its id, and the number of its interchange, which nobody else gets. It is in hand for as long
    as this connection is there, or until `making` ends.
    """
    async with conn.transaction():
        number: int | None = None
        if wanted.kind is FileKind.X12:
            await conn.execute(QUERIES["control lock"], str(organisation_id))
            number = await conn.fetchval(QUERIES["next control number"], organisation_id)
        filters = msgspec.json.encode(_filters(wanted)).decode()
        made: UUID = await conn.fetchval(
            QUERIES["begin"], organisation_id, wanted.month, version, wanted.kind, wanted.purpose,
            filters, wanted.requested_by, now, number,
        )  # fmt: skip
        await conn.execute(QUERIES["making"], str(made))
    return made, number


@asynccontextmanager
async def making(
    conn: Connection, organisation_id: UUID, wanted: Wanted, *, version: int, now: dt.datetime
) -> AsyncIterator[tuple[UUID, int | None]]:
    """As `begin`; what came of it is to be written down inside."""
    export_id, number = await begin(conn, organisation_id, wanted, version=version, now=now)
    try:
        yield export_id, number
    finally:
        # A connection that is closed holds nothing.
        if not conn.is_closed():
            await conn.execute(QUERIES["made"], str(export_id))


async def end_abandoned(conn: Connection, *, now: dt.datetime) -> int:
    """Of every organisation: what was being written when its process was stopped is told as failed.
    How many there were.
    """
    return len(await conn.fetch(QUERIES["abandoned"], now, GONE))


async def note_progress(
    conn: Connection, organisation_id: UUID, export_id: UUID, patients: int
) -> None:
    """Over another connection than the one that writes it, while it is written."""
    await conn.execute(QUERIES["progress"], organisation_id, export_id, patients)


async def store(conn: Connection, organisation_id: UUID, export_id: UUID, file: Path) -> Filed:
    """The file in pieces, so that none of them is large."""
    digest, size, number = hashlib.sha256(), 0, 0
    with file.open("rb") as stream:
        while piece := stream.read(PART_BYTES):
            await conn.execute(QUERIES["part"], organisation_id, export_id, number, piece)
            digest.update(piece)
            size, number = size + len(piece), number + 1
    return Filed(name=file.name, bytes=size, sha256=digest.hexdigest())


async def finish(
    conn: Connection,
    organisation_id: UUID,
    export_id: UUID,
    manifest: Manifest,
    *,
    filed: Filed | None,
    now: dt.datetime,
) -> None:
    """`filed` is None where the files lie in a folder of whoever called the command. Where nothing
    is claimed there is no interchange, and its number is free again.
    """
    claims = manifest.claims
    await conn.execute(
        QUERIES["finish"], organisation_id, export_id, now, manifest.patients,
        sum(manifest.rows.values()),
        sum(file.bytes for file in manifest.files) if filed is None else filed.bytes,
        _digest(manifest) if filed is None else filed.sha256,
        None if filed is None else filed.name, msgspec.json.encode(manifest).decode(),
        claims is not None and claims.control_number is not None,
    )  # fmt: skip


async def fail(
    conn: Connection, organisation_id: UUID, export_id: UUID, why: str, *, now: dt.datetime
) -> None:
    await conn.execute(QUERIES["fail"], organisation_id, export_id, now, why)


async def exports_of(
    conn: Connection, organisation_id: UUID, month: str, *, now: dt.datetime
) -> list[Exported]:
    """The latest first."""
    rows = await conn.fetch(QUERIES["list"], organisation_id, month, None, LISTED_MOST)
    return [_exported(row, now) for row in rows]


async def find_export(
    conn: Connection, organisation_id: UUID, month: str, export_id: UUID, *, now: dt.datetime
) -> Exported:
    """Raises NotFoundError."""
    row = await conn.fetchrow(QUERIES["list"], organisation_id, month, export_id, 1)
    if row is None:
        raise NotFoundError("export", "there is no such export of this month")
    return _exported(row, now)


async def piece_of(
    conn: Connection, organisation_id: UUID, export_id: UUID, number: int
) -> bytes | None:
    """Of the file; None after the last one."""
    body: bytes | None = await conn.fetchval(
        QUERIES["read part"], organisation_id, export_id, number
    )
    return body


async def patients_in(conn: Connection, organisation_id: UUID, month: str) -> list[UUID]:
    rows = await conn.fetch(QUERIES["whose"], organisation_id, month)
    return [row["patient_id"] for row in rows]


def _filters(wanted: Wanted) -> dict[str, Any]:
    return {
        "draft": wanted.draft,
        "mark_exported": wanted.mark_exported,
        "which": wanted.which,
    }


def _digest(manifest: Manifest) -> str:
    """Over the files' own, for a folder has none."""
    named = "".join(f"{file.name}:{file.sha256}\n" for file in manifest.files)
    return hashlib.sha256(named.encode()).hexdigest()


def _exported(row: Record, now: dt.datetime) -> Exported:
    gone = row["state"] == "running" and (
        not row["in_hand"] or now - row["requested_at"] > ABANDONED
    )
    manifest = row["manifest"]
    return Exported(
        id=row["id"],
        month=row["month"],
        version=row["version"],
        kind=FileKind(row["kind"]),
        purpose=row["purpose"],
        requested_by=row["requested_by"],
        requested_by_name=row["requested_by_name"] or "command line",
        requested_at=row["requested_at"],
        finished_at=row["finished_at"],
        state="failed" if gone else row["state"],
        progress=row["written"],
        rows=row["rows"],
        bytes=row["bytes"],
        sha256=row["sha256"],
        file=row["file"],
        control_number=row["control_number"],
        manifest=None if manifest is None else msgspec.json.decode(manifest, type=Manifest),
        error=GONE if gone else row["error"],
    )
