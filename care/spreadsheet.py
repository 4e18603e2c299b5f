"""Cells of a file for spreadsheets, of which none may be taken for a formula. Pure."""

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that spreadsheets compute; full-width forms of these count as well."""
WIDE: Final = str.maketrans("＝＋－＠", "=+-@")  # noqa: RUF001 - They are what is meant.
SKIPPED: Final = " \u00a0\u3000\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
"""Blanks, and what is not seen at all: some readers drop them, and what comes next is first."""


def harmless(cell: str) -> str:
    """An apostrophe before what would be computed (OWASP, CSV injection): it is shown as text."""
    return f"'{cell}" if cell.lstrip(SKIPPED).translate(WIDE).startswith(FORMULA) else cell
