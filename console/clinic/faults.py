"""What is wrong with what was typed, beside the field where it stands. Pure."""

from collections.abc import Mapping

from care.errors import CareError, FaultsError, InvalidError, NotFoundError, TakenError

REFUSALS = (InvalidError, TakenError, NotFoundError)
"""What a person can mend on the page that they are on."""


def said(error: CareError, *, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """By the field's name on the page; `names` has those that care calls differently."""
    called = names or {}
    if isinstance(error, FaultsError):
        return {"": "; ".join(sentence(fault.told()) for fault in error.faults[:10])}
    return {called.get(error.field, error.field): sentence(error.message)}


def sentence(words: str) -> str:
    """Begins with a capital and ends with a full stop, as a line on its own does."""
    text = words.strip()
    if not text:
        return text
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
