"""What a gateway's made-up devices showed it: written beside the outbox, never by the product.

One line per event: `I n` before frame n is handed to the hub, `D n` after the hub has said that
it is on the disk, `R n` when the hub said that it could not keep it; `H 0` when no frame will
follow any more.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HUSHED: Final = "H"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All that happened to one gateway's frames, over all its lives."""

    offered: frozenset[int]
    kept: frozenset[int]
    refused: frozenset[int]
    hushed: bool
    """The feeding has ended: before this is so, an empty outbox means nothing."""

    @property
    def uncertain(self) -> frozenset[int]:
        """The hub was killed between the two lines: kept or not, both are right."""
        return self.offered - self.kept - self.refused


class Ledger:
    """Appends without buffering: what was written survives a kill -9 of the writer."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def note(self, letter: str, number: int) -> None:
        os.write(self._file, f"{letter} {number}\n".encode())


def read(path: Path) -> Story:
    """The story so far; an empty one before the first line."""
    events: dict[str, set[int]] = {"I": set(), "D": set(), "R": set(), HUSHED: set()}
    if path.exists():
        for line in path.read_text().splitlines():
            letter, _, number = line.partition(" ")
            events[letter].add(int(number))
    return Story(
        offered=frozenset(events["I"]),
        kept=frozenset(events["D"]),
        refused=frozenset(events["R"]),
        hushed=bool(events[HUSHED]),
    )
