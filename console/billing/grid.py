"""A month as a grid of patients and codes: what is asked for, arranged and summed. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from msgspec import Struct

from billing.months.records import Status
from billing.months.views import Cell, Review, ReviewRow, Verdict

PER_PAGE: Final = 50
OTHER: Final[str] = "other"
COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("setup", "Setting up"),
    ("supply", "Devices"),
    ("mgmt", "Care time"),
    (OTHER, "Other services"),
)
VERDICTS: Final[dict[str, str]] = {
    Verdict.BILLABLE: "Eligible",
    Verdict.NOT_YET: "Not yet",
    Verdict.IMPOSSIBLE: "Not eligible",
}
STATES: Final = tuple(Status)
UNDECIDED: Final = "undecided"
"""Drafts and what is ready: neither approved nor held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the grid is asked for. A name that is searched for stands in no address."""

    verdict: str = ""
    code: str = ""
    payer: str = ""
    status: str = ""
    search: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.verdict or self.code or self.payer or self.status or self.search)

    def query(self, **changes: Any) -> str:
        other = replace(self, **{"page": 1, **changes})
        pairs = {
            "verdict": other.verdict,
            "code": other.code,
            "payer": other.payer,
            "status": other.status,
            "page": str(other.page) if other.page > 1 else "",
        }
        return urlencode({name: value for name, value in pairs.items() if value})

    def takes(self, cell: Cell) -> bool:
        return (
            self.verdict in {"", cell.verdict}
            and self.code in {"", cell.code}
            and (
                self.status in {"", cell.status}
                or (self.status == UNDECIDED and cell.status in {Status.DRAFT, Status.READY})
            )
        )


def wanted_of(query: Mapping[str, str], *, search: str = "") -> Wanted:
    """What cannot be read is as if it were not said."""
    verdict, status, page = query.get("verdict", ""), query.get("status", ""), query.get("page", "")
    readable = page.isascii() and page.isdecimal() and 0 < len(page) < 5  # noqa: PLR2004
    return Wanted(
        verdict=verdict if verdict in VERDICTS else "",
        code=query.get("code", "")[:20],
        payer=query.get("payer", "")[:200],
        status=status if status in {*STATES, UNDECIDED} else "",
        search=search.strip()[:200],
        page=max(int(page), 1) if readable else 1,
    )


class Line(Struct, frozen=True, kw_only=True):
    """One patient's row: cells by column."""

    row: ReviewRow
    cells: dict[str, tuple[Cell, ...]]


class Grid(Struct, frozen=True, kw_only=True):
    lines: tuple[Line, ...]
    """Of this page."""
    patients: int
    pages: int
    page: int
    tally: dict[str, int]
    """Cells by verdict, of all that is asked for."""
    charge: Decimal
    """Of eligible lines that are asked for."""
    without_fee: int
    codes: tuple[str, ...]
    payers: tuple[str, ...]
    statuses: dict[str, int]
    """Of the whole month, as are codes and payers: what can be chosen."""


def grid_of(review: Review, wanted: Wanted) -> Grid:
    rows = [line for row in review.rows if (line := _line(row, wanted)) is not None]
    cells = [cell for line in rows for those in line.cells.values() for cell in those]
    pages = max(-(-len(rows) // PER_PAGE), 1)
    page = min(wanted.page, pages)
    every = [cell for row in review.rows for cell in row.cells]
    lines = [cell for cell in cells if cell.line_id is not None]
    return Grid(
        lines=tuple(rows[(page - 1) * PER_PAGE : page * PER_PAGE]),
        patients=len(rows),
        pages=pages,
        page=page,
        tally={each: sum(cell.verdict == each for cell in cells) for each in VERDICTS},
        charge=sum((cell.charge for cell in lines if cell.charge is not None), Decimal(0)),
        without_fee=sum(cell.charge is None for cell in lines),
        codes=tuple(sorted({cell.code for cell in every if cell.code})),
        payers=tuple(sorted({row.payer for row in review.rows if row.payer})),
        statuses=review.statuses,
    )


def _line(row: ReviewRow, wanted: Wanted) -> Line | None:
    """None: nothing of this patient is asked for."""
    if wanted.payer not in {"", row.payer} or not _found(row, wanted.search):
        return None
    taken = [cell for cell in row.cells if wanted.takes(cell)]
    if not taken and (row.cells or wanted.narrowed):
        return None
    return Line(row=row, cells=_by_column(taken))


def _by_column(cells: Iterable[Cell]) -> dict[str, tuple[Cell, ...]]:
    known = {key for key, _ in COLUMNS}
    found: dict[str, list[Cell]] = {key: [] for key, _ in COLUMNS}
    for cell in cells:
        found[cell.scope if cell.scope in known else OTHER].append(cell)
    return {key: tuple(those) for key, those in found.items()}


def columns_of(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Those in which anything stands; the three of remote monitoring always."""
    others = any(line.cells[OTHER] for line in lines)
    return [(key, label) for key, label in COLUMNS if others or key != OTHER]


def _found(row: ReviewRow, search: str) -> bool:
    """Every word of it is in the name or the number, whatever its accents."""
    held = _plain(f"{row.family_name} {row.given_name} {row.mrn}")
    return all(each in held for each in _plain(search).replace(",", " ").split())


def _plain(text: str) -> str:
    marked = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in marked if not unicodedata.combining(each))
