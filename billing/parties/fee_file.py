"""A fee file as it is typed or saved from a spreadsheet: read line by line, every fault named.
Pure.
"""

import csv
import io
import re
from decimal import Decimal
from typing import Final

from msgspec import Struct

from billing.parties import checks
from billing.parties.localities import locality
from care.errors import FaultsError, InvalidError
from care.faults import Fault

COLUMNS: Final = ("code", "modifier", "locality", "amount", "charge")
NEEDED: Final = ("code", "amount")
ROWS_MOST: Final = 5_000
MOST: Final = Decimal("99999999.99")
CENT: Final = Decimal("0.01")
AMOUNT: Final = re.compile(r"\$?\s*(-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]*)?)")
"""Commas stand between thousands only: "52,11" is not five thousand."""


class FeeLine(Struct, frozen=True, kw_only=True):
    code: str
    modifier: str
    locality: str
    amount: Decimal
    charge: Decimal | None
    """What the practice asks for; None: the amount."""


def fees_in(text: str) -> list[FeeLine]:
    """CSV with a header; separated by comma, semicolon or tab. Raises FaultsError with all
    faults.
    """
    rows = _rows(text)
    found: dict[tuple[str, str, str], FeeLine] = {}
    faults = []
    for number, row in rows:
        try:
            fee = _fee(row)
            key = (fee.code, fee.modifier, fee.locality)
            if key in found:
                raise InvalidError("code", "stands in the file twice")  # noqa: TRY301
            found[key] = fee
        except InvalidError as error:
            faults.append(Fault(path=(error.field,), message=error.message, line=number))
    if faults:
        raise FaultsError(faults[:50])
    if not found:
        raise FaultsError([Fault(path=(), message="the file has no fee in it")])
    return list(found.values())


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    lines = text.removeprefix("\ufeff").splitlines()
    header = lines[0] if lines else ""
    mark = max(",;\t", key=header.count)
    read = csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
    names = [each.strip().lower() for each in next(read, [])]
    unknown = [each for each in names if each and each not in COLUMNS]
    missing = [each for each in NEEDED if each not in names]
    if missing or unknown:
        said = f"the first line names the columns: {', '.join(COLUMNS)}; needed are code and amount"
        what = f"{unknown[0]!r} is none of them" if unknown else f"{missing[0]} is missing"
        raise FaultsError([Fault(path=(), message=f"{said}; {what}", line=1)])
    rows = []
    for row in read:
        cells = [cell.strip() for cell in row]
        if any(cells[len(names) :]):
            # As 1,050.25 without quotation marks, which would be taken for one dollar.
            said = f"has {len(cells)} cells, and the first line {len(names)}"
            raise FaultsError([Fault(path=(), message=said, line=read.line_num)])
        if any(cells):
            rows.append((read.line_num, dict(zip(names, cells, strict=False))))
    if len(rows) > ROWS_MOST:
        raise FaultsError([Fault(path=(), message=f"the file has more than {ROWS_MOST} lines")])
    return rows


def _fee(row: dict[str, str]) -> FeeLine:
    modifier = row.get("modifier", "")
    charge = row.get("charge", "")
    return FeeLine(
        code=checks.code(row.get("code", "")),
        modifier=checks.modifier(modifier, "modifier") if modifier else "",
        locality=locality(row.get("locality", "")),
        amount=_money("amount", row.get("amount", "")),
        charge=_money("charge", charge) if charge else None,
    )


def _money(field: str, typed: str) -> Decimal:
    read = AMOUNT.fullmatch(typed.strip())
    if read is None:
        raise InvalidError(field, f"{typed[:20]!r} is no amount, as 52.11")
    found = Decimal(read[1].replace(",", ""))
    if not 0 <= found <= MOST:
        raise InvalidError(field, "lies below 0 or is too large")
    if found != found.quantize(CENT):
        raise InvalidError(field, "has more than two decimals")
    return found.quantize(CENT)
