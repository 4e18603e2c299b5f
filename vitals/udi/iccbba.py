"""UDIs of ICCBBA (ISBT 128): blood, tissue and cells; no cuff has one, but the FDA accepts them.

ISBT 128 Standard, UDI: `=/` device identifier, `=,` serial number, `=>` expires, `=}` made,
`&,1` lot. None of them has a check of its own.
"""

import datetime as dt
import re
from typing import Any, Final

from vitals.udi import dates
from vitals.udi.errors import UdiError
from vitals.udi.identity import Issuer, Udi

_PART: Final = re.compile(
    r"=/(?P<di>[A-Z0-9]{16})|=,(?P<serial>[A-Z0-9]{6})|=>(?P<expires>[0-9]{6})"
    r"|=}(?P<made>[0-9]{6})|&,1(?P<lot>[A-Z0-9]{18})|=(?P<donation>[A-NP-Z1-9][A-Z0-9]{14})"
)
_LABELS: Final = {
    "di": "device identifier", "serial": "serial number", "expires": "expiry",
    "made": "date made", "lot": "lot", "donation": "donation number",
}  # fmt: skip


def read(typed: str) -> Udi:
    """Raises UdiError."""
    found: dict[str, Any] = {}
    place = 0
    while place < len(typed):
        part = _PART.match(typed, place)
        if part is None or part.lastgroup is None:
            raise UdiError(
                "UDI",
                f"cannot be read from {typed[place : place + 4]!r} on; type it as it is printed: "
                "=/ and 16 letters and digits first",
            )
        if part.lastgroup in found:
            raise UdiError(_LABELS[part.lastgroup], "stands there twice; keep the right one")
        found[part.lastgroup] = part[part.lastgroup]
        place = part.end()
    if "di" not in found:
        raise UdiError("device identifier", "is missing; it is the =/ and 16 signs on the label")
    return Udi(
        issuer=Issuer.ICCBBA,
        di=found["di"],
        lot=found.get("lot"),
        serial=found.get("serial"),
        expires=_date("expires", found),
        made=_date("made", found),
        text=typed,
    )


def _date(name: str, found: dict[str, Any]) -> dt.date | None:
    """`cyyjjj`: the century's last digit, the year, the day of the year."""
    digits = found.get(name)
    if digits is None:
        return None
    if digits[0] != "0":
        raise UdiError(
            _LABELS[name], "begins with 0, for the years from 2000 on; look at the label"
        )
    return dates.of_day_number(_LABELS[name], 2000 + int(digits[1:3]), int(digits[3:]))
