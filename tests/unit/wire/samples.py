"""Readings and messages that several tests use."""

import datetime as dt

from hypothesis import HealthCheck, settings

from vitals.flags import Special
from vitals.identity import reading_id
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For machines that do other things besides."""
EASTERN = dt.timezone(dt.timedelta(hours=-5))
MEASURED_AT = dt.datetime(2026, 11, 22, 8, 15, 5, tzinfo=EASTERN)
SENT_AT = dt.datetime(2026, 11, 22, 13, 15, 9, tzinfo=dt.UTC)
CUFF = "A0:B1:C2:D3:E4:F5"


def blood_pressure(number: int = 1) -> Reading:
    measured_at = MEASURED_AT + dt.timedelta(minutes=number)
    digits = measured_at.replace(tzinfo=None) + dt.timedelta(seconds=3)
    frame = bytes.fromhex("1e80005100610eea070b16080f050047000104000000")[: 19 + number % 2]
    return Reading(
        id=reading_id(
            device=CUFF,
            kind=Kind.BLOOD_PRESSURE,
            frame=frame,
            device_time=digits,
            sequence=None,
            captured_at=measured_at,
        ),
        device=CUFF,
        kind=Kind.BLOOD_PRESSURE,
        measured_at=measured_at,
        time_quality=TimeQuality.CORRECTED,
        values={"systolic": 128.0, "diastolic": 81.0, "mean": 97.0, "pulse": 71.0},
        device_time=digits,
        clock_drift_s=3.0,
        user=1,
        flags=("irregular_pulse",),
        frame=frame.hex(),
        profile="omron_standard",
        seq=number,
    )


def glucose_above_range() -> Reading:
    return Reading(
        id=reading_id(
            device=CUFF,
            kind=Kind.GLUCOSE,
            frame=b"\x01",
            device_time=None,
            sequence=412,
            captured_at=MEASURED_AT,
        ),
        device=CUFF,
        kind=Kind.GLUCOSE,
        measured_at=MEASURED_AT,
        time_quality=TimeQuality.GATEWAY,
        values={},
        sequence=412,
        special={"glucose": Special.HI},
        context={"meal": "before_meal", "carbohydrate_g": 45.0},
    )
