"""A glucose meter serves its records on request, with every answer the control point knows."""

import asyncio
import datetime as dt

import pytest
from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError

from device_profiles import current_time, date_time, gatt, glucose_context, record_access
from device_profiles.decoding import decode
from device_profiles.record_access import Answer, Op, Operator, RecordAccess
from simulator.devices.glucose_meter import GlucoseMeter
from simulator.faults import ClockFaults, Faults, RecordFaults
from simulator.radio import VirtualRadio
from simulator.traits import traits_of
from tests.integration.simulator.central import Frames, connected, quiet, subscribe
from vitals.flags import Flag, Meal, Special
from vitals.kinds import Kind
from vitals.reading import Measurement

ADDRESS = "A0:B1:C2:00:00:05"
VALUES = gatt.GLUCOSE_MEASUREMENT
CONTEXTS = gatt.GLUCOSE_CONTEXT
RACP = gatt.RECORD_ACCESS_CONTROL_POINT
ALL = record_access.report_all()


async def meter_with(
    radio: VirtualRadio, *, records: int = 3, faults: Faults | None = None, first_number: int = 1
) -> GlucoseMeter:
    meter = GlucoseMeter(
        address=ADDRESS,
        traits=traits_of(advertising_interval_ms=20),
        faults=faults,
        first_number=first_number,
    )
    await radio.add(meter)
    for count in range(records):
        await meter.measure(glucose=100 + count)
    return meter


async def ask(client: BleakClient, request: bytes) -> None:
    await client.write_gatt_char(gatt.full(RACP), request, response=True)


async def asked(radio: VirtualRadio, meter: GlucoseMeter, *requests: bytes) -> Frames:
    """Everything that comes back from a session with these requests."""
    async with connected(radio, meter) as client:
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        for request in requests:
            await ask(client, request)
            await quiet(frames, for_s=0.05)
        return frames


def numbers(frames: Frames) -> list[int | None]:
    return [decode(uuid, frame).sequence for uuid, frame in frames if uuid == VALUES]


def answers(frames: Frames) -> list[RecordAccess]:
    return [record_access.decode(frame) for uuid, frame in frames if uuid == RACP]


async def test_all_records_come_in_order_and_then_the_answer(radio: VirtualRadio) -> None:
    meter = await meter_with(radio)
    frames = await asked(radio, meter, ALL)
    assert numbers(frames) == [1, 2, 3]
    assert frames[-1] == (RACP, record_access.response(Op.REPORT, Answer.SUCCESS))
    assert len(meter.memory) == 3
    assert not meter.is_advertising


async def test_five_hundred_loaded_records_come_in_one_session(radio: VirtualRadio) -> None:
    start = dt.datetime.fromisoformat("2026-01-01T08:00")
    past = [
        Measurement(
            kind=Kind.GLUCOSE,
            values={"glucose": 60.0 + number},
            device_time=start + dt.timedelta(hours=6 * number),
        )
        for number in range(500)
    ]
    meter = await radio.add(GlucoseMeter(address=ADDRESS))
    await meter.load(past)
    frames = await asked(radio, meter, ALL)
    got = [decode(uuid, frame) for uuid, frame in frames if uuid == VALUES]
    assert [(m.device_time, m.values) for m in got] == [(m.device_time, m.values) for m in past]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (record_access.report_from(2), [2, 3]),
        (bytes((Op.REPORT, Operator.LESS_OR_EQUAL, 1, 2, 0)), [1, 2]),
        (bytes((Op.REPORT, Operator.RANGE, 1, 2, 0, 2, 0)), [2]),
        (bytes((Op.REPORT, Operator.FIRST)), [1]),
        (record_access.report_last(), [3]),
    ],
)
async def test_each_operator_chooses_its_records(
    radio: VirtualRadio, request_: bytes, expected: list[int]
) -> None:
    frames = await asked(radio, await meter_with(radio), request_)
    assert numbers(frames) == expected
    assert answers(frames)[-1].succeeded


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (record_access.report_from(4), Answer.NO_RECORDS),
        (bytes((9, Operator.ALL)), Answer.OP_NOT_SUPPORTED),
        (bytes((Op.REPORT, Operator.NULL)), Answer.INVALID_OPERATOR),
        (bytes((Op.REPORT, 7)), Answer.OPERATOR_NOT_SUPPORTED),
        (bytes((Op.REPORT, Operator.ALL, 1)), Answer.INVALID_OPERAND),
        (bytes((Op.REPORT, Operator.GREATER_OR_EQUAL, 1, 2)), Answer.INVALID_OPERAND),
        (bytes((Op.REPORT, Operator.GREATER_OR_EQUAL)), Answer.INVALID_OPERAND),
        (bytes((Op.REPORT, Operator.RANGE, 1, 3, 0, 2, 0)), Answer.INVALID_OPERAND),
        (bytes((Op.REPORT, Operator.RANGE, 2, 3, 0, 2, 0)), Answer.OPERAND_NOT_SUPPORTED),
    ],
)
async def test_what_cannot_be_met_is_answered_with_its_code(
    radio: VirtualRadio, request_: bytes, code: Answer
) -> None:
    frames = await asked(radio, await meter_with(radio), request_)
    assert frames == [(RACP, record_access.response(request_[0], code))]


@pytest.mark.parametrize("count_bytes", [1, 2, 4])
async def test_a_count_is_as_wide_as_the_meter_likes(radio: VirtualRadio, count_bytes: int) -> None:
    faults = Faults(record_access=RecordFaults(count_bytes=count_bytes))
    meter = await meter_with(radio, faults=faults)
    frames = await asked(radio, meter, record_access.count_all(), record_access.count_from(3))
    assert [answer.count for answer in answers(frames)] == [3, 1]
    assert all(len(frame) == 2 + count_bytes for _, frame in frames)
    assert meter.has_news


async def test_deleted_records_are_gone(radio: VirtualRadio) -> None:
    meter = await meter_with(radio)
    delete = bytes((Op.DELETE, Operator.ALL))
    frames = await asked(radio, meter, delete, delete, ALL)
    assert [answer.response for answer in answers(frames)] == [
        Answer.SUCCESS,
        Answer.NO_RECORDS,
        Answer.NO_RECORDS,
    ]


async def test_an_abort_ends_a_transfer(radio: VirtualRadio) -> None:
    meter = GlucoseMeter(
        address=ADDRESS, traits=traits_of(frame_gap_s=0.05, advertising_interval_ms=20)
    )
    await radio.add(meter)
    for count in range(20):
        await meter.measure(glucose=100 + count)
    async with connected(radio, meter) as client:
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        await ask(client, ALL)
        await asyncio.sleep(0.12)
        await ask(client, record_access.abort())
        await quiet(frames)
    assert 1 < len(numbers(frames)) < 10
    assert frames[-1] == (RACP, record_access.response(Op.ABORT, Answer.SUCCESS))
    assert meter.has_news


async def test_a_meter_that_cannot_abort_goes_on(radio: VirtualRadio) -> None:
    meter = GlucoseMeter(
        address=ADDRESS,
        traits=traits_of(frame_gap_s=0.02, advertising_interval_ms=20),
        faults=Faults(record_access=RecordFaults(aborts_unsuccessful=True)),
    )
    await radio.add(meter)
    for count in range(5):
        await meter.measure(glucose=100 + count)
    async with connected(radio, meter) as client:
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        await ask(client, ALL)
        await ask(client, record_access.abort())
        await quiet(frames)
    assert numbers(frames) == [1, 2, 3, 4, 5]
    assert [(a.request, a.response) for a in answers(frames)] == [
        (Op.ABORT, Answer.ABORT_UNSUCCESSFUL),
        (Op.REPORT, Answer.SUCCESS),
    ]


@pytest.mark.parametrize("code", [0x80, 0xFE])
async def test_a_second_request_during_a_transfer_is_refused_as_busy(
    radio: VirtualRadio, code: int
) -> None:
    meter = GlucoseMeter(
        address=ADDRESS,
        traits=traits_of(frame_gap_s=0.02, advertising_interval_ms=20),
        faults=Faults(record_access=RecordFaults(busy_code=code)),
    )
    await radio.add(meter)
    for count in range(5):
        await meter.measure(glucose=100 + count)
    async with connected(radio, meter) as client:
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        await ask(client, ALL)
        with pytest.raises(BleakGATTProtocolError) as refused:
            await ask(client, ALL)
        assert int(refused.value.code) == code
        await quiet(frames)
    assert numbers(frames) == [1, 2, 3, 4, 5]


async def test_a_meter_that_is_busy_at_first_answers_the_next_request(
    radio: VirtualRadio,
) -> None:
    faults = Faults(record_access=RecordFaults(busy_times=1, busy_code=0x80))
    meter = await meter_with(radio, faults=faults)
    async with connected(radio, meter) as client:
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        with pytest.raises(BleakGATTProtocolError):
            await ask(client, ALL)
        await ask(client, ALL)
        await quiet(frames)
    assert numbers(frames) == [1, 2, 3]


@pytest.mark.parametrize("code", [0x81, 0xFD])
async def test_a_request_before_the_subscriptions_is_refused(
    radio: VirtualRadio, code: int
) -> None:
    faults = Faults(record_access=RecordFaults(unconfigured_code=code))
    meter = await meter_with(radio, faults=faults)
    async with connected(radio, meter) as client:
        await subscribe(client, RACP)
        with pytest.raises(BleakGATTProtocolError) as refused:
            await ask(client, ALL)
        assert int(refused.value.code) == code


async def test_operators_may_be_unsupported_and_a_transfer_not_completed(
    radio: VirtualRadio,
) -> None:
    faults = Faults(
        record_access=RecordFaults(
            operators_unsupported=frozenset({Operator.GREATER_OR_EQUAL}), not_completed_after=2
        )
    )
    meter = await meter_with(radio, faults=faults)
    frames = await asked(radio, meter, record_access.report_from(1), ALL)
    assert numbers(frames) == [1, 2]
    assert [answer.response for answer in answers(frames)] == [
        Answer.OPERATOR_NOT_SUPPORTED,
        Answer.NOT_COMPLETED,
    ]


async def test_a_meter_that_never_answers(radio: VirtualRadio) -> None:
    faults = Faults(record_access=RecordFaults(never_answers=True))
    assert await asked(radio, await meter_with(radio, faults=faults), ALL) == []


async def test_a_link_lost_in_the_middle_of_a_transfer(radio: VirtualRadio) -> None:
    meter = await meter_with(radio, records=6, faults=Faults(drop_link_after_frames=3))
    async with connected(radio, meter) as client:
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        await ask(client, ALL)
        await quiet(frames)
        assert not client.is_connected
        with pytest.raises(BleakError):
            await ask(client, ALL)
    assert numbers(frames) == [1, 2, 3]
    assert meter.is_advertising
    assert numbers(await asked(radio, meter, record_access.report_from(3))) == [3, 4, 5, 6]


async def test_a_context_follows_its_measurement(radio: VirtualRadio) -> None:
    meter = await meter_with(radio, records=0)
    await meter.measure(
        glucose=142, unit="mmol/L", context={"meal": Meal.AFTER, "carbohydrate_g": 45.0}
    )
    await meter.measure(glucose=95)
    frames = await asked(radio, meter, ALL)
    assert [uuid for uuid, _ in frames] == [VALUES, CONTEXTS, VALUES, RACP]
    context = glucose_context.decode(frames[1][1])
    said = glucose_context.join(decode(VALUES, frames[0][1]), context)
    assert (said.context["meal"], said.context["carbohydrate_g"]) == (Meal.AFTER, 45.0)
    assert said.details["unit"] == "mmol/L"
    assert said.values["glucose"] == pytest.approx(142, abs=1)


@pytest.mark.parametrize(
    ("glucose", "special", "flag"),
    [
        (19, Special.LO, Flag.RESULT_TOO_LOW),
        (20, None, None),
        (21, None, None),
        (599, None, None),
        (600, None, None),
        (601, Special.HI, Flag.RESULT_TOO_HIGH),
    ],
)
async def test_beyond_its_range_a_meter_says_hi_or_lo(
    radio: VirtualRadio, glucose: float, special: Special | None, flag: Flag | None
) -> None:
    meter = await meter_with(radio, records=0)
    await meter.measure(glucose=glucose)
    frames = await asked(radio, meter, ALL)
    said = decode(*frames[0])
    assert said.special.get("glucose") == special
    assert said.flags == (() if flag is None else (flag,))


async def test_control_solution_is_marked(radio: VirtualRadio) -> None:
    meter = await meter_with(radio, records=0)
    await meter.measure(glucose=110, flags=(Flag.CONTROL_SOLUTION,))
    said = decode(*(await asked(radio, meter, ALL))[0])
    assert said.flags == ("control_solution",)
    assert said.context["sample"] == "control_solution"


async def test_numbers_start_again_after_65535(radio: VirtualRadio) -> None:
    meter = await meter_with(radio, first_number=0xFFFE)
    assert numbers(await asked(radio, meter, ALL)) == [0xFFFE, 0xFFFF, 0]


async def test_setting_the_clock_moves_the_offset_and_not_the_base_time(
    radio: VirtualRadio,
) -> None:
    meter = GlucoseMeter(
        address=ADDRESS,
        traits=traits_of(advertising_interval_ms=20),
        faults=Faults(clock=ClockFaults(offset_s=-7200)),
    )
    await radio.add(meter)
    await meter.measure(glucose=100)
    right = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    async with connected(radio, meter) as client:
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        clock = gatt.full(gatt.CURRENT_TIME)
        await client.write_gatt_char(clock, current_time.encode(right), response=True)
        await meter.measure(glucose=101)
        await ask(client, ALL)
        await quiet(frames)
    before, after = [decode(uuid, frame) for uuid, frame in frames if uuid == VALUES]
    assert before.device_time is not None
    assert after.device_time is not None
    assert "time_offset_min" not in before.details
    assert after.details["time_offset_min"] == 120
    assert right - before.device_time > dt.timedelta(minutes=119)
    assert abs(after.device_time - right) < dt.timedelta(minutes=1)


async def test_a_caresens_meter_is_set_by_its_makers_own_frame(radio: VirtualRadio) -> None:
    meter = GlucoseMeter(
        address=ADDRESS, profile="caresens", faults=Faults(clock=ClockFaults(month_13=True))
    )
    await radio.add(meter)
    await meter.measure(glucose=100)
    async with connected(radio, meter, pair=True) as client:
        frame = b"\xc0\x03\x01\x00" + bytes((0xEA, 0x07, 11, 22, 8, 0, 0))
        await client.write_gatt_char(gatt.full("fff1"), frame, response=True)
        assert meter.clock.times_set == 1
        with pytest.raises(BleakGATTProtocolError):
            await client.write_gatt_char(gatt.full("fff1"), b"\x00" * 11, response=True)
        frames = await subscribe(client, VALUES, CONTEXTS, RACP)
        await ask(client, ALL)
        await quiet(frames)
    assert decode(*frames[0]).device_time is None


@pytest.mark.parametrize(("never_tells", "answers"), [(False, 2), (True, 0)])
async def test_a_caresens_meter_tells_its_time_when_asked_and_when_set(
    radio: VirtualRadio,
    never_tells: bool,  # noqa: FBT001
    answers: int,
) -> None:
    faults = Faults(clock=ClockFaults(offset_s=7200, never_tells=never_tells))
    meter = GlucoseMeter(address=ADDRESS, profile="caresens", faults=faults)
    await radio.add(meter)
    await meter.measure(glucose=100)
    heard: list[bytes] = []
    head = b"\xc0\x03\x01\x00"
    async with connected(radio, meter, pair=True) as client:
        door = gatt.full("fff1")
        await client.start_notify(door, lambda _, data: heard.append(bytes(data)))
        shown = meter.clock.shown()
        await client.write_gatt_char(door, head + bytes(7), response=True)
        right = shown - dt.timedelta(hours=2)
        await client.write_gatt_char(door, head + date_time.encode(right), response=True)
        await asyncio.sleep(0.1)
    assert len(heard) == answers
    if heard:
        told = date_time.parse(heard[0][4:])
        assert told is not None
        assert abs(told - shown) < dt.timedelta(seconds=2)
    assert meter.clock.times_set == 1
