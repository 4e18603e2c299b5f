"""What is wrong in programme data, and where: as a key path, and as a JSON pointer."""

import difflib
from collections.abc import Iterable
from heapq import nlargest
from os.path import commonprefix
from typing import Final, TypeAlias

from msgspec import Struct

Path: TypeAlias = tuple[str | int, ...]
"""`("rules", 3, "bounds", 0)`: names of tables and fields, places in arrays from 0 on."""


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that cannot be, and what would do."""

    path: Path
    message: str
    line: int | None = None
    """In the file, where it is known."""

    @property
    def key(self) -> str:
        """`rules[3].bounds[0].metric`."""
        text = ""
        for part in self.path:
            text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
        return text

    @property
    def pointer(self) -> str:
        """`/rules/3/bounds/0/metric`, by RFC 6901."""
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)

    def told(self, name: str = "") -> str:
        """`FILE:LINE: KEY: what is wrong`, as far as each is known."""
        place = name if self.line is None else f"{name or 'line'}:{self.line}"
        return ": ".join(part for part in (place, self.key, self.message) if part)


LISTED_MOST: Final = 40
"""Words in one message: more than we have of anything, fewer than somebody may have made up."""
LETTERS_MOST: Final = 64
COMPARED_MOST: Final = 5
"""Words that are compared letter by letter: for two long ones that takes a third of a millisecond,
and there may be a hundred to compare with."""


def meant(word: object, known: Iterable[str]) -> str:
    """`; did you mean 'systolic'?` where something known is spelt much alike, else nothing."""
    if not isinstance(word, str):
        return ""
    typed = word[:LETTERS_MOST]
    near = difflib.get_close_matches(typed, _like(typed, known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def listed(words: Iterable[str]) -> str:
    every = [str(word) for word in words]
    more = len(every) - LISTED_MOST
    return ", ".join(every) if more <= 0 else f"{', '.join(every[:LISTED_MOST])} and {more} more"


def _like(word: str, known: Iterable[str]) -> list[str]:
    """The few that begin and end most as it does: a slip of a finger leaves the rest as it was."""
    backwards = word[::-1]

    def shared(other: str) -> int:
        ends = ((word, other), (backwards, other[::-1]))
        return sum(len(commonprefix(pair)) for pair in ends)  # noqa: RUF071 - letters are meant

    return nlargest(COMPARED_MOST, (str(each)[:LETTERS_MOST] for each in known), key=shared)
