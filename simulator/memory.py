"""A device's memory: numbered records, and what of each a gateway has yet to get."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

NUMBER_MAX: Final = 0xFFFF
"""Record numbers are 16 bits wide, and start again at 0."""

Frames = tuple[tuple[str, bytes], ...]
"""Short UUID of a characteristic and what is sent from it, in the order of sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One act of measuring: a weight and its body composition are two frames of one record."""

    number: int
    frames: Frames


class Memory:
    """Holds so many records, oldest first; a new one pushes out the oldest when it is full."""

    def __init__(self, *, capacity: int, first_number: int = 1) -> None:
        self._capacity = capacity
        self._next = first_number
        self._records: dict[int, Record] = {}
        self._waiting: dict[int, list[tuple[str, bytes]]] = {}
        self.overwritten = 0
        """Records that were lost because nobody came to collect them."""

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(tuple(self._records.values()))

    @property
    def next_number(self) -> int:
        return self._next

    @property
    def has_news(self) -> bool:
        """Whether anything has never been delivered."""
        return bool(self._waiting)

    def add(self, frames: Frames, *, number: int | None = None) -> Record:
        """Store a record under its own number, the next one if not given."""
        record = Record(number=self._next if number is None else number, frames=frames)
        self._next = (record.number + 1) & NUMBER_MAX
        self._records.pop(record.number, None)
        while len(self._records) >= self._capacity:
            oldest = next(iter(self._records))
            self.overwritten += oldest in self._waiting
            self.forget(oldest)
        self._records[record.number] = record
        self._waiting[record.number] = list(frames)
        return record

    def waiting(self) -> Iterator[tuple[int, str, bytes]]:
        """Number, characteristic and frame of all that is still to be delivered, oldest first."""
        for number, frames in tuple(self._waiting.items()):
            for uuid, frame in tuple(frames):
                yield number, uuid, frame

    def delivered(self, number: int, uuid: str) -> bool:
        """Note that a frame has arrived; True where that was the last one of its record."""
        frames = self._waiting.get(number)
        if frames is None:
            return False
        first = next((row for row in frames if row[0] == uuid), None)
        if first is not None:
            frames.remove(first)
        if not frames:
            del self._waiting[number]
        return not frames

    def all_delivered(self) -> None:
        """Nothing is waiting any more, whatever of it was asked for."""
        self._waiting.clear()

    def offer_again(self) -> None:
        """Everything is to be delivered once more."""
        self._waiting = {number: list(record.frames) for number, record in self._records.items()}

    def forget(self, number: int) -> None:
        self._records.pop(number, None)
        self._waiting.pop(number, None)
