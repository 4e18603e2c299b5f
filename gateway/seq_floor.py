"""A second memory of the outbox numbers, for the day on which the outbox file is damaged.

The numbers themselves are in the database. This small file says "all below N may have been given
out", and is moved ahead in steps before N is reached: so a hub that lost its database never gives a
number twice. The numbers that it skips then show at the clinic as a gap, which is the truth.
"""

import os
from pathlib import Path
from typing import Final

STEP: Final = 64
NAME: Final = "outbox.seq"


def read(directory: Path) -> int:
    """The floor; 0 where there is none."""
    try:
        text = (directory / NAME).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return 0
    return int(text) if text.isascii() and text.strip().isdigit() else 0


def reserve(directory: Path, *, upto: int) -> None:
    """Write the floor so that it survives a power cut."""
    path = directory / NAME
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="ascii") as file:
        file.write(str(upto))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
