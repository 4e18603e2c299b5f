"""Readers that are not ours: what a month's files say, read back by other people's programs."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyx12.params
import pyx12.x12n_document
from msgspec import Struct
from pydantic import ValidationError
from python_calamine import CalamineWorkbook
from x12sdk.io import X12ModelReader


class Sums(Struct, frozen=True):
    lines: int
    units: int
    charge: Decimal


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def csv_sums(file: Path) -> Sums:
    rows = csv_rows(file)
    return Sums(
        len(rows),
        sum(int(row["units"]) for row in rows),
        sum((Decimal(row["charge"] or 0) for row in rows), Decimal(0)),
    )


def xlsx_rows(file: Path, sheet: str) -> list[dict[str, Any]]:
    head, *rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def xlsx_sums(file: Path) -> Sums:
    rows = xlsx_rows(file, "Lines")
    return Sums(
        len(rows),
        sum(int(row["units"]) for row in rows),
        sum((Decimal(str(row["charge"] or 0)) for row in rows), Decimal(0)),
    )


def x12_sums(file: Path) -> Sums:
    """As x12sdk reads it; raises ValidationError for what it does not believe."""
    found = Sums(0, 0, Decimal(0))
    for line in x12_lines(file):
        service = line.sv1_segment
        found = Sums(
            found.lines + 1,
            found.units + int(service.service_unit_count),
            found.charge + Decimal(str(service.line_item_charge_amount)),
        )
    return found


def x12_lines(file: Path) -> Iterator[Any]:
    with X12ModelReader(str(file)) as reader:
        transactions: Iterator[Any] = reader.models()
        for transaction in transactions:
            for provider in transaction.loop_2000a:
                for subscriber in provider.loop_2000b:
                    for claim in subscriber.loop_2300 or ():
                        yield from claim.loop_2400


def x12_as_written_again(file: Path) -> list[str]:
    """Each transaction set, read by x12sdk and written by it."""
    with X12ModelReader(str(file)) as reader:
        return [transaction.x12() for transaction in reader.models()]


def parses(file: Path) -> bool:
    try:
        x12_sums(file)
    except (ValidationError, ValueError):
        return False
    return True


def is_valid(file: Path) -> bool:
    """As pyx12 sees it, by its own map of the guide."""
    acknowledgement = io.StringIO()
    document = pyx12.x12n_document.x12n_document(
        pyx12.params.params(), str(file), acknowledgement, None
    )
    return bool(document)
