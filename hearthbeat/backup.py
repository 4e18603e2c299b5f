"""Backup and restore of our own tables, the same for every engine and version of PostgreSQL.

COPY of each table inside one snapshot, not pg_dump: a dump of native partitions cannot go into a
hypertable, nor one of PostgreSQL 18 into 15, and moving between them is what it is needed for.
"""

import datetime as dt
import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from hearthbeat import backup_file
from hearthbeat.backup_file import Manifest, TablePart
from hearthbeat.errors import BackupError
from hearthbeat.version import VERSION
from store.engine import open_engine
from store.pool import Connection, connect
from store.queries import load
from store.schema import UNCLAIMED, metadata, organisations

LEFT_OUT: Final = frozenset(
    {"sessions", "half_sessions", "oidc_attempts", "sign_in_failures", "sign_in_places"}
)
"""Who was signed in, or tried, is no data: after a restore everybody signs in again."""
QUERIES: Final = load("hearthbeat", "backup.sql")
COPY_TIMEOUT_S: Final = 24 * 3600.0

Progress = Callable[[str, int], None]
"""Takes a table's name and how many rows it has."""


def tables() -> list[sa.Table]:
    """What is backed up, in the order in which foreign keys can be met."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


async def backup(url: str, file: Path, *, now: dt.datetime, progress: Progress) -> Manifest:
    """Write everything as it is at one instant; raises BackupError."""
    migration = await revision(url)
    if migration is None:
        raise BackupError("there is nothing to back up: the database has no tables of ours")
    conn = await connect(url, application_name="hearthbeat backup")
    try:
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            with backup_file.writing(file) as archive:
                parts = []
                for table in tables():
                    with tempfile.TemporaryFile() as packed:
                        part = await _copied(conn, table, packed)
                        backup_file.add(archive, part.member, packed)
                    parts.append(part)
                    progress(part.name, part.rows)
                manifest = Manifest(
                    version=backup_file.VERSION,
                    made_at=now,
                    program=VERSION,
                    migration=migration,
                    tables=parts,
                )
                backup_file.add_manifest(archive, manifest)
    finally:
        await conn.close()
    return manifest


async def restore(url: str, file: Path, *, progress: Progress) -> Manifest:
    """Fill an empty, migrated database in one transaction; raises BackupError."""
    known = {table.name: table for table in tables()}
    with backup_file.reading(file) as (archive, manifest):
        conn = await connect(url, application_name="hearthbeat restore")
        try:
            async with conn.transaction():
                await _require_empty(conn)
                await conn.execute(QUERIES["make_room"], UNCLAIMED)
                for part in manifest.tables:
                    _require_known(known, part, manifest)
                    with gzip.open(backup_file.member(archive, part, file)) as rows:
                        told = await conn.copy_to_table(
                            part.name,
                            source=cast("BinaryIO", rows),
                            columns=part.columns,
                            timeout=COPY_TIMEOUT_S,
                        )
                    _require_rows(part, told)
                    progress(part.name, part.rows)
                await conn.execute(QUERIES["numbers_go_on"])
        finally:
            await conn.close()
    return manifest


async def revision(url: str) -> str | None:
    """The migration that the database is at."""
    async with open_engine(url) as engine, engine.connect() as conn:
        return await conn.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )


async def _copied(conn: Connection, table: sa.Table, packed: IO[bytes]) -> TablePart:
    query = str(sa.select(table))
    with tempfile.TemporaryFile() as plain:
        told = await conn.copy_from_query(query, output=plain, timeout=COPY_TIMEOUT_S)
        plain.seek(0)
        digest = backup_file.compressed(plain, packed)
    return TablePart(
        name=str(table.name),
        columns=[str(column.name) for column in table.columns],
        rows=_rows(told),
        sha256=digest,
    )


async def _require_empty(conn: Connection) -> None:
    for table in tables():
        rows = sa.select(table.c[0])
        if table is organisations:
            rows = rows.where(table.c.id != sa.literal_column(f"'{UNCLAIMED}'"))
        if await conn.fetchval(str(sa.select(rows.exists()))):
            raise BackupError(f"the database is not empty: there are rows in {table.name}")


def _require_known(known: dict[str, sa.Table], part: TablePart, manifest: Manifest) -> None:
    table = known.get(part.name)
    if table is None or not set(part.columns) <= {column.name for column in table.columns}:
        raise BackupError(
            f"the backup was made by version {manifest.program} (migration {manifest.migration}), "
            f"whose table {part.name} this version does not know: restore with that version"
        )


def _require_rows(part: TablePart, told: str) -> None:
    if _rows(told) != part.rows:
        raise BackupError(f"{part.name}: {part.rows} rows are in the backup, {told} came out")


def _rows(told: str) -> int:
    """From the server's `COPY 123`."""
    return int(told.rpartition(" ")[2])
