"""Any CSV with a `time` column and columns named after metrics, in canonical units.

`time` is ISO 8601, with or without an offset; `person` may be there; the rest are names of the
metrics registry, and `glucose_mmol_l`. A row is of the kind to which its values belong.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from hearthbeat.recordings import table
from hearthbeat.recordings.record import Row
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

NAME: Final = "csv"
TITLE: Final = "table"

TIME: Final = "time"
PERSON: Final = "person"
MMOL_PER_L: Final = "glucose_mmol_l"
COLUMNS: Final = frozenset({*METRICS, MMOL_PER_L})
MG_PER_DL_PER_MMOL_PER_L: Final = 18.016
"""Glucose, 180.16 g/mol."""

KINDS: Final = (
    Kind.BLOOD_PRESSURE,
    Kind.WEIGHT,
    Kind.GLUCOSE,
    Kind.OXIMETRY,
    Kind.TEMPERATURE,
    Kind.HEART_RATE,
)
"""In the order in which they are tried: a pulse alone belongs to nothing."""


def fits(head: Sequence[str]) -> bool:
    """Whether a file that begins with these lines is one of these."""
    names = set(table.header(head))
    return TIME in names and bool(names & COLUMNS)


def parse(lines: Iterable[str]) -> Iterator[Row]:
    """Every row below the header, in order."""
    return table.records(lines, _read)


def _read(fields: table.Fields) -> table.Found | str:
    at = table.moment(fields[TIME])
    if at is None:
        return "date or time that does not exist" if fields[TIME] else "no date"
    values: dict[str, float] = {}
    for name, text in fields.items():
        # A column that is no metric is a remark, and stays in the file.
        if name in COLUMNS and text:
            value = table.number(text)
            if value is None:
                return f"{name} that is not a number"
            if name == MMOL_PER_L:
                values["glucose"] = value * MG_PER_DL_PER_MMOL_PER_L
            else:
                values[name] = value
    kind = _kind(values)
    if kind is None:
        return "values that make up no measurement" if values else "no value"
    return table.Found(person=fields.get(PERSON, ""), kind=kind, at=at, values=values)


def _kind(values: dict[str, float]) -> Kind | None:
    for kind in KINDS:
        panel = PANELS[kind]
        primary = {metric.name for metric in panel.primary}
        known = {metric.name for metric in panel.metrics}
        if kind is Kind.WEIGHT:
            known.add("body_fat")  # As its scale would send it, in a frame beside the weight.
        if primary <= set(values) <= known:
            return kind
    return None
