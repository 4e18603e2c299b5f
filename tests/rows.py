"""Readings and rows for tests of the store: plausible unless a test says otherwise."""

import dataclasses
import datetime as dt
import itertools
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from store.batch import Row, Standing
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

ORGANISATION = UUID("10000000-0000-0000-0000-000000000001")
PATIENT = UUID("20000000-0000-0000-0000-000000000002")
DEVICE = "A0:B1:C2:D3:E4:F5"
MEASURED = dt.datetime(2026, 11, 20, 8, 15, 5, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
RECEIVED = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)

_numbers = itertools.count(1)


def reading(**changes: Any) -> Reading:
    number = next(_numbers)
    fields: dict[str, Any] = {
        "id": UUID(int=number << 64),
        "device": DEVICE,
        "kind": Kind.BLOOD_PRESSURE,
        "measured_at": MEASURED + dt.timedelta(seconds=number),
        "time_quality": TimeQuality.DEVICE,
        "values": {"systolic": 128.0, "diastolic": 81.0},
    }
    return Reading(**(fields | changes))


STANDING: Final = frozenset(Standing.__dataclass_fields__) - {"packed"}


def row(of: Reading | None = None, **changes: Any) -> Row:
    fields: dict[str, Any] = {
        "organisation_id": ORGANISATION,
        "gateway_id": "gw-1",
        "local_day": MEASURED.date(),
        "attribution": "assigned",
        "patient_id": PATIENT,
    } | changes
    standing = Standing(**{name: fields.pop(name) for name in STANDING & fields.keys()})
    return Row(reading() if of is None else of, standing, **fields)


def restood(of: Row, **changes: Any) -> Row:
    """The same row, but somebody else's."""
    return replace(of, standing=dataclasses.replace(of.standing, **changes))
