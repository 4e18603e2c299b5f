"""Hostile payloads (RELIABILITY 6): refused with a place and a reason, the good readings kept."""

import datetime as dt
import json
import time
from uuid import UUID

import pytest

from tests.unit.wire.samples import CUFF, SENT_AT, blood_pressure
from wire import codec
from wire.errors import Unreadable
from wire.messages import MOST_BYTES

BEFORE, VICTIM, AFTER = (blood_pressure(number) for number in (1, 2, 3))
HEALTHY = codec.encode_readings([BEFORE, VICTIM, AFTER], sent_at=SENT_AT)
BODY = codec.encode_reading(VICTIM)


def with_victim(body: bytes) -> bytes:
    return HEALTHY.replace(BODY, body)


def altered(old: bytes, new: bytes) -> bytes:
    assert old in BODY
    return with_victim(BODY.replace(old, new, 1))


ONE_BAD_READING = {
    "not a number": (b"128.0", b"NaN", "/values/systolic", "NaN is no number"),
    "minus infinity": (b"128.0", b"-Infinity", "/values/systolic", "-Infinity is no number"),
    "1e999": (b"128.0", b"1e999", "/values/systolic", "a number out of range"),
    "5,000 digits": (b"128.0", b"9" * 5000, "/values/systolic", "a number out of range"),
    "2**64 as a count": (b'"user":1', b'"user":18446744073709551616', "/user", "255"),
    "a key given twice": (b'"values":{', b'"values":{"systolic":20,', "/values/systolic", "twice"),
    "an id given twice": (b'"id":', b'"id":"x","id":', "/id", "twice"),
    "a NUL in a text": (b"omron", b"\\u0000", "/profile", "invisible"),
    "a DEL in a text": (b"omron", b"\x7f", "/profile", "invisible"),
    "a lone surrogate": (b"omron", b"\\ud800", "/profile", "invisible"),
    "a right-to-left override": (b"omron", "\u202e".encode(), "/profile", "invisible"),
    "a zero-width space": (b"omron", "\u200b".encode(), "/profile", "invisible"),
    "a device that looks like another": (
        CUFF.encode(),
        "А0:B1:C2:D3:E4:F5".encode(),  # noqa: RUF001 (a Cyrillic A)
        "/device",
        "ASCII",
    ),
    "true for a number": (b"128.0", b"true", "/values/systolic", "got true or false"),
    "text for a number": (b"128.0", b'"120"', "/values/systolic", "got text"),
    "Arabic digits": (b"128.0", '"١٢٠"'.encode(), "/values/systolic", "got text"),
    "null for a number": (b"128.0", b"null", "/values/systolic", "got null"),
    "a list for a number": (b"128.0", b"[1]", "/values/systolic", "got a list"),
    "an unknown field": (b'"user":1', b'"user":1,"__proto__":{}', "/__proto__", "unknown"),
    "a metric of another kind": (b"systolic", b"glucose", "/values/glucose", "no metric"),
    "a special of another kind": (
        b'"user":1',
        b'"user":1,"special":{"spo2":"nan"}',
        "/special/spo2",
        "no metric",
    ),
    "a clock further off than time is long": (
        b'"clock_drift_s":3.0',
        b'"clock_drift_s":1e308',
        "/clock_drift_s",
        "315537897600",
    ),
    "an unknown special value": (
        b'"user":1',
        b'"user":1,"special":{"mean":"wat"}',
        "/special/mean",
        "not one of",
    ),
    "an unknown kind": (b"blood_pressure", b"aura", "/kind", "not one of"),
    "no kind": (b'"kind":"blood_pressure",', b"", "/kind", "missing"),
    "no zone": (b"-05:00", b"", "/measured_at", "timezone"),
    "a leap second": (b":05-05:00", b":60-05:00", "/measured_at", "RFC3339"),
    "hour 24": (b"T08:17:05-", b"T24:00:00-", "/measured_at", "RFC3339"),
    "year 1": (b"2026-11-22T08:17:05-", b"0001-01-01T00:00:00-", "/measured_at", "a year"),
    "year 9999": (b"2026-11-22T08:17:05-", b"9999-12-31T23:59:59-", "/measured_at", "a year"),
    "a device in year 1899": (
        b'"device_time":"2026',
        b'"device_time":"1899',
        "/device_time",
        "a year",
    ),
    "31 February": (b"2026-11-22T08:17:05-", b"2026-02-31T08:17:05-", "/measured_at", "RFC3339"),
    "a number for a time": (b'"2026-11-22T08:17:05-05:00"', b"1763798400", "/measured_at", "got"),
    "half a byte of frame": (b'"frame":"1e', b'"frame":"e', "/frame", "hexadecimal"),
    "a frame with a space": (b'"frame":"1e80', b'"frame":"1e 8', "/frame", "hexadecimal"),
    "user 256": (b'"user":1', b'"user":256', "/user", "255"),
    "seq 2**63": (b'"seq":2', b'"seq":9223372036854775808', "/seq", "<="),
    "seq below zero": (b'"seq":2', b'"seq":-1', "/seq", ">= 0"),
    "an id that is a path": (str(VICTIM.id).encode(), b"../../x", "/id", "UUID"),
    "33 flags": (
        b'["irregular_pulse"]',
        json.dumps(["a"] * 33).encode(),
        "/flags",
        "32",
    ),
    "33 notes": (
        b'"user":1',
        b'"user":1,"context":' + json.dumps({f"k{n}": 1 for n in range(33)}).encode(),
        "/context",
        "32",
    ),
    "a note that is a list": (
        b'"user":1',
        b'"user":1,"context":{"a/b~c":[]}',
        "/context/a~1b~0c",
        "got a list",
    ),
    "a field name of 10,000 characters": (
        b'"user":1',
        b'"user":1,"' + b"x" * 10_000 + b'":1',
        "/" + "x" * 64,
        "unknown",
    ),
    "nested 9 deep": (b'"user":1', b'"user":1,"x":' + b"[" * 9 + b"]" * 9, "", "deep"),
}


@pytest.mark.parametrize("name", ONE_BAD_READING)
def test_one_bad_reading_is_refused_alone(name: str) -> None:
    old, new, pointer, words = ONE_BAD_READING[name]
    decoded = codec.decode_readings(altered(old, new))
    assert decoded.message.readings == [BEFORE, AFTER]
    [refused] = decoded.refused
    assert refused.pointer.startswith(f"/readings/1{pointer}")
    assert words in refused.error
    assert len(refused.error) < 250
    assert refused.raw == BODY.replace(old, new, 1)


@pytest.mark.parametrize("sign", [1, -1])
def test_whatever_drift_two_clocks_can_have_is_taken(sign: int) -> None:
    far = sign * dt.timedelta(days=dt.date.max.toordinal()).total_seconds()
    taken = codec.decode_readings(altered(b'"clock_drift_s":3.0', b'"clock_drift_s":%.1f' % far))
    assert taken.message.readings[1].clock_drift_s == far
    over = altered(b'"clock_drift_s":3.0', b'"clock_drift_s":%.1f' % (far + sign))
    [refused] = codec.decode_readings(over).refused
    assert refused.pointer == "/readings/1/clock_drift_s"


def test_a_refused_reading_is_named_by_its_id() -> None:
    [refused] = codec.decode_readings(altered(b"128.0", b"NaN")).refused
    assert refused.id == VICTIM.id


@pytest.mark.parametrize("element", [b"null", b"7", b'"text"', b"[]", b"true"])
def test_what_is_no_object_is_refused_alone(element: bytes) -> None:
    decoded = codec.decode_readings(with_victim(element))
    assert decoded.message.readings == [BEFORE, AFTER]
    assert decoded.refused[0].pointer == "/readings/1"
    assert decoded.refused[0].id is None


def test_all_readings_may_be_refused() -> None:
    payload = codec.envelope([b"{}", b"3"], sent_at=SENT_AT)
    decoded = codec.decode_readings(payload)
    assert decoded.message.readings == []
    assert [refused.pointer for refused in decoded.refused] == ["/readings/0/id", "/readings/1"]


WHOLE_MESSAGES = {
    "nothing": (b"", "", "expected an object"),
    "null": (b"null", "", "expected an object"),
    "a bare number": (b"7", "", "expected an object"),
    "a list": (b"[]", "", "expected an object"),
    "an empty object": (b"{}", "/readings", "missing"),
    "a byte order mark": (b"\xef\xbb\xbf" + HEALTHY, "", "byte order mark"),
    "UTF-16": (HEALTHY.decode().encode("utf-16"), "", "UTF-8"),
    "invalid UTF-8": (altered(b"omron", b"\xff"), "", "UTF-8"),
    "overlong UTF-8": (altered(b"omron", b"\xc0\x80"), "", "UTF-8"),
    "an encoded surrogate": (altered(b"omron", b"\xed\xa0\x80"), "", "UTF-8"),
    "a second document": (HEALTHY + HEALTHY, "", "follows the end"),
    "cut short": (HEALTHY[:-2], "", "not JSON"),
    "cut in a reading": (HEALTHY[:200], "", "not JSON"),
    "a raw NUL": (altered(b"omron", b"\x00"), "", "not JSON"),
    "a trailing comma": (HEALTHY.replace(b"}]}", b"},]}"), "", "not JSON"),
    "no colon": (HEALTHY.replace(b'"v":', b'"v" '), "", "not JSON"),
    "a key that is a number": (HEALTHY.replace(b'"v":', b"7:"), "", "not JSON"),
    "100,000 deep": (b'{"v":1,"readings":' + b"[" * 100_000, "", "deep"),
    "readings given twice": (HEALTHY[:-1] + b',"readings":[]}', "/readings", "twice"),
    "v given twice": (HEALTHY.replace(b'"v":1', b'"v":2,"v":1'), "/v", "twice"),
    "version 2": (HEALTHY.replace(b'"v":1', b'"v":2'), "/v", "unknown version"),
    "version true": (HEALTHY.replace(b'"v":1', b'"v":true'), "/v", "whole number"),
    "no version": (HEALTHY.replace(b'"v":1,', b""), "/v", "missing"),
    "no time": (HEALTHY.replace(b'"sent_at":', b'"sent":'), "/sent", "unknown field"),
    "sent in year 1": (HEALTHY.replace(b"2026-11-22T13", b"0001-01-01T13"), "/sent_at", "a year"),
    "no readings": (b'{"v":1,"sent_at":"2026-11-22T13:15:09Z","readings":[]}', "/readings", "0 r"),
    "readings in an object": (HEALTHY.replace(b"[{", b"{").replace(b"}]", b"}"), "", ""),
    "501 readings": (b'{"v":1,"readings":[' + b"1," * 500 + b"1]", "", ""),
    "one byte too much": (b" " * (MOST_BYTES + 1 - len(HEALTHY)) + HEALTHY, "", "larger"),
    "10 MB of text": (b'"' + b"x" * 10_000_000 + b'"', "", "larger"),
}


@pytest.mark.parametrize("name", WHOLE_MESSAGES)
def test_a_message_without_a_sound_envelope_is_unreadable(name: str) -> None:
    payload, pointer, words = WHOLE_MESSAGES[name]
    with pytest.raises(Unreadable) as caught:
        codec.decode_readings(payload)
    assert caught.value.pointer.startswith(pointer)
    assert words in caught.value.error


def test_501_readings_are_too_many() -> None:
    payload = HEALTHY.replace(BODY, b",".join([BODY] * 499))
    with pytest.raises(Unreadable, match="501 readings"):
        codec.decode_readings(_small(payload))


def test_500_readings_are_not() -> None:
    payload = HEALTHY.replace(BODY, b",".join([BODY] * 498))
    assert len(codec.decode_readings(_small(payload)).message.readings) == 500


def _small(payload: bytes) -> bytes:
    """Without optional fields, so that the count is reached before the size."""
    for field in (b'"frame":"', b'"profile":"'):
        start = payload.index(field)
        end = payload.index(b'",', start) + 2
        text = payload[start:end]
        payload = payload.replace(text, b"")
    return payload.replace(b'"flags":["irregular_pulse"],', b"")


def test_a_message_of_exactly_the_limit_is_read() -> None:
    payload = b" " * (MOST_BYTES - len(HEALTHY)) + HEALTHY
    assert len(codec.decode_readings(payload).message.readings) == 3


@pytest.mark.parametrize(
    "innocent",
    [
        (b"128.0", b"128"),
        (b"128.0", b"1.28e2"),
        (b"128.0", b"-0.0"),
        (b"128.0", b"18446744073709551616"),
        (b'"user":1', b'"user":null'),
        (b"-05:00", b"+14:00"),
        (b'"frame":"1e', b'"frame":"1E'),
        (b"omron", b"\\u00e9tage"),
        (b"omron", "\N{GRINNING FACE}".encode()),
    ],
)
def test_what_is_only_unusual_is_read(innocent: tuple[bytes, bytes]) -> None:
    decoded = codec.decode_readings(altered(*innocent))
    assert decoded.refused == ()
    assert len(decoded.message.readings) == 3


def test_another_programs_spacing_and_order_are_read() -> None:
    shuffled = json.dumps(json.loads(HEALTHY), sort_keys=True, indent=4).encode()
    assert codec.decode_readings(shuffled) == codec.decode_readings(HEALTHY)


def test_a_twin_key_is_found_in_whatever_form() -> None:
    escaped = altered(b'"systolic":128.0', b'"systolic":128.0,"syst\\u006flic":20')
    assert codec.decode_readings(escaped).refused[0].pointer == "/readings/1/values/systolic"


def test_a_legitimate_reading_survives_a_mangled_neighbour_id() -> None:
    decoded = codec.decode_readings(altered(str(VICTIM.id).encode(), b"7"))
    assert decoded.refused[0].id is None
    assert [reading.id for reading in decoded.message.readings] == [BEFORE.id, AFTER.id]
    assert isinstance(decoded.message.readings[0].id, UUID)


def test_the_worst_message_of_the_size_limit_is_read_in_a_blink() -> None:
    members = b",".join(b'"%06d":0' % number for number in range(23_000))
    payload = b'{"v":1,"readings":[{' + members + b"}]}"
    assert len(payload) < MOST_BYTES
    began = time.process_time()  # Ours alone, however busy the machine is.
    with pytest.raises(Unreadable):
        codec.decode_readings(payload)
    assert time.process_time() - began < 1.0
