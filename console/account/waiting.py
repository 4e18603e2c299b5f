"""How long to wait, as people say it."""

from typing import Final

MINUTE_S: Final = 60
NEARLY_A_MINUTE_S: Final = 50


def waiting(wait_s: int) -> str:
    """Never less than it is."""
    if wait_s <= NEARLY_A_MINUTE_S:
        return "1 second" if wait_s == 1 else f"{wait_s} seconds"
    minutes = -(-wait_s // MINUTE_S)
    return "a minute" if minutes == 1 else f"{minutes} minutes"
