"""The word that somebody may have meant. Pure."""

import difflib
from collections.abc import Iterable
from typing import Final

NEAR: Final = 0.6
"""How alike two words are (difflib's ratio) for one to be a likely misspelling of the other."""


def nearest(word: str, known: Iterable[str], *, cutoff: float = NEAR) -> str | None:
    """The known word most like this one, whatever the case."""
    folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def meant(word: str, known: Iterable[str]) -> str:
    """` (did you mean weight?)`, or nothing where none is near."""
    found = nearest(word, known)
    return f" (did you mean {found}?)" if found else ""
