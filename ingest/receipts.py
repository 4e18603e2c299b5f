"""The answers to gateways: what became of each reading. Made only after the commit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

import msgspec

from wire import topics
from wire.messages import Receipts, Refusal

MOST_IDS: Final = 1000
"""Answers in one message: about 40 bytes each, so it stays far below what brokers take."""

Fate = tuple[UUID, str | None]
"""A reading and why it was held back or refused; None where there is nothing to say."""

# The codec's own encoder reads back what it wrote; these are our ids and words, and many.
_encode: Final = msgspec.json.Encoder().encode


class Receipting:
    """Collects the fates of one batch's readings by gateway."""

    def __init__(self) -> None:
        self._committed: defaultdict[str, list[UUID]] = defaultdict(list)
        self._quarantined: defaultdict[str, list[Fate]] = defaultdict(list)
        self._rejected: defaultdict[str, list[Fate]] = defaultdict(list)

    def stored(self, gateway: str, reading: UUID, reason: str | None) -> None:
        """A row is in the table, of now or of earlier; `reason` where it is quarantined."""
        if reason is None:
            self._committed[gateway].append(reading)
        else:
            self._quarantined[gateway].append((reading, reason))

    def rejected(self, gateway: str, reading: UUID, reason: str) -> None:
        """No row is in the table, and sending it again would not help."""
        self._rejected[gateway].append((reading, reason))

    def messages(self) -> Iterator[tuple[str, Receipts]]:
        """Gateway and message, several where one would grow too large."""
        for gateway, ids in self._committed.items():
            held, refused = self._quarantined.pop(gateway, ()), self._rejected.pop(gateway, ())
            yield from _messages(gateway, ids, held, refused)
        for gateway, held in self._quarantined.items():
            yield from _messages(gateway, (), held, self._rejected.pop(gateway, ()))
        for gateway, refused in self._rejected.items():
            yield from _messages(gateway, (), (), refused)

    def payloads(self) -> Iterator[tuple[str, bytes]]:
        """Topic and payload, ready to publish."""
        for gateway, message in self.messages():
            yield topics.receipts(gateway), _encode(message)


def _messages(
    gateway: str, committed: Iterable[UUID], held: Iterable[Fate], refused: Iterable[Fate]
) -> Iterator[tuple[str, Receipts]]:
    ids = list(committed)
    quarantined = [Refusal(id=reading, reason=str(reason)) for reading, reason in held]
    rejected = [Refusal(id=reading, reason=str(reason)) for reading, reason in refused]
    longest = max(len(ids), len(quarantined), len(rejected))
    for start in range(0, longest, MOST_IDS):
        part = slice(start, start + MOST_IDS)
        yield (
            gateway,
            Receipts(committed=ids[part], quarantined=quarantined[part], rejected=rejected[part]),
        )
