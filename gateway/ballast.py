"""A file that is only there to be thrown off when the disk is full.

On a full disk SQLite can not even delete rows, in any journal mode: it must write first. With the
ballast gone there is room for what matters: one more frame, a receipt, a clean-up.
"""

import os
from pathlib import Path

NAME = "ballast"


class Ballast:
    """Holds the file of `size` bytes in `directory`."""

    def __init__(self, directory: Path, *, size: int) -> None:
        self._path = directory / NAME
        self._size = size

    @property
    def aboard(self) -> bool:
        try:
            return self._path.stat().st_size >= self._size
        except FileNotFoundError:
            return False

    def throw_off(self) -> bool:
        """Free its room. False where there was none to free."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True

    def take_aboard(self) -> bool:
        """Put it back. False where the disk has no room for it.

        Random bytes, because a file system that compresses would store zeros in no room at all.
        """
        if self.aboard:
            return True
        try:
            with self._path.open("wb") as file:
                file.write(os.urandom(self._size))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True
