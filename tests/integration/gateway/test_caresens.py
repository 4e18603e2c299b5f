"""i-SENS CareSens: a clock that is asked and not read, HI and LO as numbers, ketones."""

import datetime as dt

import pytest

from simulator.devices.glucose_meter import GlucoseMeter
from simulator.faults import ClockFaults, Faults
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from vitals.flags import Meal
from vitals.reading import TimeQuality

METER = "00:60:19:00:00:01"


async def meter_of(radio: VirtualRadio, **clock: object) -> GlucoseMeter:
    faults = Faults(clock=ClockFaults(**clock))  # type: ignore[arg-type]
    return await radio.add(
        GlucoseMeter(address=METER, profile="caresens", zone=HOME, faults=faults)
    )


def an_hour_ago() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(hours=1)


async def test_a_clock_that_is_two_hours_off_is_asked_then_set_and_its_records_corrected(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, offset_s=7200)
    measured_at = an_hour_ago()
    await meter.measure(glucose=101, at=measured_at)

    async with start_hub(pace=0.03):
        await until(lambda: clinic.stored)
        await until(lambda: not meter.is_connected)

    (reading,) = clinic.received
    assert reading.time_quality is TimeQuality.CORRECTED
    assert abs((reading.measured_at - measured_at).total_seconds()) <= 2
    assert reading.clock_drift_s == pytest.approx(7200, abs=2)
    assert meter.clock.times_set == 1
    assert abs(meter.clock.drift_s) < 2


async def test_a_clock_that_does_not_answer_is_set_and_counts_as_not_read(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, never_tells=True, offset_s=-7200)
    measured_at = an_hour_ago()
    await meter.measure(glucose=101, at=measured_at)

    async with start_hub(clock_answer_s=0.2):
        await until(lambda: clinic.stored)
        await until(lambda: not meter.is_connected)

    (reading,) = clinic.received
    assert reading.time_quality is TimeQuality.DEVICE
    assert reading.context["time_rule"] == "device_clock_not_checked"
    assert reading.clock_drift_s is None
    assert abs(meter.clock.drift_s) < 2, "the clock was set"


async def test_hi_lo_and_ketones_are_told_apart_once_their_contexts_are_there(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio)
    await meter.measure(glucose=640, context={"meal": Meal.AFTER})
    await meter.measure(glucose=12, context={"meal": Meal.FASTING})
    await meter.measure(glucose=700)
    await meter.measure_ketone(mmol_per_l=1.4)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 4)

    high, low, bare, ketone = clinic.received
    assert high.values == low.values == bare.values == ketone.values == {}
    assert [one.special.get("glucose") for one in clinic.received] == ["hi", "lo", "hi", None]
    assert high.context["meal"] == "after_meal"
    assert low.context["meal"] == "fasting"
    assert "meal" not in ketone.context
    assert ketone.context["analyte"] == "ketone"
    assert ketone.context["ketone_mmol_per_l"] == 1.4
