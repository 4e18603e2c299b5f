"""Segments into a file, as they come; it knows only the counts that stand at the ends."""

from collections.abc import Callable, Sequence
from typing import TextIO

from billing.exports.x12.billing_loops import billing_provider, receiver, submitter
from billing.exports.x12.envelope import (
    CLAIMS_MOST,
    Interchange,
    closing,
    opening,
    set_closing,
    set_opening,
)
from billing.exports.x12.segments import Segment, encode
from billing.months.records import Practice


class Writer:
    """One interchange, one group, a transaction set for each 5,000 claims of one who bills."""

    def __init__(self, file: TextIO, practice: Practice, interchange: Interchange) -> None:
        self.claims = 0
        self._file, self._practice, self._interchange = file, practice, interchange
        self._sets = self._segments = self._claims_of_set = self._levels = 0
        self._billing: list[Segment] = []
        self._raw(opening(interchange))

    def subscriber(
        self,
        loop: Callable[[int], list[Segment]],
        claims: Sequence[Sequence[Segment]],
        practice: Practice | None = None,
    ) -> None:
        """One subscriber with claims. `loop` is given the number of its level; `practice` is who
        bills for them: another one begins a set of its own.
        """
        billing = billing_provider(practice or self._practice)
        if billing != self._billing or self._claims_of_set + len(claims) > CLAIMS_MOST:
            self._next_set(billing)
        self._levels += 1
        self._put(loop(self._levels))
        for claim in claims:
            self._put(claim)
        self._claims_of_set += len(claims)
        self.claims += len(claims)

    def close(self) -> None:
        self._end_set()
        self._raw(closing(self._interchange, sets=self._sets))

    def _next_set(self, billing: list[Segment]) -> None:
        if self._sets:
            self._end_set()
        self._sets += 1
        self._segments = self._claims_of_set = 0
        self._levels = 1
        self._put(set_opening(self._interchange, self._sets))
        self._put(submitter(self._practice))
        self._put([receiver(self._practice)])
        self._put(billing)
        self._billing = billing

    def _end_set(self) -> None:
        self._put([set_closing(self._sets, segments=self._segments + 1)])

    def _put(self, segments: Sequence[Segment]) -> None:
        self._segments += len(segments)
        self._raw([encode(each) for each in segments])

    def _raw(self, texts: Sequence[str]) -> None:
        self._file.writelines(f"{text}\n" for text in texts)
