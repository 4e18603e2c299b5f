"""Opening the outbox at start: check it, and have a damaged file replaced by what can be read."""

import datetime as dt
import errno
import sqlite3
from pathlib import Path
from typing import Final

import structlog

from gateway import salvage
from gateway.ballast import Ballast
from gateway.errors import DiskFull, OutboxUnusable
from gateway.outbox_file import FILE, OutboxFile, connect, create_tables, is_full
from gateway.queries import SQL

THOROUGH_BELOW_BYTES: Final = 16 * 1024 * 1024
"""A full check reads every index too: a second on a Raspberry Pi up to here."""
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
    salvage.finish(path, now)
    existed = path.exists()
    try:
        connection = _connect(path, ballast)
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
        return salvage.replaced(path, ballast, complaint=str(error), now=now)
    try:
        complaint = _complaint(connection, path) if existed else ""
    except BaseException:
        connection.close()
        raise
    if not complaint:
        return connection
    connection.close()
    return salvage.replaced(path, ballast, complaint=complaint, now=now)


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
