"""Quirks of makers, each with a frame that shows it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_profiles import body_composition
from device_profiles.catalog import by_name
from device_profiles.decoding import decode
from device_profiles.errors import DecodeError
from device_profiles.profile import ClockPolicy
from device_profiles.vendors import beurer, caresens
from vitals.flags import Flag, Special

MORNING = dt.datetime(2026, 11, 22, 8, 15, 5)  # noqa: DTZ001 - device digits have no zone
BM85 = by_name("beurer-bm85")
BM85_FRAME = bytes.fromhex("56800051000000ea070b16080f000047010004")


def test_a_bm85_has_its_pulse_and_status_the_other_way_round() -> None:
    found = decode("2a35", BM85_FRAME, profile=BM85)
    assert found.values == {"systolic": 128.0, "diastolic": 81.0, "pulse": 71.0}
    assert found.flags == (Flag.IRREGULAR_PULSE,)
    assert found.user == 1


def test_a_bm85_mean_of_zero_is_not_measured() -> None:
    assert decode("2a35", BM85_FRAME, profile=BM85).special == {"mean": Special.NAN}


@pytest.mark.parametrize("length", range(len(BM85_FRAME)))
def test_a_bm85_frame_cut_short_is_refused(length: int) -> None:
    with pytest.raises(DecodeError):
        decode("2a35", BM85_FRAME[:length], profile=BM85)


@given(st.binary(max_size=40))
def test_a_bm85_patch_leaves_other_frames_alone(data: bytes) -> None:
    assert beurer.standard_layout("2a9d", data) == data
    if data[:1] != b"\x56":
        assert beurer.standard_layout("2a35", data) == data


def test_a_caresens_clock_is_set_by_these_bytes() -> None:
    assert caresens.set_clock(MORNING).hex() == "c0030100ea070b16080f05"


def test_a_caresens_clock_tells_its_time_in_the_frame_that_sets_it() -> None:
    for clock in by_name("caresens").vendor_clocks:
        assert clock.ask.hex() == "c003010000000000000000"
        assert clock.decode(clock.encode(MORNING)) == MORNING
        assert clock.decode(clock.ask) is None
        with pytest.raises(DecodeError):
            clock.decode(clock.ask[:-1])


@pytest.mark.parametrize(("month", "device_month"), [(12, 12), (13, 1), (14, None)])
def test_only_month_13_of_a_caresens_is_january(month: int, device_month: int | None) -> None:
    frame = bytes.fromhex(f"022a00ea07{month:02x}16070f0062b011")
    found = decode("2a18", frame, profile=by_name("caresens"))
    assert (found.device_time and found.device_time.month) == device_month
    assert decode("2a18", frame).device_time is None or month == 12


def test_a_clock_inside_the_measurement_service_is_named() -> None:
    for name, service in (("and-ua-651ble", "1810"), ("and-uc-352ble", "181d")):
        profile = by_name(name)
        assert profile.clock is ClockPolicy.DATE_TIME_2A08
        assert profile.clock_characteristic == "2a08"
        assert profile.clock_service == service


@pytest.mark.parametrize(
    ("flags", "result"), [("22", True), ("02", False), ("a2", False), ("82", False)]
)
def test_a_xiaomi_weight_is_a_result_when_still_and_stood_on(flags: str, result: bool) -> None:  # noqa: FBT001
    frame = bytes.fromhex(flags + "da2bea070b16071e05")
    assert decode("181d-service-data", frame).result is result


def test_pounds_catties_and_kilograms_of_a_xiaomi_scale_are_one_weight() -> None:
    tail = "ea070b16071e05"
    kilograms = decode("181d-service-data", bytes.fromhex("22" + "b036" + tail))
    catties = decode("181d-service-data", bytes.fromhex("32" + "b036" + tail))
    pounds = decode("181d-service-data", bytes.fromhex("23" + "483c" + tail))
    assert kilograms.values == catties.values == {"weight": 70.0}
    assert pounds.values == {"weight": 69.998}
    assert [m.details["unit"] for m in (kilograms, catties, pounds)] == ["kg", "catty", "lb"]


def test_two_packets_of_body_composition_make_one_measurement() -> None:
    first = decode("2a9c", bytes.fromhex("0610d200ea070b16071e0002"))
    second = decode("2a9c", bytes.fromhex("0614d200ea070b16071e0002e03e"))
    assert first.details["multiple_packet"] is True
    joined = body_composition.join(first, second)
    assert joined.values == {"body_fat": 21.0, "weight": 80.48}
    assert joined.user == 2
    assert joined.device_time == dt.datetime(2026, 11, 22, 7, 30)  # noqa: DTZ001
    assert "multiple_packet" not in joined.details
