"""Where one system on one machine keeps everything: found, made private, locked."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hearthbeat.embedded.account import private_directory, refuse_anothers
from hearthbeat.errors import DataDirectoryError

READY_FILE: Final = "ready.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDirectory:
    """Its parts. `postgres` and `broker` may belong to an unprivileged account."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def broker(self) -> Path:
        return self.path / "broker"

    @property
    def homes(self) -> Path:
        return self.path / "homes"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """Settings for the processes, and the ready file: written anew at each start."""
        return self.path / "run"

    @property
    def ready_file(self) -> Path:
        return self.run / READY_FILE

    @property
    def secret_key(self) -> Path:
        """What seals second factors in the embedded database. In no backup: keep a copy."""
        return self.path / "secret-key"

    @property
    def signins(self) -> Path:
        return self.path / "signins.json"


@contextmanager
def opened(path: Path) -> Iterator[DataDirectory]:
    """Make the directory and what lies in it, and hold it: one system at a time.

    Raises DataDirectoryError. A directory that exists keeps its mode; what is in it is private.
    """
    directory = DataDirectory(path=path.expanduser().absolute())
    try:
        directory.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_anothers(directory.path)
        # Not through a link: the directory may have been made by somebody else.
        lock = os.open(directory.path / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise DataDirectoryError(
            f"{directory.path} cannot be used: {error.strerror}; choose another with --data"
        ) from error
    try:
        _take(lock, directory.path)
        for part in (directory.homes, directory.logs, directory.run):
            private_directory(part, None)
        yield directory
    finally:
        os.close(lock)


def in_use(path: Path) -> bool:
    """Whether a system holds this directory now; raises DataDirectoryError where none may look."""
    try:
        lock = os.open(path / "lock", os.O_RDONLY)
    except PermissionError as error:
        raise DataDirectoryError(
            f"{path} may not be read by this user: run this as the user who runs that `up`"
        ) from error
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def _take(lock: int, path: Path) -> None:
    try:
        # The kernel gives it back when we end, however we end. Children do not inherit it.
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise DataDirectoryError(
            f"{path} is in use by another `hearthbeat up`: stop that, or choose another with --data"
        ) from error
