"""Cells of a file for spreadsheets, of which none may be taken for a formula. Pure."""

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that spreadsheets compute; full-width forms of these count as well."""
WIDE: Final = str.maketrans("＝＋－＠", "=+-@")  # noqa: RUF001 - They are what is meant.


def harmless(cell: str) -> str:
    """An apostrophe before what would be computed (OWASP, CSV injection): it is shown as text."""
    return f"'{cell}" if cell.lstrip(" ").translate(WIDE).startswith(FORMULA) else cell
