import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_profiles import gatt, glucose_context
from device_profiles.catalog import CATALOG
from device_profiles.decoding import DECODERS
from device_profiles.glucose_context import GlucoseContext
from gateway.clock import ClockReading, ClockRules
from gateway.interpretation import Made, Nothing, Outcome, Refused, interpret
from gateway.journal import Frame
from gateway.own_clock import Moment
from tests.unit.gateway.builders import NOW, frame, frame_of, moment
from vitals.kinds import Kind
from vitals.reading import Measurement, Reading, TimeQuality

HOME = ZoneInfo("America/New_York")
EIGHT = dt.datetime.fromisoformat("2026-11-22T02:55")
"""Digits, five minutes before NOW in New York."""
CUFF_SAYS = Measurement(
    kind=Kind.BLOOD_PRESSURE, values={"systolic": 128, "diastolic": 81}, device_time=EIGHT
)


def meter_says(number: int, **details: Any) -> Measurement:
    return Measurement(
        kind=Kind.GLUCOSE,
        values={"glucose": 100.0 + number},
        device_time=EIGHT,
        sequence=number,
        details={"unit": "mg/dL", **details},
    )


def meaning(*frames: Frame, at: Moment | None = None) -> list[Outcome]:
    return interpret(frames, moment=at or moment(), zone=HOME, rules=ClockRules())


def readings(outcomes: Sequence[Outcome]) -> list[Reading]:
    return [outcome.reading for outcome in outcomes if isinstance(outcome, Made)]


def context_frame(number: int, **changes: Any) -> Frame:
    said = GlucoseContext(sequence=number, context={"meal": "fasting"})
    return frame(gatt.GLUCOSE_CONTEXT, glucose_context.encode(said), **changes)


def test_a_frame_becomes_a_reading_with_all_its_provenance() -> None:
    look = ClockReading(digits=EIGHT + dt.timedelta(minutes=5, seconds=3), read_at=NOW)
    said = frame_of(gatt.BLOOD_PRESSURE_MEASUREMENT, CUFF_SAYS, look=look)
    (reading,) = readings(meaning(said))
    assert reading.measured_at.isoformat() == "2026-11-22T02:55:00-05:00"
    assert reading.time_quality is TimeQuality.DEVICE
    assert reading.device_time == EIGHT
    assert reading.clock_drift_s == 3
    assert reading.frame == said.data.hex()
    assert reading.profile == "generic"
    assert reading.context == {}


def test_the_rule_that_chose_the_time_is_told_where_it_is_not_obvious() -> None:
    (reading,) = readings(meaning(frame_of(gatt.BLOOD_PRESSURE_MEASUREMENT, CUFF_SAYS)))
    assert reading.context == {"time_rule": "device_clock_not_checked"}


def test_a_frame_cut_short_is_kept_with_the_reason() -> None:
    (outcome,) = meaning(frame(gatt.BLOOD_PRESSURE_MEASUREMENT, b"\x1e\x80"))
    assert isinstance(outcome, Refused)
    assert "truncated" in outcome.error


def test_a_cuff_that_still_inflates_is_no_reading() -> None:
    inflating = frame(gatt.INTERMEDIATE_CUFF_PRESSURE, bytes.fromhex("005a00ff07ff07"))
    (outcome,) = meaning(inflating)
    assert isinstance(outcome, Nothing)


def test_records_of_a_meter_wait_for_the_end_of_the_visit() -> None:
    assert meaning(frame_of(gatt.GLUCOSE_MEASUREMENT, meter_says(1), ended=False)) == []


def test_a_context_joins_its_measurement_whatever_lies_between() -> None:
    outcomes = meaning(
        frame_of(gatt.GLUCOSE_MEASUREMENT, meter_says(1, context_follows=True), id=1),
        frame_of(gatt.GLUCOSE_MEASUREMENT, meter_says(2), id=2),
        context_frame(1, id=3),
    )
    first, second = readings(outcomes)
    assert first.context["meal"] == "fasting"
    assert first.context["frame_2a34"] == context_frame(1).data.hex()
    assert "meal" not in second.context
    assert isinstance(outcomes[0], Made)
    assert [part.id for part in outcomes[0].frames] == [1, 3]


def test_a_context_does_not_change_what_the_record_is() -> None:
    said = frame_of(gatt.GLUCOSE_MEASUREMENT, meter_says(1, context_follows=True))
    (alone,) = readings(meaning(said, at=moment(up_s=5000)))
    (joined,) = readings(meaning(said, context_frame(1, id=2)))
    assert alone.id == joined.id


def test_a_measurement_waits_a_quarter_of_an_hour_for_a_context_that_got_lost() -> None:
    said = frame_of(gatt.GLUCOSE_MEASUREMENT, meter_says(1, context_follows=True))
    captured = said.captured.up_s
    assert meaning(said, at=moment(up_s=captured + 899)) == []
    assert len(readings(meaning(said, at=moment(up_s=captured + 900)))) == 1


def test_a_context_without_a_measurement_is_kept_for_a_person() -> None:
    (outcome,) = meaning(context_frame(9), at=moment(up_s=5000))
    assert isinstance(outcome, Refused)
    assert "context_without_measurement" in outcome.error


def test_a_context_sent_twice_is_taken_once_and_does_not_stay() -> None:
    outcomes = meaning(
        frame_of(gatt.GLUCOSE_MEASUREMENT, meter_says(1, context_follows=True), id=1),
        context_frame(1, id=2),
        context_frame(1, id=3),
    )
    (made,) = readings(outcomes)
    assert made.context["meal"] == "fasting"
    assert sorted(part.id for outcome in outcomes for part in outcome.frames) == [1, 2, 3]
    assert not any(isinstance(outcome, Refused) for outcome in outcomes)


def test_a_number_used_again_takes_the_context_of_its_own_visit() -> None:
    said = GlucoseContext(sequence=1, context={"meal": "bedtime"})
    other = frame(gatt.GLUCOSE_CONTEXT, glucose_context.encode(said), id=3, session=2)
    (reading,) = readings(
        meaning(
            frame_of(gatt.GLUCOSE_MEASUREMENT, meter_says(1, context_follows=True), id=1),
            context_frame(1, id=2),
            other,
        )
    )
    assert reading.context["meal"] == "fasting"


def test_two_packets_of_one_weighing_are_one_reading() -> None:
    first = Measurement(
        kind=Kind.BODY_COMPOSITION,
        values={"body_fat": 22.5, "muscle_percentage": 40.0},
        device_time=EIGHT,
        details={"multiple_packet": True},
    )
    second = Measurement(
        kind=Kind.BODY_COMPOSITION,
        values={"body_fat": 22.5, "impedance": 512.0},
        device_time=EIGHT,
        details={"multiple_packet": True},
    )
    (reading,) = readings(
        meaning(
            frame_of(gatt.BODY_COMPOSITION_MEASUREMENT, first, id=1),
            frame_of(gatt.BODY_COMPOSITION_MEASUREMENT, second, id=2),
        )
    )
    assert reading.values == {"body_fat": 22.5, "muscle_percentage": 40.0, "impedance": 512.0}


def test_what_was_captured_without_a_clock_is_timed_when_there_is_one() -> None:
    born = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    said = frame_of(
        gatt.BLOOD_PRESSURE_MEASUREMENT,
        CUFF_SAYS,
        captured=Moment(now=born, up_s=400, boot="boot-1"),
        clock_trusted=False,
        look=ClockReading(digits=EIGHT, read_at=born),
        look_up_s=398,
    )
    (reading,) = readings(meaning(said, at=moment(up_s=700)))
    captured = NOW - dt.timedelta(seconds=300)
    assert reading.time_quality is TimeQuality.DEVICE
    assert reading.clock_drift_s == 2
    assert abs(reading.measured_at - captured) < dt.timedelta(seconds=3)


def test_what_was_captured_without_a_clock_before_a_reboot_says_so() -> None:
    said = frame_of(
        gatt.WEIGHT_MEASUREMENT,
        Measurement(kind=Kind.WEIGHT, values={"weight": 70.5}),
        captured=Moment(now=dt.datetime(1970, 1, 1, tzinfo=dt.UTC), up_s=400, boot="boot-0"),
        clock_trusted=False,
    )
    (reading,) = readings(meaning(said))
    assert reading.measured_at == NOW
    assert reading.context["time_rule"] == "hub_had_no_clock"


def test_a_reading_that_the_clinic_would_refuse_is_kept_here() -> None:
    endless = frame_of(
        gatt.WEIGHT_MEASUREMENT, Measurement(kind=Kind.WEIGHT, values={"weight": 70})
    )
    grown = frame(gatt.WEIGHT_MEASUREMENT, endless.data + bytes(600))
    (outcome,) = meaning(grown)
    assert isinstance(outcome, Refused)
    assert "unsendable" in outcome.error


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*DECODERS, gatt.GLUCOSE_CONTEXT, "ffff"]),
            st.binary(max_size=40),
            st.sampled_from(list(CATALOG)),
        ),
        max_size=6,
    )
)
def test_any_frames_have_at_most_one_outcome_each(
    said: list[tuple[str, bytes, str]],
) -> None:
    frames = [
        frame(uuid, data, id=number, profile=profile)
        for number, (uuid, data, profile) in enumerate(said, start=1)
    ]
    outcomes = meaning(*frames, at=moment(up_s=9000))
    seen = [part.id for outcome in outcomes for part in outcome.frames]
    assert len(seen) == len(set(seen))
    assert set(seen) <= {one.id for one in frames}


def caresens_says(number: int, value: float, **changes: Any) -> Frame:
    said = Measurement(
        kind=Kind.GLUCOSE,
        values={"glucose": value},
        device_time=EIGHT,
        sequence=number,
        details={"unit": "mg/dL", "context_follows": True},
    )
    return frame_of(gatt.GLUCOSE_MEASUREMENT, said, profile="caresens", **changes)


def caresens_context(number: int, meal: int, **changes: Any) -> Frame:
    said = GlucoseContext(sequence=number, details={"meal": meal})
    data = glucose_context.encode(said)
    return frame(gatt.GLUCOSE_CONTEXT, data, profile="caresens", **changes)


@pytest.mark.parametrize(("value", "special"), [(601, "hi"), (19, "lo")])
def test_a_caresens_number_out_of_range_is_hi_or_lo_once_its_context_is_there(
    value: float, special: str
) -> None:
    (reading,) = readings(meaning(caresens_says(1, value), caresens_context(1, 3, id=2)))
    assert reading.values == {}
    assert reading.special == {"glucose": special}
    assert reading.context["meal"] == "fasting"


@pytest.mark.parametrize("value", [20, 600])
def test_a_caresens_number_at_the_end_of_its_range_is_a_number(value: float) -> None:
    (reading,) = readings(meaning(caresens_says(1, value), caresens_context(1, 3, id=2)))
    assert reading.values == {"glucose": value}
    assert reading.special == {}


def test_a_caresens_ketone_is_no_glucose_and_not_too_low() -> None:
    (reading,) = readings(meaning(caresens_says(1, 14), caresens_context(1, 6, id=2)))
    assert reading.values == {}
    assert reading.special == {}
    assert reading.context["analyte"] == "ketone"
    assert reading.context["ketone_mmol_per_l"] == 1.4


def test_a_number_out_of_range_whose_context_never_came_is_hi_and_says_so() -> None:
    (reading,) = readings(meaning(caresens_says(1, 601), at=moment(up_s=5000)))
    assert reading.special == {"glucose": "hi"}
    assert reading.context["context_record"] == "lost"
