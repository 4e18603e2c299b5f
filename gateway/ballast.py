"""Two files that are only there to be thrown off when the disk is full.

On a full disk SQLite can not even delete rows, in any journal mode: it must write first. The first
file makes room for frames that are already on their way from a device; the second only for what
frees room: receipts and cleaning up. So a hub that took in too much can always give it away.
"""

import os
from pathlib import Path
from typing import Final

FOR_FRAMES: Final = "ballast-1"
FOR_DRAINING: Final = "ballast-2"


class Ballast:
    """Holds the files, of `size` bytes each, in `directory`."""

    def __init__(self, directory: Path, *, size: int) -> None:
        self._frames = directory / FOR_FRAMES
        self._draining = directory / FOR_DRAINING
        self._size = size

    @property
    def aboard(self) -> bool:
        """Both of them."""
        return all(self._holds(path) for path in (self._frames, self._draining))

    def throw_off(self, *, drains: bool) -> bool:
        """Free the room of the next file that this purpose may have. False: there is none left."""
        allowed = (self._frames, self._draining) if drains else (self._frames,)
        for path in allowed:
            if path.exists():
                path.unlink()
                return True
        return False

    def take_aboard(self) -> bool:
        """Put them back, the one for draining first. False where the disk has no room for both."""
        return all(self._put(path) for path in (self._draining, self._frames))

    def _holds(self, path: Path) -> bool:
        try:
            return path.stat().st_size >= self._size
        except FileNotFoundError:
            return False

    def _put(self, path: Path) -> bool:
        """Random bytes: a file system that compresses would store zeros in no room at all."""
        if self._holds(path):
            return True
        try:
            with path.open("wb", buffering=0) as file:
                written = file.write(os.urandom(self._size))
                os.fsync(file.fileno())
        except OSError:
            written = 0
        if written < self._size:
            path.unlink(missing_ok=True)
        return written == self._size
