"""Any CSV with a `time` column and columns named after metrics, in canonical units.

`time` is ISO 8601, with or without an offset; `person` may be there; the rest are names of the
metrics registry, and `glucose_mmol_l`. A row is of the kind to which its values belong. What is
for people stands in columns named `remark`, `note` or `comment`; no other name is let pass.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from hearthbeat.did_you_mean import nearest
from hearthbeat.recordings import columns, table
from hearthbeat.recordings.record import Row
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

NAME: Final = "csv"
TITLE: Final = "table"

TIME: Final = "time"
PERSON: Final = "person"
MMOL_PER_L: Final = "glucose_mmol_l"
COLUMNS: Final = frozenset({*METRICS, MMOL_PER_L})
REMARKS: Final = ("remark", "remarks", "note", "notes", "comment", "comments")
KNOWN: Final = (TIME, PERSON, *METRICS, MMOL_PER_L)
ALIKE: Final = 0.75
"""So near to a known name, a column makes a file one of these, if with a typing error."""
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
    """Whether a file that begins with these lines is, or was meant to be, one of these."""
    names = table.header(head)
    return len(names) > 1 and any(nearest(name, KNOWN, cutoff=ALIKE) for name in names)


def doubt(names: Sequence[str], ignored: Collection[str]) -> str | None:
    """Why these columns cannot be read without losing something; `ignored` may be lost."""
    if read := [name for name in KNOWN if name in ignored]:
        return f"the column {read[0]!r} is known and read: it cannot be ignored"
    faults = [] if TIME in names else [f"there is no column {TIME!r}"]
    if strange := columns.unknown(names, (*KNOWN, *REMARKS, *ignored)):
        faults.append(f"unknown column {', '.join(strange)}")
    if faults:
        return (
            f"{'; '.join(faults)}; known are {', '.join(KNOWN)}, and for people remark, note, "
            "comment; --ignore-column NAME leaves another out"
        )
    if not COLUMNS.intersection(names):
        return f"there is no column with values; known are {', '.join(KNOWN)}"
    return columns.doubled(names)


def parse(lines: Iterable[str]) -> Iterator[Row]:
    """Every row below the header, in order."""
    return table.records(lines, _read)


def _read(fields: table.Fields) -> table.Found | str:
    at = table.moment(fields[TIME])
    if at is None:
        return "date or time that does not exist" if fields[TIME] else "no date"
    values: dict[str, float] = {}
    for name, text in fields.items():
        # What is for people, or ignored on purpose, stays in the file.
        if name in COLUMNS and text:
            value = table.number(text)
            if value is None:
                return f"{name} that is not a number"
            if name == MMOL_PER_L:
                values["glucose"] = value * MG_PER_DL_PER_MMOL_PER_L
            else:
                values[name] = value
    kind = kind_of(values)
    if kind is None:
        return "values that make up no measurement" if values else "no value"
    return table.Found(person=fields.get(PERSON, ""), kind=kind, at=at, values=values)


def kind_of(names: Iterable[str]) -> Kind | None:
    """The kind of measurement that has just these values."""
    return _kind(frozenset("glucose" if name == MMOL_PER_L else name for name in names))


@cache
def _kind(names: frozenset[str]) -> Kind | None:
    for kind in KINDS:
        panel = PANELS[kind]
        primary = {metric.name for metric in panel.primary}
        known = {metric.name for metric in panel.metrics}
        if kind is Kind.WEIGHT:
            known.add("body_fat")  # As its scale would send it, in a frame beside the weight.
        if primary <= names <= known:
            return kind
    return None
