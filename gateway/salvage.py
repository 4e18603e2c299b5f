"""A damaged outbox: what can be read of it goes into a new file, and only then they change places.

Whatever ends this half-way, a kill or a full disk, the next start finds the damaged file where it
was, or the new one complete beside it: `<name>.draft` is unfinished, `<name>.salvaged` is whole.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import structlog

from gateway import seq_floor
from gateway.ballast import Ballast
from gateway.errors import OutboxUnusable
from gateway.outbox_file import connect, create_tables, is_full
from gateway.queries import SQL

TABLES: Final = ("sessions", "frames", "readings", "devices", "notes")
UNFIT: Final = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_TOOBIG,
    }
)
"""What a row that is damaged itself may answer to being carried over."""
PARTS: Final = ("-wal", "-shm", "")
"""The file itself last: without its log it may look sound."""
log = structlog.get_logger()


def replaced(
    path: Path, ballast: Ballast, *, complaint: str, now: dt.datetime
) -> sqlite3.Connection:
    """The new file, open. Raises sqlite3.DatabaseError where the disk has no room for two: then
    nothing has changed.
    """
    draft = _beside(path, ".draft")
    while (saved := _tried(path, draft, ballast)) is None:
        continue
    draft.rename(_beside(path, ".salvaged"))
    aside = finish(path, now)
    log.error("outbox damaged, set aside", complaint=complaint, kept_as=aside, carried_over=saved)
    return connect(path)


def _tried(path: Path, draft: Path, ballast: Ballast) -> dict[str, int] | None:
    """None: there was no room, and there is some ballast less now."""
    _discard(draft)
    try:
        return _carry_over(path, draft)
    except sqlite3.DatabaseError as error:
        _discard(draft)
        if is_full(error, path.parent) and ballast.throw_off(drains=True):
            return None
        raise


def finish(path: Path, now: dt.datetime) -> str | None:
    """Set the damaged file aside, if a complete new one waits for its place; its name now."""
    salvaged = _beside(path, ".salvaged")
    if not salvaged.exists():
        return None
    aside = path.with_name(f"{path.name}.damaged-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S%f}")
    try:
        for suffix in PARTS:
            part = _beside(path, suffix)
            if part.exists():
                part.rename(_beside(aside, suffix))
        salvaged.rename(path)
    except OSError as error:
        raise OutboxUnusable(f"The damaged outbox cannot be set aside: {error}") from error
    return aside.name


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _discard(draft: Path) -> None:
    for suffix in PARTS:
        _beside(draft, suffix).unlink(missing_ok=True)


def _carry_over(path: Path, draft: Path) -> dict[str, int]:
    """How many rows of each table. Complete and in one file when it returns."""
    with closing(connect(draft)) as into:
        create_tables(into)
        into.execute("BEGIN IMMEDIATE")
        saved = _salvage(path, into)
        if saved["counter"] == 0:
            ((top,),) = into.execute("SELECT coalesce(max(seq), 0) FROM readings").fetchall()
            into.execute(SQL["set_last_seq"], (max(seq_floor.read(path.parent), top),))
        into.execute("COMMIT")
        into.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return saved


def _salvage(path: Path, into: sqlite3.Connection) -> dict[str, int]:
    """Row by row, because a damaged page ends a statement, not the rest of the file."""
    saved = dict.fromkeys((*TABLES, "counter"), 0)
    try:
        damaged = sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None)
    except sqlite3.DatabaseError:
        return saved
    with closing(damaged):
        for table in TABLES:
            saved[table] = _copy(damaged, into, table)
        saved["counter"] = _copy_counter(damaged, into)
    return saved


def _copy(damaged: sqlite3.Connection, into: sqlite3.Connection, table: str) -> int:
    """From the front, then from the back, up to where each way breaks off."""
    count = 0
    for order in ("ASC", "DESC"):
        for row in _readable(damaged, table, order):
            marks = ", ".join("?" * len(row))
            statement = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 - from TABLES
            try:
                count += into.execute(statement, row).rowcount
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in UNFIT:
                    raise
                log.warning("a row of the damaged outbox is none", table=table, error=str(error))
    return count


def _readable(damaged: sqlite3.Connection, table: str, order: str) -> Iterator[tuple[Any, ...]]:
    try:
        yield from damaged.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid {order}")  # noqa: S608 - from TABLES
    except sqlite3.DatabaseError as error:
        log.warning("part of the damaged outbox is unreadable", table=table, error=str(error))


def _copy_counter(damaged: sqlite3.Connection, into: sqlite3.Connection) -> int:
    try:
        ((last,),) = damaged.execute(SQL["last_seq"]).fetchall()
        number = int(last)
    except (sqlite3.DatabaseError, TypeError, ValueError):
        return 0
    into.execute(SQL["set_last_seq"], (number,))
    return 1
