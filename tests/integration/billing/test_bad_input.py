"""What cannot be is refused in plain words at its field, and nothing else is lost by it."""

import datetime as dt
from typing import Any

import pytest

from billing.months.reading import patient_of
from care.errors import CareError
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, local

AT = local(dt.date(2026, 10, 5))
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "now", "options", "field", "words"),
    [
        (0, NOW, {}, "ended_at", "must be after the start"),
        (-5, NOW, {}, "ended_at", "must be after the start"),
        (30 * 60, NOW, {"reason": "a long day"}, "ended_at", "nobody works so long"),
        (24 * 60 + 1, NOW, {"reason": "a long day"}, "ended_at", "nobody works so long"),
        (10, AT + 9 * MINUTE, {}, "ended_at", "lies in the future"),
        (10, NOW, {"activity": "shopping"}, "activity", "must be one of"),
        (10, NOW, {"with_whom": None}, "with_whom", "say with whom"),
    ],
)
async def test_an_entry_that_cannot_be_is_refused(
    clinic: Clinic, minutes: int, now: dt.datetime, options: dict[str, Any], field: str, words: str
) -> None:
    patient = await clinic.billable()
    before = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=NOW)
    with pytest.raises(CareError, match=words) as refused:
        await clinic.worked(patient, AT, minutes, now=now, **options)
    assert refused.value.field == field
    after = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=NOW)
    assert after == before


@pytest.mark.parametrize("minutes", [24 * 60 - 1, 24 * 60])
async def test_a_whole_day_with_a_reason_is_taken_and_pointed_out_elsewhere(
    clinic: Clinic, minutes: int
) -> None:
    patient = await clinic.patient()
    await clinic.worked(patient, AT, minutes, now=NOW, reason="the night of the storm")
    month = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=NOW)
    assert month.time[0].seconds_logged == minutes * 60
