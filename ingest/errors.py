"""What can go wrong in ingest.

IngestError
├── DatabaseAway        it does not answer, or not now: keep the batch, try again
└── UnsafeDatabase      it answers, and could forget what it committed: no receipts till mended
"""

from collections.abc import Sequence


class IngestError(Exception):
    """Ingest could not do what was asked."""


class DatabaseAway(IngestError):  # noqa: N818 (the tree above is the naming)
    """The database does not answer, or cannot take anything now. Worth trying again."""


class UnsafeDatabase(IngestError):  # noqa: N818
    """A crash of this database would lose what it committed, so nothing is receipted."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)
