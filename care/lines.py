"""Where in a TOML file a key stands, as far as its lines show it."""

import re
from collections.abc import Sequence
from typing import Final

from care.faults import Path

HEADER: Final = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")


def line_of(text: str, path: Path) -> int | None:
    """The line of the key, else of the table it would be in; None where that cannot be told.

    tomllib keeps no places. Headers and the beginnings of lines are enough for files as people
    write them; a key path is always told beside it.
    """
    lines = text.splitlines()
    if not path or not isinstance(path[0], str):
        return None
    index = path[1] if len(path) > 1 and isinstance(path[1], int) else None
    start = _header(lines, path[0], index)
    if start is None:
        return _key(lines, 0, path[0])
    rest = [part for part in path[1 if index is None else 2 :] if isinstance(part, str)]
    within = _key(lines, start, rest[0]) if rest else None
    return within or start


def _header(lines: Sequence[str], name: str, index: int | None) -> int | None:
    """The line after which the table, or the so-manieth of an array of them, begins."""
    wanted = ("[", 0) if index is None else ("[[", index)
    seen = 0
    for number, line in enumerate(lines, 1):
        header = HEADER.match(line)
        if header is None or header[2] != name or header[1] != wanted[0]:
            continue
        if seen == wanted[1]:
            return number
        seen += 1
    return None


def _key(lines: Sequence[str], start: int, key: str) -> int | None:
    """The line in the table that begins after `start` on which the key is set."""
    setting = re.compile(rf"\s*\"?{re.escape(key)}\"?\s*=")
    for number, line in enumerate(lines[start:], start + 1):
        if HEADER.match(line):
            return None
        if setting.match(line):
            return number
    return None
