"""What rules look at is what was stored."""

import datetime as dt
import math

from alerts.evaluating.windows import Window, load_windows
from alerts.judging.batch import microseconds
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, Clinic
from vitals.flags import Special
from vitals.kinds import Kind


async def test_rows_come_by_patient_and_instant_with_all_they_have(clinic: Clinic) -> None:
    one, other = await clinic.patient(), await clinic.patient()
    ids = [
        await clinic.pressure(one, 131, at=clinic.now - HOUR),
        await clinic.pressure(one, 132.5, flags=("body_movement", "cuff_too_loose")),
        await clinic.pressure(other, 140, at=clinic.now - DAY, received_at=clinic.now),
    ]
    await clinic.pressure(one, 99, at=clinic.now - 3 * DAY)
    windows = [
        Window(patient_id=one, since=clinic.now - DAY, segment=0),
        Window(patient_id=other, since=clinic.now - DAY, segment=2),
    ]
    async with clinic.pool.acquire() as conn:
        loaded = await load_windows(conn, Kind.BLOOD_PRESSURE, windows)
    series = loaded.series
    assert list(loaded.readings) == ids
    assert (loaded.readings[-1], loaded.readings[1:]) == (ids[2], ids[1:])
    assert series.segment.tolist() == [0, 0, 2]
    assert series.at.tolist() == [
        microseconds(clinic.now - HOUR), microseconds(clinic.now), microseconds(clinic.now - DAY),
    ]  # fmt: skip
    assert series.received_at.tolist() == [microseconds(clinic.now)] * 3
    assert series.values["systolic"].tolist() == [131, 132.5, 140]
    assert [math.isnan(each) for each in series.values["pulse"]] == [True] * 3
    assert {flag: marks.tolist() for flag, marks in series.flags.items()} == {
        "body_movement": [False, True, False],
        "cuff_too_loose": [False, True, False],
    }
    day = (clinic.now.date() - dt.date(1970, 1, 1)).days
    assert series.local_day.tolist() == [day, day, day - 1]
    assert series.local_minute.tolist() == [11 * 60, 12 * 60, 12 * 60]


async def test_hi_and_lo_are_beyond_all_numbers(clinic: Clinic) -> None:
    patient = await clinic.patient(programme="diabetes-type-1")
    for minutes, word in ((0, None), (10, Special.HI), (20, Special.LO)):
        at = clinic.now + minutes * MINUTE
        await clinic.measured(patient, kind=Kind.GLUCOSE, at=at, glucose=100.0)
        if word is not None:
            async with clinic.pool.acquire() as conn:
                await conn.execute(
                    "UPDATE readings SET glucose = NULL, special = jsonb_build_object('glucose',"
                    " $2::text) WHERE measured_at = $1", at, word,
                )  # fmt: skip
    window = Window(patient_id=patient, since=clinic.now, segment=0)
    async with clinic.pool.acquire() as conn:
        loaded = await load_windows(conn, Kind.GLUCOSE, [window])
        newest = await load_windows(conn, Kind.GLUCOSE, [window], rows_most=2)
        none = await load_windows(conn, Kind.WEIGHT, [window])
    assert loaded.series.values["glucose"].tolist() == [100.0, math.inf, -math.inf]
    assert newest.series.values["glucose"].tolist() == [math.inf, -math.inf]
    assert (len(none.series), len(none.readings)) == (0, 0)
