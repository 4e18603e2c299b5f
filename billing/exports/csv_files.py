"""A month as five files of CSV: RFC 4180, UTF-8, one line a row, nothing held back."""

import csv
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from billing.exports.cells import plain
from billing.exports.manifest import Asked, named
from billing.exports.tables import ROWS, TABLES
from billing.months.records import MonthHead, PatientMonth


class CsvFiles:
    """Open until `finish`."""

    def __init__(self, folder: Path, head: MonthHead, asked: Asked) -> None:
        self.rows: dict[str, int] = {}
        self._head = head
        self._open = ExitStack()
        self._writers: list[tuple[str, str, Any]] = []
        encoding = "utf-8-sig" if asked.byte_order_mark else "utf-8"
        for table in TABLES:
            name = named(table.name, "csv", draft=asked.draft)
            file = self._open.enter_context(
                (folder / name).open("w", encoding=encoding, newline="")
            )
            writer = csv.writer(file)
            writer.writerow(table.header)
            self._writers.append((table.name, name, writer))
            self.rows[name] = 0

    def patient(self, patient: PatientMonth) -> None:
        for table, file, writer in self._writers:
            rows = [list(map(plain, row)) for row in ROWS[table](self._head, patient)]
            writer.writerows(rows)
            self.rows[file] += len(rows)

    def finish(self) -> None:
        self._open.close()

    def abandon(self) -> None:
        self._open.close()
