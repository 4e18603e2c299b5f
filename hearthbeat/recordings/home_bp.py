"""Home blood pressure of one person (Harvard Dataverse EA1SAP): CSV, newest first, local time."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from hearthbeat.recordings import columns, table
from hearthbeat.recordings.record import Row
from vitals.kinds import Kind

NAME: Final = "home-bp"
TITLE: Final = "home blood pressure"

AT: Final = "DateTime"
COLUMNS: Final = {"Sys.mmHg.": "systolic", "Dias.mmHg.": "diastolic", "Pulse.bpm.": "pulse"}


def fits(head: Sequence[str]) -> bool:
    """Whether a file that begins with these lines is one of these."""
    return {AT, *COLUMNS} <= set(table.header(head))


def doubt(names: Sequence[str], ignored: Collection[str]) -> str | None:
    """Why these columns cannot be read without losing something."""
    del ignored  # The others in such a file are its authors' own, and no typing errors.
    return columns.doubled(names)


def parse(lines: Iterable[str]) -> Iterator[Row]:
    """Every row below the header, in order."""
    return table.records(lines, _read)


def _read(fields: table.Fields) -> table.Found | str:
    at = table.moment(fields[AT])
    if at is None:
        return "date or time that does not exist" if fields[AT] else "no date"
    values = {name: table.number(fields[column]) for column, name in COLUMNS.items()}
    if values["systolic"] is None or values["diastolic"] is None:
        return "pressure that is not a number"
    if values["pulse"] is None and fields["Pulse.bpm."]:
        return "pulse that is not a number"
    there = {name: value for name, value in values.items() if value is not None}
    return table.Found(kind=Kind.BLOOD_PRESSURE, at=at, values=there)
