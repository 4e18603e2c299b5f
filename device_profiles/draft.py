"""A measurement in the making, while its frame is read field by field."""

import datetime as dt
from collections.abc import Iterable

from device_profiles.cursor import Cursor
from vitals.flags import Special
from vitals.kinds import Kind
from vitals.reading import Measurement

Details = dict[str, bool | int | float | str | list[int] | None]


class Draft:
    """Collects what a frame says; `finish` makes the measurement of it."""

    __slots__ = (
        "context",
        "details",
        "device_time",
        "flags",
        "sequence",
        "special",
        "user",
        "values",
    )

    def __init__(self, **details: bool | float | str) -> None:
        self.values: dict[str, float] = {}
        self.special: dict[str, Special] = {}
        self.flags: tuple[str, ...] = ()
        self.details: Details = dict(details)
        self.context: dict[str, str | float] = {}
        self.device_time: dt.datetime | None = None
        self.sequence: int | None = None
        self.user: int | None = None

    def put(self, name: str, number: float | Special) -> None:
        """A number among the values, or the name of the special value in its stead."""
        if isinstance(number, Special):
            self.special[name] = number
        else:
            self.values[name] = number

    def put_time(self, fields: Cursor) -> None:
        """The frame's time stamp; digits that are no time are kept in the details."""
        self.device_time, digits = fields.time()
        if digits:
            self.details["time"] = digits

    def put_user(self, slot: int) -> None:
        self.user = None if slot == UNKNOWN_USER else slot

    def finish(
        self, kind: Kind, fields: Cursor, *, reserved: int = 0, result: bool = True
    ) -> Measurement:
        """The measurement, with the reserved flag bits and the trailing bytes that were there."""
        if reserved:
            self.details["reserved_flags"] = reserved
        if rest := fields.rest():
            self.details["extra"] = rest.hex()
        return Measurement(
            kind=kind,
            values=self.values,
            flags=self.flags,
            device_time=self.device_time,
            sequence=self.sequence,
            user=self.user,
            special=self.special,
            context=self.context,
            details=self.details,
            result=result,
        )


UNKNOWN_USER = 255


def named_bits(word: int, names: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """The names of the bits set in a status word, in bit order, each once."""
    return tuple(dict.fromkeys(name for bit, name in names if word & bit))
