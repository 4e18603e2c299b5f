"""What billing refuses, as sentences beside the fields in which it was typed. Pure."""

from collections.abc import Mapping
from typing import Final

from billing.errors import BillingError, StaleError
from care.errors import CareError, InvalidError, NotFoundError, RefusedError, TakenError

REFUSALS: Final = (InvalidError, TakenError, NotFoundError, RefusedError, BillingError)
"""What a person can mend on the page that they are on, or has to be told there."""


def status_of(error: Exception) -> int:
    match error:
        case TakenError():
            return 409
        case StaleError():
            return 412
        case RefusedError():
            return 403
        case _:
            return 422


def said(error: Exception, *, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """By the field's name on the page; `names` has those that billing calls differently."""
    if isinstance(error, CareError):
        field = (names or {}).get(error.field, error.field)
        return {field: sentence(error.message)}
    return {"": sentence(str(error))}


def sentence(words: str) -> str:
    text = words.strip()
    if not text:
        return text
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
