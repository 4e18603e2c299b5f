"""Where somebody is brought after sign-in: a place of ours, or their own first one."""

from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 500


def local_path(asked: str | None) -> str | None:
    """The path, where it can lead nowhere but to this host; None for all others.

    Browsers take a backslash for a slash, and leave out tabs and line feeds: what holds one is
    never ours, for our own addresses are all printable ASCII.
    """
    if not asked or len(asked) > LONGEST or not asked.isascii() or not asked.isprintable():
        return None
    if not asked.startswith("/") or asked.startswith("//") or "\\" in asked or " " in asked:
        return None
    try:
        parts = urlsplit(asked)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else asked
