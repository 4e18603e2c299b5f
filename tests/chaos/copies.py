"""How often COPY carried a batch, and what cut it off: noted from around it, not by the product.

One line per event: worker, number, letter, rows. `B` the COPY begins, `E` PostgreSQL has all of it
(the commit follows), `U` refused because a row is known already, `X` cut off with its connection.
A `B` that nothing follows was cut off by the death of its worker.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import asyncpg

from store import commit_batch

NAME: Final = "copies"
DIE: Final = "die-while-copying"
"""While a file of this name lies there, workers die in the middle of some of their COPYs."""
DIES: Final = 0.05
DIES_WHEN_LARGE: Final = 0.5
"""How often."""
FIRST_S: Final = 0.003
A_ROW_S: Final = 20e-6
"""What a COPY takes, about: it dies within that."""
LARGE: Final = 500
"""Rows: what production asks of a batch before it is copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What became of them."""

    begun: int = 0
    large: int = 0
    """Of LARGE rows or more."""
    largest: int = 0
    refused: int = 0
    cut_off: int = 0
    """By the death of the worker or of the database, in the middle."""


def observe(notes: Path, *, worker: int, from_rows: int) -> None:
    """In this process, from now on; COPY carries batches of `from_rows` and more."""
    file = os.open(notes / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    numbers, dice = count(), random.Random()
    replaced: Any = commit_batch
    real_packed, real_copy = replaced.packed, replaced.copy
    sizes: dict[int, int] = {}

    def packed(rows: Sequence[Any], *arguments: Any) -> Any:
        parcel = real_packed(rows, *arguments)
        sizes[id(parcel)] = len(rows)
        return parcel

    async def copy(conn: Any, parcel: Any) -> None:
        which = f"{worker} {os.getpid()}-{next(numbers)}"
        rows = sizes.pop(id(parcel))

        def note(letter: str) -> None:
            os.write(file, f"{which} {letter} {rows}\n".encode())

        note("B")
        if (notes / DIE).exists() and dice.random() < (DIES_WHEN_LARGE if rows >= LARGE else DIES):
            in_s = dice.uniform(0, FIRST_S + rows * A_ROW_S)
            asyncio.get_running_loop().call_later(in_s, os.kill, os.getpid(), signal.SIGKILL)
        try:
            await real_copy(conn, parcel)
        except asyncpg.UniqueViolationError:
            note("U")
            raise
        except BaseException:
            note("X")
            raise
        note("E")

    replaced.packed, replaced.copy, replaced.COPY_FROM_ROWS = packed, copy, from_rows


def read(notes: Path) -> Copies:
    """All that happened so far."""
    begun: dict[str, int] = {}
    ends: Counter[str] = Counter()
    for _, which, letter, rows in _lines(notes):
        if letter == "B":
            begun[which] = int(rows)
        else:
            ends[letter] += 1
    return Copies(
        begun=len(begun),
        large=sum(rows >= LARGE for rows in begun.values()),
        largest=max(begun.values(), default=0),
        refused=ends["U"],
        cut_off=len(begun) - ends["E"] - ends["U"],
    )


def _lines(notes: Path) -> list[list[str]]:
    path = notes / NAME
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []
