"""How long to wait, as people say it."""

from typing import Final

from console.web.words import Words

MINUTE_S: Final = 60
NEARLY_A_MINUTE_S: Final = 50


def waiting(wait_s: int, words: Words) -> str:
    """Never less than it is."""
    if wait_s <= NEARLY_A_MINUTE_S:
        return words("wait.second") if wait_s == 1 else words("wait.seconds", count=wait_s)
    minutes = -(-wait_s // MINUTE_S)
    return words("wait.minute") if minutes == 1 else words("wait.minutes", count=minutes)
