"""Ids are chance: a number that must not be in a text may be in one of its ids."""

import re
from typing import Final

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def without_ids(text: str) -> str:
    return _ID.sub("", text)
