"""How much of what cannot be read is kept for one sender: a flood must not fill the disk. Pure.

A reading that is good, or is held back, is no dead letter and falls under no quota.
"""

from contextvars import ContextVar
from typing import Final

from msgspec import Struct


class LetterQuota(Struct, frozen=True, kw_only=True):
    """For each gateway; those that nobody enrolled have one between them.

    A gateway that is only too new for us is far below it: the messages that it repeats are small,
    and it keeps what was not receipted. What waits is bounded by
    `most_bytes + most_letters * beginning_bytes`, 26 MiB by default.
    """

    most_letters: int = 5_000
    """Waiting for somebody; further ones are only counted."""
    most_bytes: int = 16 * 1024 * 1024
    """Kept whole; of further ones the beginning and the digest are kept."""
    beginning_bytes: int = 2 * 1024
    """A single reading of usual size is whole in it."""


QUOTA: Final = ContextVar("the process's quota", default=LetterQuota())  # noqa: B039 - it is frozen
"""Set once by whoever knows the settings; whoever does not has the defaults."""


def kept_bytes(size: int, *, letters: int, taken: int, quota: LetterQuota) -> int | None:
    """How much is kept of a new letter of so many bytes; None where it is only counted.

    `letters` and `taken` are what waits from its sender already, in bytes the latter.
    """
    if letters >= quota.most_letters:
        return None
    if taken + size <= quota.most_bytes:
        return size
    return min(size, quota.beginning_bytes)
