"""Connected-scale logs of several people (Furberg et al. 2016): Id, Day, WeightKg, Fat, BMI.

There are days only: noon stands for the time, which exists on every day in every zone. The body fat
stands in two rows; a scale with body composition sends it beside the weight.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from hearthbeat.recordings import columns, table
from hearthbeat.recordings.record import Row
from vitals.kinds import Kind

NAME: Final = "home-weight"
TITLE: Final = "home weight"

NOON: Final = dt.time(12)

MAY_BE: Final = ("Fat", "BMI")

_COLUMNS: Final = frozenset({"Id", "Day", "WeightKg"})
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def fits(head: Sequence[str]) -> bool:
    """Whether a file that begins with these lines is one of these."""
    return set(table.header(head)) >= _COLUMNS


def doubt(names: Sequence[str], ignored: Collection[str]) -> str | None:
    """Why these columns cannot be read without losing something."""
    others = [name for name in names if name not in ignored]
    return columns.misspelt(others, MAY_BE) or columns.doubled(names)


def parse(lines: Iterable[str]) -> Iterator[Row]:
    """Every row below the header, in order."""
    return table.records(lines, _read)


def _read(fields: table.Fields) -> table.Found | str:
    if not fields["Id"]:
        return "no person"
    day = table.moment(fields["Day"]) if _DAY.fullmatch(fields["Day"]) else None
    if day is None:
        return "day that does not exist" if fields["Day"] else "no date"
    weight = table.number(fields["WeightKg"])
    if weight is None:
        return "weight that is not a number" if fields["WeightKg"] else "no value"
    values = {"weight": weight}
    for column, name in (("BMI", "bmi"), ("Fat", "body_fat")):
        if text := fields.get(column, ""):
            value = table.number(text)
            if value is None:
                return f"{column} that is not a number"
            values[name] = value
    at = dt.datetime.combine(day.date(), NOON)
    return table.Found(person=fields["Id"], kind=Kind.WEIGHT, at=at, values=values)
