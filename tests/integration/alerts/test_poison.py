"""Readings and plans that are made to break the evaluation of others, or of themselves."""

import datetime as dt
from uuid import UUID

import pytest

from alerts.life.alert import State
from care.errors import InvalidError
from care.plans import set_plan
from tests.integration.alerts.clinic import DAY, MINUTE, Clinic


async def flood(
    clinic: Clinic, patient: UUID, count: int, *, every: dt.timedelta, systolic: float
) -> None:
    """So many readings from now on, as a meter sends them that never rests."""
    await clinic.pool.execute(
        "INSERT INTO readings (id, organisation_id, gateway_id, device, patient_id, kind,"
        " measured_at, utc_offset_s, local_day, time_quality, received_at, flags, attribution,"
        " systolic, diastolic)"
        " SELECT gen_random_uuid(), $1, 'home-1', 'A0:B1:C2:D3:E4:F5', $2, 'blood_pressure', at,"
        " -18000, at::date, 'device', at, '{}', 'assigned', $5, 75"
        " FROM generate_series(1, $6::int) n, LATERAL (SELECT $3::timestamptz + n * $4::interval)"
        " AS made (at)",
        clinic.organisation, patient, clinic.now, every, systolic, count,
    )  # fmt: skip


async def queue_all(clinic: Clinic, patient: UUID) -> None:
    await clinic.pool.execute(
        "INSERT INTO evaluation_queue"
        " (organisation_id, reading_id, measured_at, patient_id, kind, attribution)"
        " SELECT organisation_id, id, measured_at, patient_id, kind, attribution"
        " FROM readings WHERE patient_id = $1",
        patient,
    )


async def test_an_alert_is_not_withdrawn_because_so_much_was_measured_after_it(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    await clinic.pressure(patient, 184)
    clinic.later(7 * MINUTE)
    await clinic.pressure(patient, 186)
    await clinic.evaluate()
    assert any(each.rule == "bp-very-high" for each in await clinic.alerts(patient))
    began = clinic.now
    await flood(clinic, patient, 2500, every=MINUTE, systolic=120)
    clinic.later(2 * DAY)
    await clinic.pressure(patient, 121, at=began - 20 * MINUTE, received_at=began + 5 * MINUTE)
    assert (await clinic.evaluate()).failed == 0
    assert State.WITHDRAWN not in {each.state for each in await clinic.alerts(patient)}


async def test_what_is_bad_in_the_midst_of_a_flood_is_found(clinic: Clinic) -> None:
    patient, other = await clinic.patient(), await clinic.patient()
    await clinic.pressure(patient, 184)
    clinic.later(7 * MINUTE)
    await clinic.pressure(patient, 186)
    await flood(clinic, patient, 50_000, every=dt.timedelta(milliseconds=1), systolic=120)
    clinic.later(2 * MINUTE)
    await queue_all(clinic, patient)
    await clinic.pressure(other, 184)
    await clinic.evaluate()
    assert "bp-very-high" in {each.rule for each in await clinic.alerts(patient)}
    assert await clinic.alerts(other)
    assert await clinic.pool.fetchval("SELECT count(*) FROM evaluation_queue") == 0


async def begun(clinic: Clinic, year: int) -> UUID:
    patient = await clinic.patient(programme=None)
    async with clinic.pool.acquire() as conn:
        await set_plan(
            conn, clinic.organisation, patient, programme="hypertension-esh", overrides={},
            effective_from=dt.datetime(year, 1, 1, tzinfo=dt.UTC), reason="from old", actor=None,
            now=clinic.now, allow_backdate=True,
        )  # fmt: skip
    return patient


@pytest.mark.parametrize("year", [1, 1969])
async def test_a_plan_that_begins_before_there_were_readings_is_refused(
    clinic: Clinic, year: int
) -> None:
    """Judged from the first day of the calendar, the patient could never be judged at all."""
    with pytest.raises(InvalidError, match="effective_from"):
        await begun(clinic, year)


async def test_a_plan_from_when_there_were_is_judged_by(clinic: Clinic) -> None:
    patient = await begun(clinic, 1970)
    await clinic.pressure(patient, 184)
    assert (await clinic.evaluate()).failed == 0
    assert await clinic.alerts(patient)


@pytest.mark.parametrize("value", [1.7e308, -1.7e308, 5e-324, 1e16])
async def test_values_at_the_ends_of_a_float_are_doubted_and_stop_nothing(
    clinic: Clinic, value: float
) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, systolic=value, diastolic=value)
    assert (await clinic.evaluate()).failed == 0
    clinic.later(60 * MINUTE)
    await clinic.pressure(patient, 184)
    assert (await clinic.evaluate()).failed == 0
    rules = {each.rule for each in await clinic.alerts(patient)}
    assert rules == {"check-blood-pressure", "bp-very-high"}
