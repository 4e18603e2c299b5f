"""One sheet of a workbook, written row by row: no row is kept, no text is ever a formula.

xlsxwriter makes the package and the styles; the rows are ours. Its own cells cost four times as
much, and take a text between <r> and </r> for markup (3.3.1, `constant_memory`).
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from xlsxwriter.utility import xl_col_to_name

from billing.exports.cells import Cell, Row, Table
from billing.exports.errors import TooLargeError
from care.spreadsheet import harmless

ROWS_MOST: Final = 1_048_576
TEXT_MOST: Final = 16_000
"""A cell holds 32,767 UTF-16 units; a character is at most two."""
EPOCH: Final = dt.date(1899, 12, 30)
NAIVE_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Workbooks know no zones.
DAY_S: Final = 86_400
SPECIAL: Final = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)")
ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_x": "_x005F_x"}


class Sheet:
    """`styles` are indices of cell formats, by kind and of the "header"."""

    def __init__(self, sheet: Any, table: Table, styles: Mapping[str, int]) -> None:
        self.count = 0
        self._sheet = sheet
        self._columns = [
            (xl_col_to_name(n), styles.get(column.kind, 0))
            for n, column in enumerate(table.columns)
        ]
        for n, column in enumerate(table.columns):
            sheet.set_column(n, n, column.width)
        sheet.freeze_panes(1, 0)
        head = styles["header"]
        self._write(
            f'<c r="{xl_col_to_name(n)}1" s="{head}" t="inlineStr"><is><t>{name}</t></is></c>'
            for n, name in enumerate(table.header)
        )

    def append(self, row: Row) -> None:
        number = self.count + 1
        if number > ROWS_MOST:
            raise TooLargeError(
                f"{self._sheet.get_name()} has more than {ROWS_MOST - 1:,} rows, which a sheet"
                " cannot hold: export CSV"
            )
        self._write(
            cell_xml(cell, f"{letter}{number}", style)
            for (letter, style), cell in zip(self._columns, row, strict=True)
            if cell is not None and cell != ""
        )

    def finish(self) -> None:
        last = len(self._columns) - 1
        self._sheet.autofilter(0, 0, max(self.count - 1, 1), last)
        # What xlsxwriter would have learned from cells of its own.
        self._sheet.dim_rowmin = self._sheet.dim_colmin = 0
        self._sheet.dim_rowmax, self._sheet.dim_colmax = self.count - 1, last

    def _write(self, cells: Any) -> None:
        self.count += 1
        self._sheet.fh.write(f'<row r="{self.count}">{"".join(cells)}</row>')


def cell_xml(cell: Cell, place: str, style: int) -> str:
    """Numbers and dates as such, everything else as text."""
    if isinstance(cell, str):
        return _text(harmless(cell), place)
    if isinstance(cell, bool):
        return _text("yes" if cell else "no", place)
    if isinstance(cell, UUID):
        return _text(str(cell), place)
    return f'<c r="{place}" s="{style}"><v>{_number(cell)}</v></c>'


def _text(text: str, place: str) -> str:
    if len(text) > TEXT_MOST:
        text = f"{text[: TEXT_MOST - 1]}…"
    safe = SPECIAL.sub(_escaped, text)
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>'


def _escaped(found: "re.Match[str]") -> str:
    text = found.group()
    return ENTITIES.get(text) or f"_x{ord(text):04X}_"


def _number(cell: int | Decimal | dt.date | None) -> int | float | Decimal:
    if isinstance(cell, dt.datetime):
        return (cell.replace(tzinfo=None) - NAIVE_EPOCH).total_seconds() / DAY_S
    if isinstance(cell, dt.date):
        return (cell - EPOCH).days
    return cell or 0
