"""What people type into the forms of billing: dates, numbers and lists, each fault at its field.
Pure.
"""

import datetime as dt
import re
from uuid import UUID

from care.errors import InvalidError
from console.replies import id_or_none
from console.web.forms import Form


def day(form: Form, field: str) -> dt.date:
    """Raises InvalidError."""
    found = day_or_none(form, field)
    if found is None:
        raise InvalidError(field, "is needed, as 2026-11-22")
    return found


def day_or_none(form: Form, field: str) -> dt.date | None:
    text = form.given(field)
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidError(field, "must be a date, as 2026-11-22") from None


def whole_or_none(form: Form, field: str) -> int | None:
    text = form.given(field)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):  # noqa: PLR2004 - no number here is longer
        raise InvalidError(field, "must be a whole number")
    return int(text)


def id_of(form: Form, field: str, words: str) -> UUID:
    """Raises InvalidError with these words where nothing of the list was chosen."""
    found = id_or_none(form.text(field))
    if found is None:
        raise InvalidError(field, words)
    return found


def parts_of(form: Form, field: str) -> tuple[str, ...]:
    """Separated by commas, semicolons or space."""
    return tuple(each for each in re.split(r"[\s,;]+", form.text(field)) if each)
