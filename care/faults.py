"""What is wrong in programme data, and where: as a key path, and as a JSON pointer."""

import difflib
from collections.abc import Iterable
from typing import TypeAlias

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


def meant(word: object, known: Iterable[str]) -> str:
    """`; did you mean 'systolic'?` where something known is spelt much alike, else nothing."""
    if not isinstance(word, str):
        return ""
    near = difflib.get_close_matches(word[:64], [str(each) for each in known], n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def listed(words: Iterable[str]) -> str:
    return ", ".join(words)
