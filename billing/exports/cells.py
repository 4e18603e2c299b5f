"""Columns of a table that leaves the house, and what may stand in one of their cells."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from care.spreadsheet import harmless

Cell: TypeAlias = str | int | Decimal | dt.datetime | dt.date | UUID | bool | None
Row: TypeAlias = tuple[Cell, ...]


class Kind(StrEnum):
    """How a workbook shows a column; in CSV all are text."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind = Kind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of rows: a file of CSV, a sheet of a workbook."""

    name: str
    sheet: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


EXCERPT_MOST: Final = 240


def plain(cell: Cell) -> str:
    """As CSV has it: ISO dates, times with their offset, and no text that is computed."""
    if isinstance(cell, str):
        return harmless(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return cell.isoformat(timespec="seconds")
    return str(cell)


def excerpt(text: str) -> str:
    """The beginning, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT_MOST else f"{flat[: EXCERPT_MOST - 1]}…"
