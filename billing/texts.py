"""What people write in sentences: sized, and without what cannot be stored or printed."""

from typing import Final

from care.errors import InvalidError

PROSE_MAX: Final = 2000


def prose(field: str, typed: str, *, needed: bool = False) -> str:
    """The text without space around it; lines are kept."""
    found = typed.strip()
    if needed and not found:
        raise InvalidError(field, "must not be empty")
    if len(found) > PROSE_MAX:
        raise InvalidError(field, f"may have at most {PROSE_MAX} characters")
    if not all(each.isprintable() or each in "\n\t" for each in found):
        raise InvalidError(field, "holds a character that cannot be printed")
    return found
