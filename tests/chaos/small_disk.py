"""A disk that can be filled: a small tmpfs as root, else a stand-in that is named as one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SIZE_MB: Final = 3
FILLER: Final = "filler"
BLOCK: Final = 4096


def available() -> bool:
    """Whether a file system of our own can be mounted here."""
    return os.geteuid() == 0 and Path("/proc/filesystems").read_text().find("tmpfs") >= 0


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """A file system of SIZE_MB at `folder`, taken away at the end."""
    folder.mkdir()
    options = f"size={SIZE_MB}m,mode=700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> int:
    """Write until nothing more fits, beside what was filled before; how many bytes that were."""
    written = 0
    with (folder / FILLER).open("ab", buffering=0) as file:
        try:
            while True:
                written += file.write(bytes(BLOCK))
        except OSError:
            return written


def empty(folder: Path) -> None:
    (folder / FILLER).unlink(missing_ok=True)
