"""Which fees of a file hold where it has several localities: those that the practice has named.
Pure.

Medicare pays by the locality in which a service is furnished (42 CFR 414.4): its files have a row
for each. Nobody but the practice knows where it works; what it has not said is not guessed.
"""

import re
from collections.abc import Collection
from typing import Final

from care.errors import InvalidError

LONGEST: Final = 20
ALL: Final = ""
"""A row without a locality holds everywhere."""
_BLANKS: Final = re.compile(r"\s+")
_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
NAMED_MOST: Final = 12
"""Of a file that has many more."""


def locality(typed: str, field: str = "locality") -> str:
    """As it stands in files, in one spelling. Raises InvalidError."""
    found = _BLANKS.sub(" ", typed).strip().upper()
    if len(found) > LONGEST or not found.isprintable():
        raise InvalidError(
            field, f"has at most {LONGEST} letters, digits and the like, as 13282-01"
        )
    return found


def held(there: Collection[str], stated: str) -> str | None:
    """Which of a file's localities holds for the practice; None: none of them does.

    A file with a single one is of that one, unless the practice has named another. Zeros in front
    make no other number: 2 is 02, where only one of the file's is.
    """
    named = {each for each in there if each != ALL}
    if stated in named:
        return stated
    alike = [each for each in named if stated and _bare(each) == _bare(stated)]
    if len(alike) == 1:
        return alike[0]
    if not stated and len(named) == 1:
        return next(iter(named))
    return ALL if ALL in there else None


def _bare(name: str) -> str:
    """Without the zeros in front of its numbers."""
    return _ZEROS.sub("", name)


def words(there: Collection[str], stated: str) -> str:
    """What a file's localities mean for the practice; empty: there is nothing to say."""
    named = sorted({each for each in there if each != ALL})
    if not named or (len(named) == 1 and held(there, stated) == named[0]):
        return ""
    which = held(there, stated)
    many = f"{len(named)} localities" if len(named) > 1 else f"the locality {named[0]}"
    if which:
        return f"It has {many}; the amounts of {which} hold, as the practice has said."
    rest = "; of it only what names no locality holds" if ALL in there else "; none of it holds"
    what = f"the practice has named {stated}" if stated else "the practice has not said which"
    which_are = ", ".join(named[:NAMED_MOST])
    more = f" and {len(named) - NAMED_MOST} more" if len(named) > NAMED_MOST else ""
    there_are = f": {which_are}{more}" if len(named) > 1 else ""
    return f"It has {many}{there_are}, and {what}{rest}. Name yours at Practice."
