"""Whether a large batch is taken for new, or looked up first: readings come again in bursts."""

from typing import Final

STEADY_ROWS: Final = 20_000
"""So many new readings in a row, and the burst is over: as many as a broker sends again at most
when a worker comes back (its window), and three batches under way."""


class Caution:
    """Of one process. A look costs PostgreSQL half a microsecond a reading; a COPY that is refused
    costs ten times that, and a line in its log that looks like a fault and is none.
    """

    def __init__(self) -> None:
        self._until_steady = STEADY_ROWS  # What was under way at the last end comes first.

    @property
    def looks_first(self) -> bool:
        return self._until_steady > 0

    def all_new(self, rows: int) -> None:
        self._until_steady = max(0, self._until_steady - rows)

    def seen_again(self) -> None:
        self._until_steady = STEADY_ROWS
