"""What is wrong with the names of a table's columns, in words. Pure.

A misspelt column would be readings that nobody misses: what is not known is refused.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from hearthbeat.did_you_mean import meant


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


def _columns(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names))
    return f"the column {shown} stands" if len(names) == 1 else f"the columns {shown} stand"
