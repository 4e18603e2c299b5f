"""What is wrong with the names of a table's columns, in words. Pure.

A misspelt column would be readings that nobody misses: what is not known is refused.
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

NEAR: Final = 0.6
"""How alike two names are (difflib's ratio) for one to be a likely misspelling of the other."""


def doubled(names: Iterable[str]) -> str | None:
    """Of two columns with one name only one would be read. Nameless ones are nobody's values."""
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    return f"{_columns(twice)} more than once: keep one of each" if twice else None


def unknown(names: Iterable[str], known: Sequence[str]) -> list[str]:
    """Every name that is not known, with the known one that it resembles."""
    return [f"{name!r}{meant(name, known)}" for name in names if name and name not in known]


def misspelt(names: Sequence[str], wanted: Iterable[str]) -> str | None:
    """Names that resemble a column which may be there and is not."""
    absent = [name for name in wanted if name not in names]
    near = [f"{name!r}{found}" for name in names if (found := meant(name, absent))]
    return f"unknown column {', '.join(near)}" if near else None


def meant(name: str, known: Iterable[str]) -> str:
    """` (did you mean weight?)`, or nothing where none is near."""
    found = nearest(name, known)
    return f" (did you mean {found}?)" if found else ""


def nearest(name: str, known: Iterable[str], *, cutoff: float = NEAR) -> str | None:
    """The known name most like this one, whatever the case."""
    folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def _columns(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names))
    return f"the column {shown} stands" if len(names) == 1 else f"the columns {shown} stand"
