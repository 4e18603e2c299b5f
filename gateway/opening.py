"""Opening the outbox at start: check it, set a damaged file aside, carry over what can be read."""

import datetime as dt
import errno
import sqlite3
from pathlib import Path
from typing import Final

import structlog

from gateway import seq_floor
from gateway.ballast import Ballast
from gateway.errors import DiskFull, OutboxUnusable
from gateway.outbox_file import FILE, OutboxFile, connect, create_tables, is_full
from gateway.queries import SQL

THOROUGH_BELOW_BYTES: Final = 16 * 1024 * 1024
"""A full check reads every index too: a second on a Raspberry Pi up to here."""
SALVAGED: Final = ("sessions", "frames", "readings", "devices", "notes")
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_WHY: Final = "The outbox cannot be opened: the disk is full."
log = structlog.get_logger()


def open_outbox(directory: Path, *, ballast_bytes: int, now: dt.datetime) -> OutboxFile:
    """The outbox in `directory`, made if there is none.

    A file that fails its check is renamed to `outbox.sqlite3.damaged-<time>`, what can be read of
    it is carried over into a new one, and both are said in the log. Raises OutboxUnusable, and
    DiskFull where there is no room for what SQLite needs to open it: there may be some later.
    """
    try:
        return _opened(directory, ballast_bytes, now)
    except sqlite3.DatabaseError as error:
        if is_full(error, directory):
            raise DiskFull(_WHY) from error
        raise OutboxUnusable(f"The outbox cannot be opened: {error}.") from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(_WHY) from error
        raise


def _opened(directory: Path, ballast_bytes: int, now: dt.datetime) -> OutboxFile:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / FILE
    ballast = Ballast(directory, size=ballast_bytes)
    connection = _checked(path, ballast, now)
    try:
        path.chmod(0o600)
        create_tables(connection)
        file = OutboxFile(connection, ballast, directory)
        _clear_up(file)
    except BaseException:
        connection.close()
        raise
    return file


def _clear_up(file: OutboxFile) -> None:
    """What the process before has left: visits that were under way, a disk without ballast."""
    if not file.relieve():
        log.error("disk full", consequence="devices are not read until there is room")
    ((last,),) = file.rows("last_session")
    file.write_or_owe(lambda c: c.execute(SQL["end_sessions_before"], (last,)))


def _checked(path: Path, ballast: Ballast, now: dt.datetime) -> sqlite3.Connection:
    existed = path.exists()
    try:
        connection = _connect(path, ballast)
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
        return _fresh(path, str(error), now)
    try:
        complaint = _complaint(connection, path) if existed else ""
    except BaseException:
        connection.close()
        raise
    if not complaint:
        return connection
    connection.close()
    return _fresh(path, complaint, now)


def _connect(path: Path, ballast: Ballast) -> sqlite3.Connection:
    """Also on a full disk, where there is no room for SQLite's shared memory without ballast."""
    while True:
        try:
            return connect(path)
        except sqlite3.DatabaseError as error:
            if not is_full(error, path.parent) or not ballast.throw_off(drains=True):
                raise


def _complaint(connection: sqlite3.Connection, path: Path) -> str:
    """What is wrong with the file; empty when nothing is."""
    thorough = path.stat().st_size < THOROUGH_BELOW_BYTES
    check = "integrity_check" if thorough else "quick_check"
    try:
        (said,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if is_full(error, path.parent):
            raise  # A file that cannot be read for want of room is not damaged.
        return str(error)
    return "" if said == "ok" else str(said)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _fresh(path: Path, complaint: str, now: dt.datetime) -> sqlite3.Connection:
    aside = _set_aside(path, now)
    connection = connect(path)
    create_tables(connection)
    saved = _salvage(aside, connection)
    floor = seq_floor.read(path.parent)
    ((top,),) = connection.execute("SELECT coalesce(max(seq), 0) FROM readings").fetchall()
    if saved["counter"] == 0:
        connection.execute(SQL["set_last_seq"], (max(floor, top),))
    log.error(
        "outbox damaged, set aside", complaint=complaint, kept_as=aside.name, carried_over=saved
    )
    return connection


def _set_aside(path: Path, now: dt.datetime) -> Path:
    aside = path.with_name(f"{path.name}.damaged-{now.astimezone(dt.UTC):%Y%m%dT%H%M%S%f}")
    try:
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise OutboxUnusable(f"The damaged outbox cannot be set aside: {error}") from error
    return aside


def _salvage(aside: Path, into: sqlite3.Connection) -> dict[str, int]:
    """Row by row, because a damaged page ends a statement, not the rest of the file."""
    saved = dict.fromkeys((*SALVAGED, "counter"), 0)
    try:
        damaged = sqlite3.connect(f"file:{aside}?mode=rw", uri=True, isolation_level=None)
    except sqlite3.DatabaseError:
        return saved
    try:
        into.execute("BEGIN IMMEDIATE")
        for table in SALVAGED:
            saved[table] = _copy(damaged, into, table)
        saved["counter"] = _copy_counter(damaged, into)
        into.execute("COMMIT")
    finally:
        damaged.close()
    return saved


def _copy(damaged: sqlite3.Connection, into: sqlite3.Connection, table: str) -> int:
    """From the front, then from the back, up to where each way breaks off."""
    count = 0
    for order in ("ASC", "DESC"):
        try:
            rows = damaged.execute(f"SELECT * FROM {table} NOT INDEXED ORDER BY rowid {order}")  # noqa: S608 - names from the tuple above
            for row in rows:
                marks = ", ".join("?" * len(row))
                statement = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"  # noqa: S608 - as above
                count += into.execute(statement, row).rowcount
        except sqlite3.DatabaseError as error:
            log.warning("part of the damaged outbox is unreadable", table=table, error=str(error))
    return count


def _copy_counter(damaged: sqlite3.Connection, into: sqlite3.Connection) -> int:
    try:
        ((last,),) = damaged.execute(SQL["last_seq"]).fetchall()
        into.execute(SQL["set_last_seq"], (int(last),))
    except (sqlite3.DatabaseError, TypeError, ValueError):
        return 0
    return 1
