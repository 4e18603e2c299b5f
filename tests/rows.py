"""Readings and rows for tests of the store: plausible unless a test says otherwise."""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID

from store.batch import Row
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


def row(of: Reading | None = None, **changes: Any) -> Row:
    fields: dict[str, Any] = {
        "reading": reading() if of is None else of,
        "organisation_id": ORGANISATION,
        "gateway_id": "gw-1",
        "local_day": MEASURED.date(),
        "attribution": "assigned",
        "patient_id": PATIENT,
    }
    return Row(**(fields | changes))
