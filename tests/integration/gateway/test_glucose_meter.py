import asyncio
import dataclasses
from collections.abc import Sequence

import pytest

from simulator.devices.glucose_meter import GlucoseMeter
from simulator.faults import Faults, RecordFaults
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from vitals.flags import Meal
from vitals.reading import Reading

ADDRESS = "00:60:19:00:00:01"


async def meter_of(radio: VirtualRadio, *values: float, **faults: object) -> GlucoseMeter:
    record_access = RecordFaults(**faults)  # type: ignore[arg-type]
    meter = GlucoseMeter(
        address=ADDRESS, profile="caresens", zone=HOME, faults=Faults(record_access=record_access)
    )
    for value in values:
        await meter.measure(glucose=value)
    return await radio.add(meter)


def glucose(readings: Sequence[Reading]) -> list[float]:
    return [reading.values["glucose"] for reading in readings]


async def test_all_stored_records_arrive_in_their_order(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    await meter_of(radio, 101, 102, 103)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 3)

    assert glucose(clinic.received) == [101, 102, 103]
    assert [reading.sequence for reading in clinic.received] == [1, 2, 3]
    assert [reading.seq for reading in clinic.received] == [1, 2, 3]


async def test_the_meal_is_joined_to_its_measurement(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio)
    await meter.measure(glucose=140, context={"meal": Meal.AFTER})
    await meter.measure(glucose=98)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 2)

    after, without = clinic.received
    assert after.context["meal"] == "after_meal"
    assert "meal" not in without.context


async def test_a_later_visit_asks_only_for_what_is_new(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, 101, 102)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 2)
        await until(lambda: not meter.is_connected)
        await meter.measure(glucose=103)
        await until(lambda: len(clinic.stored) == 3)

    assert glucose(clinic.received) == [101, 102, 103]


async def test_a_meter_that_counts_from_one_again_is_read_from_the_start(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, 101, 102)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 2)
        await until(lambda: not meter.is_connected)
        await radio.remove(meter)
        await meter_of(radio, 201)
        await until(lambda: len(clinic.stored) == 3)

    assert glucose(clinic.received) == [101, 102, 201]


@pytest.mark.parametrize("code", [0x80, 0xFE])
async def test_a_busy_meter_is_asked_again(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, code: int
) -> None:
    await meter_of(radio, 101, busy_code=code, busy_times=2)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 1)


@pytest.mark.parametrize("code", [0x81, 0xFD])
async def test_a_meter_that_forgot_its_subscriptions_is_subscribed_to_anew(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, code: int
) -> None:
    meter = await meter_of(radio, 101, 102, unconfigured_code=code, unconfigured_times=1)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 2)
        await until(lambda: not meter.is_connected)

    assert meter.sessions == 1


@pytest.mark.parametrize("first_number", [65534, 65535])
async def test_numbers_that_wrap_lose_no_record_and_repeat_none(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub, first_number: int
) -> None:
    """Within a report, between two visits, and in a visit after the wrap."""
    meter = GlucoseMeter(address=ADDRESS, profile="caresens", zone=HOME, first_number=first_number)
    await meter.measure(glucose=101)
    await meter.measure(glucose=102)
    await radio.add(meter)

    async with start_hub(pace=0.02):
        await until(lambda: len(clinic.stored) == 2 and not meter.is_connected)
        await meter.measure(glucose=103)
        await meter.measure(glucose=104)
        await until(lambda: len(clinic.stored) == 4 and not meter.is_connected)
        await meter.measure(glucose=105)
        await until(lambda: len(clinic.stored) == 5)

    assert glucose(clinic.received) == [101, 102, 103, 104, 105]
    numbers = [(first_number + step) & 0xFFFF for step in range(5)]
    assert [reading.sequence for reading in clinic.received] == numbers


async def test_a_meter_that_sends_each_record_twice_has_each_once(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio)
    meter.set_faults(Faults(send_twice=True))
    await meter.measure(glucose=101, context={"meal": Meal.FASTING})
    await meter.measure(glucose=102)

    async with start_hub(pace=0.03):
        await until(lambda: len(clinic.stored) == 2 and not meter.is_connected)
        await asyncio.sleep(0.2)

    assert glucose(clinic.received) == [101, 102]
    assert clinic.received[0].context["meal"] == "fasting"


async def test_a_meter_that_only_knows_all_is_asked_for_all(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, 101, operators_unsupported=frozenset({3}))

    async with start_hub():
        await until(lambda: len(clinic.stored) == 1)
        await until(lambda: not meter.is_connected)
        await meter.measure(glucose=102)
        await until(lambda: len(clinic.stored) == 2)

    assert glucose(clinic.received) == [101, 102]


async def test_a_report_that_breaks_off_is_asked_for_again_whole(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, 101, 102, 103, 104, not_completed_after=2)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 2)
        meter.set_faults(Faults())
        await until(lambda: len(clinic.stored) == 4)

    assert sorted(glucose(clinic.received)) == [101, 102, 103, 104]


async def test_a_link_lost_in_the_middle_of_a_report_loses_nothing(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, 101, 102, 103)
    meter.set_faults(dataclasses.replace(Faults(), drop_link_after_frames=2))

    async with start_hub():
        await until(lambda: len(clinic.stored) == 3)

    assert sorted(glucose(list(clinic.stored.values()))) == [101, 102, 103]
    assert len(clinic.received) == 3


async def test_a_meter_that_never_answers_is_left_alone_for_a_while(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    meter = await meter_of(radio, 101, never_answers=True)

    async with start_hub(racp_silence_s=0.5):
        await until(lambda: meter.sessions >= 1)
        meter.set_faults(Faults())
        await until(lambda: len(clinic.stored) == 1)


async def test_a_count_of_any_width_is_understood(
    radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    await meter_of(radio, 101, count_bytes=4)

    async with start_hub():
        await until(lambda: len(clinic.stored) == 1)
