"""Messages to bytes and back."""

import datetime as dt
import json
import math
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wire.samples import SENT_AT, UNHURRIED, blood_pressure
from vitals.flags import Special
from vitals.kinds import PANELS, Kind
from vitals.reading import DRIFT_MOST_S, Reading, TimeQuality
from wire import codec, exact
from wire.errors import Unreadable, Unsendable
from wire.messages import MOST_BYTES, Commands, KnownDevice, Presence, Receipts, Status

printable = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=64
)
ascii_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=64)
finite = st.floats(allow_nan=False, allow_infinity=False)
digits = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(9998, 12, 31))  # noqa: DTZ001
zones = st.integers(-12 * 60, 14 * 60).map(lambda m: dt.timezone(dt.timedelta(minutes=m)))


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    kind = draw(st.sampled_from(Kind))
    names = st.sampled_from([metric.name for metric in PANELS[kind].metrics])
    return Reading(
        id=draw(st.uuids()),
        device=draw(ascii_text),
        kind=kind,
        measured_at=draw(digits).replace(tzinfo=draw(zones)),
        time_quality=draw(st.sampled_from(TimeQuality)),
        values=draw(st.dictionaries(names, finite)),
        device_time=draw(st.none() | digits),
        clock_drift_s=draw(st.none() | st.floats(-DRIFT_MOST_S, DRIFT_MOST_S)),
        sequence=draw(st.none() | st.integers(0, 2**32 - 1)),
        user=draw(st.none() | st.integers(0, 255)),
        special=draw(st.dictionaries(names, st.sampled_from(Special))),
        flags=tuple(draw(st.lists(printable, max_size=3))),
        context=draw(st.dictionaries(printable, printable | finite, max_size=3)),
        frame=draw(st.binary(max_size=64)).hex(),
        profile=draw(st.just("") | printable),
        seq=draw(st.none() | st.integers(0, 2**62)),
    )


@UNHURRIED
@given(st.lists(readings(), min_size=1, max_size=5), digits)
def test_decoding_undoes_encoding(sent: list[Reading], sent_at: dt.datetime) -> None:
    payload = codec.encode_readings(sent, sent_at=sent_at.replace(tzinfo=dt.UTC))
    decoded = codec.decode_readings(payload)
    assert decoded.message.readings == sent
    assert decoded.refused == ()


@UNHURRIED
@given(st.lists(readings(), min_size=1, max_size=5))
def test_the_exact_way_agrees_with_the_fast_one(sent: list[Reading]) -> None:
    payload = codec.encode_readings(sent, sent_at=SENT_AT)
    slow = codec.decode_readings(b" " + payload.replace(b'"v"', b'"\\u0076"', 1))
    assert slow == codec.decode_readings(payload)


@UNHURRIED
@given(st.lists(st.lists(readings(), min_size=1, max_size=3), max_size=4), st.data())
def test_many_are_read_as_each_alone(sent: list[list[Reading]], data: st.DataObject) -> None:
    """Ours are proven together; what anything was done to is left to be looked at alone."""
    ours = [codec.encode_readings(each, sent_at=SENT_AT) for each in sent]
    spoilt = [
        data.draw(st.sampled_from([b"", b" ", b"{", b'"v":1,', b"null\n", payload])) + payload
        for payload in ours
    ]
    payloads = data.draw(st.permutations(ours + spoilt))
    for payload, found in zip(payloads, codec.decode_many(payloads), strict=True):
        if found is not None:
            assert codec.decode_readings(payload).message == found
        special = not payload.isascii() or b"\\" in payload or b"\x7f" in payload
        assert found is not None or payload not in ours or special


@UNHURRIED
@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_unreadable(payload: bytes) -> None:
    for decode in (codec.decode_readings, codec.decode_status, codec.decode_commands):
        _readable(decode, payload)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = sorted(msgspec.to_builtins(blood_pressure()))


@UNHURRIED
@given(st.sampled_from(FIELDS), json_values)
def test_any_value_in_any_field_is_judged(field: str, value: Any) -> None:
    body = {**json.loads(codec.encode_reading(blood_pressure())), field: value}
    good = codec.encode_reading(blood_pressure(2))
    payload = codec.envelope([json.dumps(body).encode(), good], sent_at=SENT_AT)
    decoded = codec.decode_readings(payload)
    assert decoded.message.readings[-1] == blood_pressure(2)
    assert len(decoded.message.readings) + len(decoded.refused) == 2
    for refused in decoded.refused:
        assert refused.pointer.startswith("/readings/0")


@UNHURRIED
@given(json_values)
def test_any_json_in_the_envelope_is_judged(value: Any) -> None:
    _readable(codec.decode_readings, json.dumps({"v": 1, "readings": value}).encode())
    _readable(codec.decode_readings, json.dumps(value).encode())


def _readable(decode: Callable[[bytes], object], payload: bytes) -> None:
    try:
        decode(payload)
    except Unreadable as error:
        words = error.error
    else:
        words = "read"
    assert words


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_is_not_sent(number: float) -> None:
    reading = msgspec.structs.replace(blood_pressure(), values={"systolic": number})
    with pytest.raises(Unsendable) as caught:
        codec.encode_reading(reading)
    assert caught.value.pointer == "/values/systolic"


def test_what_the_other_end_would_refuse_is_not_sent() -> None:
    reading = msgspec.structs.replace(blood_pressure(), frame="123")
    with pytest.raises(Unsendable, match="hexadecimal"):
        codec.encode_readings([reading], sent_at=SENT_AT)


def test_a_message_needs_a_zone_and_a_reading() -> None:
    with pytest.raises(Unsendable, match="0 readings"):
        codec.encode_readings([], sent_at=SENT_AT)
    with pytest.raises(Unsendable, match="zone"):
        codec.encode_readings([blood_pressure()], sent_at=SENT_AT.replace(tzinfo=None))


def test_a_frozen_body_goes_out_byte_for_byte() -> None:
    body = codec.encode_reading(blood_pressure())
    assert codec.envelope([body, body], sent_at=SENT_AT).count(body) == 2


@pytest.mark.parametrize(("count", "groups"), [(499, 1), (500, 1), (501, 2)])
def test_a_backlog_is_split_by_count(count: int, groups: int) -> None:
    assert len(list(codec.split([b"{}"] * count))) == groups


@pytest.mark.parametrize(("size", "groups"), [(999, 1), (1000, 1), (1001, 2)])
def test_a_backlog_is_split_by_size(size: int, groups: int) -> None:
    body = b"x" * 400
    last = b"x" * (size - 128 - 401 - 1)
    assert len(list(codec.split([body, last], most_bytes=min(1000, size)))) == groups


@UNHURRIED
@given(st.lists(st.integers(1, 3000), max_size=60), st.integers(1, 20))
def test_split_keeps_every_body_in_order_and_within_bounds(sizes: list[int], most: int) -> None:
    bodies = [b"%d" % number * size for number, size in enumerate(sizes)]
    groups = list(codec.split(bodies, most=most, most_bytes=10_000))
    assert [body for group in groups for body in group] == bodies
    for group in groups:
        assert len(group) <= most
        assert len(codec.envelope(group, sent_at=SENT_AT)) <= 10_000


def test_a_body_that_fits_in_no_message_is_told() -> None:
    with pytest.raises(Unsendable):
        list(codec.split([b"x" * MOST_BYTES]))


def test_the_largest_reading_there_is_fits_easily() -> None:
    largest = msgspec.structs.replace(
        blood_pressure(),
        device="d" * 64,
        flags=tuple(f"{number:064}" for number in range(32)),
        context={f"{number:064}": "x" * 64 for number in range(32)},
        frame="ab" * 512,
        profile="p" * 64,
    )
    assert len(codec.encode_reading(largest)) < 16 * 1024


def test_later_fields_of_a_receipt_pass_unread() -> None:
    assert codec.decode_receipts(b'{"v":1,"committed":[],"signature":"x"}') == Receipts()


def test_the_shortest_command_is_read() -> None:
    assert codec.decode_commands(b'{"v":1,"resend_from":7}') == Commands(resend_from=7)


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [
        (b'{"v":1,"state":"online","state":"offline"}', "/state"),
        (b'{"v":1,"state":"asleep"}', "/state"),
        (b'{"v":1,"state":"online","version":"\\u0000"}', "/version"),
        (b'{"v":1,"state":"online","queue_depth":-1}', "/queue_depth"),
        (b'{"v":1,"state":"online","devices":[{"device":"a"},{"device":7}]}', "/devices/1/device"),
        (b'{"v":3,"state":"online"}', "/v"),
        (b'{"v":1}', "/state"),
        (b"[]", ""),
        (b" " * (MOST_BYTES + 1), ""),
    ],
)
def test_a_bad_status_is_unreadable(payload: bytes, pointer: str) -> None:
    with pytest.raises(Unreadable) as caught:
        codec.decode_status(payload)
    assert caught.value.pointer == pointer


def test_a_status_that_could_not_be_read_is_not_sent() -> None:
    with pytest.raises(Unsendable):
        codec.encode(Status(state=Presence.ONLINE, version="\n"))


def test_a_passkey_never_shows() -> None:
    commands = Commands(devices=[KnownDevice(device="A0", profile="p", passkey="123456")])
    assert "123456" not in repr(commands)
    assert "******" in repr(commands)


def test_pointers_are_escaped() -> None:
    value = exact.parse('{"a/b~c": {"x": NaN}}')
    assert exact.faults(value) == ("/a~1b~0c/x", "NaN is no number")
