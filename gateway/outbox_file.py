"""The database file: how it is opened, written durably, relieved when the disk is full.

One connection, used by the event loop's thread only. Every call is short: a durable write is one
fsync, 0.1 ms here and 5 to 50 ms on an SD card, and nothing else in this process is in such a
hurry; a thread per write would cost more code than it saves and lose the order of frames. What may
be lost in a power cut without harm (receipts: the clinic repeats them) is written without fsync.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from gateway.ballast import Ballast
from gateway.errors import DiskFull, OutboxBroken, OutboxError
from gateway.queries import SCHEMA, SQL

FILE: Final = "outbox.sqlite3"
SCHEMA_VERSION: Final = 1
CHECKPOINT_PAGES: Final = 64
"""A small log: 2 MB of disk hold 2,516 readings this way, 151 with SQLite's 1,000 pages."""
CHECKPOINT_PAGES_ON_A_FULL_DISK: Final = 8
"""The log must stay well below the size of a ballast, or it takes all of its room."""
INCREMENTAL: Final = 2
"""What `PRAGMA auto_vacuum` says of a file that can give pages back to the disk."""
PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    "cache_size = -1024",
)
NO_ROOM_BYTES: Final = 64 * 1024
ROWS_ON_A_FULL_DISK: Final = 12
"""Each may touch a page of its own in the table and in three indexes: 48 of the 64."""

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
log = structlog.get_logger()


def connect(path: Path) -> sqlite3.Connection:
    """Open, or create, with the settings that make the promise hold.

    Nothing is written to a file that is there: there may be no room for a single page.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        ((vacuum,),) = connection.execute("PRAGMA auto_vacuum").fetchall()
        if vacuum != INCREMENTAL:  # Said to one that has it, it writes a page all the same.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def create_tables(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == SCHEMA_VERSION:
        return
    if version != 0:
        raise OutboxError(f"The outbox was written by a later version ({version}) of this program.")
    connection.executescript(
        f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
    )


class OutboxFile:
    """The open file and its ballast."""

    def __init__(self, connection: sqlite3.Connection, ballast: Ballast, directory: Path) -> None:
        self._connection = connection
        self._ballast = ballast
        self._directory = directory
        self._durable = True
        self._owed: list[Work[object]] = []

    @property
    def has_room(self) -> bool:
        """False: whoever could still hold back a reading (a device) should."""
        return self._ballast.aboard

    def rows(self, name: str, *arguments: object) -> list[Any]:
        """What the named query finds: tuples, as the statement selects them."""
        try:
            return self._connection.execute(SQL[name], arguments).fetchall()
        except sqlite3.DatabaseError as error:
            raise OutboxBroken(f"The outbox cannot be read: {error}") from error

    def write(self, work: Work[T], *, durable: bool = True, drains: bool = False) -> T:
        """Run `work` in one transaction; again without ballast, as far as it may, on a full disk.

        `drains`: it frees room, now or soon. Keep it small then: a transaction that touches more
        than CHECKPOINT_PAGES pages needs more room than there is. Raises DiskFull when nothing
        helped, OutboxBroken for everything else; nothing was written then.
        """
        while True:
            try:
                return self._transact(work, durable=durable)
            except sqlite3.DatabaseError as error:
                if not self._is_full(error):
                    raise OutboxBroken(f"The outbox cannot be written: {error}") from error
                if not self._ballast.throw_off(drains=drains):
                    raise DiskFull("The disk is full, and the ballast is gone.") from error
                log.warning("disk full, ballast thrown off", drains=drains)
                self._checkpoint_every(CHECKPOINT_PAGES_ON_A_FULL_DISK)

    def write_or_owe(self, work: Work[object]) -> None:
        """A small note that may come late and must not be left out: on a full disk it is made as
        soon as there is room. A process that ends before makes it at its next start.
        """
        try:
            self.write(work, durable=False, drains=True)
        except DiskFull:
            self._owed.append(work)

    def relieve(self) -> bool:
        """Put the ballast back; forget the oldest receipted readings until there is room for it."""
        return self._take_aboard() and self._pay()

    def _pay(self) -> bool:
        try:
            while self._owed:
                self.write(self._owed[0], durable=False, drains=True)
                del self._owed[0]
        except DiskFull:
            return False
        return True

    def _take_aboard(self) -> bool:
        while not self._ballast.take_aboard():
            try:
                gone = self.write(
                    lambda c: c.execute(SQL["forget_oldest"], (ROWS_ON_A_FULL_DISK,)).rowcount,
                    drains=True,
                )
                self.shrink(pages=ROWS_ON_A_FULL_DISK)
            except DiskFull:
                return False
            if not gone and not self._ballast.take_aboard():
                return False
        self._checkpoint_every(CHECKPOINT_PAGES)
        return True

    def shrink(self, *, pages: int) -> None:
        """Give up to so many freed pages, and the log, back to the disk."""
        try:
            self._connection.execute(f"PRAGMA incremental_vacuum({pages})").fetchall()
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.DatabaseError as error:
            if not self._is_full(error):
                raise OutboxBroken(f"The outbox cannot be shrunk: {error}") from error
            raise DiskFull("The disk is full.") from error

    def used_bytes(self) -> int:
        """Pages that hold something."""
        pages, free, size = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def close(self) -> None:
        self._connection.close()

    def _transact(self, work: Work[T], *, durable: bool) -> T:
        self._set_durable(durable)
        with _transaction(self._connection):
            return work(self._connection)

    def _checkpoint_every(self, pages: int) -> None:
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")

    def _set_durable(self, durable: bool) -> None:  # noqa: FBT001 - private, read at the call
        if durable != self._durable:
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    def _is_full(self, error: sqlite3.DatabaseError) -> bool:
        return is_full(error, self._directory)


def is_full(error: sqlite3.DatabaseError, directory: Path) -> bool:
    code = error.sqlite_errorcode
    if code == sqlite3.SQLITE_FULL:
        return True
    if code & 0xFF not in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        return False
    # Some failed writes (the shared memory file, a truncated log) are called by other names.
    return shutil.disk_usage(directory).free < NO_ROOM_BYTES


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
