"""What a claim says, as people read it; what is decided about is kept as it is. Pure."""

import datetime as dt
import re
from typing import Final

from billing.months.details import WORDS
from console.web.formats import day, zip_code

ADDRESSES: Final = frozenset({WORDS["address"], WORDS["billing_address"]})
NINE: Final = re.compile(r"(?<= )\d{9}$")


def as_read(label: str, text: str, beside: str = "") -> str:
    """One detail, by the words for it: dates, ZIP codes and words. `beside`: what is told next to
    it; two payers of one name have their keys too.
    """
    if label == WORDS["payer"] and text.endswith(")"):
        name = text.rpartition(" (")[0]
        return text if text != beside and name == beside.rpartition(" (")[0] else name
    if label in ADDRESSES:
        return NINE.sub(lambda found: zip_code(found[0]), text)
    if label == WORDS["sex"]:
        return text.capitalize()
    if label == WORDS["birth_date"] and text:
        return day(dt.date.fromisoformat(text))
    return text
