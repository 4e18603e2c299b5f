"""A month as one workbook: a summary, and a sheet for each table. Real dates and numbers."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from billing.exports.cells import Column, Kind, Table
from billing.exports.manifest import Asked, Manifest, facts, named
from billing.exports.sheet import Sheet
from billing.exports.tables import ROWS, TABLES
from billing.months.records import MonthHead, PatientMonth

FORMATS: Final[dict[str, dict[str, Any]]] = {
    Kind.NUMBER: {"num_format": "0"},
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.DATE: {"num_format": "yyyy-mm-dd"},
    Kind.TIME: {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "header": {"bold": True, "bg_color": "#E8EEF4", "bottom": 1},
}
SUMMARY: Final = Table(
    name="summary", sheet="Summary", columns=(Column("What", width=26), Column("Says", width=80))
)


class XlsxFile:
    """Rows lie in files of `folder` until `finish`, and nowhere else."""

    def __init__(self, folder: Path, head: MonthHead, asked: Asked) -> None:
        self.name = named(f"hearthbeat-billing-{head.month}", "xlsx", draft=asked.draft)
        self.rows: dict[str, int] = {self.name: 0}
        self._head = head
        self._book: Any = xlsxwriter.Workbook(
            str(folder / self.name),
            {
                "constant_memory": True,
                "tmpdir": str(folder),
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        self._book.set_properties(_properties(head, asked))
        styles = {name: self._style(look) for name, look in FORMATS.items()}
        self._summary = Sheet(self._book.add_worksheet(SUMMARY.sheet), SUMMARY, styles)
        self._sheets = {
            table.name: Sheet(self._book.add_worksheet(table.sheet), table, styles)
            for table in TABLES
        }

    def patient(self, patient: PatientMonth) -> None:
        for table, sheet in self._sheets.items():
            for row in ROWS[table](self._head, patient):
                sheet.append(row)

    def summarise(self, manifest: Manifest) -> None:
        for what, says in facts(manifest):
            self._summary.append((what, says))

    def finish(self) -> None:
        for sheet in (self._summary, *self._sheets.values()):
            sheet.finish()
        self.rows[self.name] = sum(sheet.count - 1 for sheet in self._sheets.values())
        self._book.close()

    def abandon(self) -> None:
        """Its files go with the folder; xlsxwriter warns of a book that was never closed."""
        self._book.fileclosed = 1
        for sheet in self._book.worksheets():
            sheet.fh.close()

    def _style(self, look: dict[str, Any]) -> int:
        return int(self._book.add_format(look)._get_xf_index())  # noqa: SLF001 - There is no other way to learn it.


def _properties(head: MonthHead, asked: Asked) -> dict[str, Any]:
    draft = "DRAFT, " if asked.draft else ""
    return {
        "title": f"{draft}{head.practice.name}, {head.month}",
        "comments": "Eligible by the configured rules.",
        "created": asked.now.astimezone(dt.UTC).replace(tzinfo=None),
    }
