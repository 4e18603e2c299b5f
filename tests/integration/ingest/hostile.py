"""RELIABILITY's hostile inputs, made out of a message that is good otherwise."""

from collections.abc import Callable
from typing import Final

from tests.integration.ingest.home import message, reading

NUMBER: Final = b'"systolic":128.0'
TIME: Final = b'"measured_at":"'


def _good() -> bytes:
    return message(reading())


def _number(text: bytes) -> Callable[[], bytes]:
    return lambda: _good().replace(NUMBER, b'"systolic":' + text)


def _field(text: bytes) -> Callable[[], bytes]:
    return lambda: _good().replace(b'"time_quality"', text + b',"time_quality"')


def _time(text: bytes) -> Callable[[], bytes]:
    def made() -> bytes:
        head, tail = _good().split(TIME)
        return head + TIME + text + tail[tail.index(b'"') :]

    return made


def _whole(payload: bytes) -> Callable[[], bytes]:
    return lambda: payload


HOSTILE: Final[dict[str, Callable[[], bytes]]] = {
    "NaN": _number(b"NaN"),
    "-Infinity": _number(b"-Infinity"),
    "1e999": _number(b"1e999"),
    "a key twice": _number(b'120.0,"systolic":20.0'),
    "5,000 digits": _number(b"9" * 5000),
    "true for a number": _number(b"true"),
    "text for a number": _number(b'"128"'),
    "Arabic-Indic digits": _number('"\N{ARABIC-INDIC DIGIT ONE}"'.encode()),
    "full-width digits": _number("\N{FULLWIDTH DIGIT ONE}".encode()),
    "2**64 as seq": _field(b'"seq":18446744073709551616'),
    "2**63 as seq": _field(b'"seq":9223372036854775808'),
    "negative seq": _field(b'"seq":-1'),
    "NUL": _field(b'"profile":"a\\u0000b"'),
    "a lone surrogate": _field(b'"profile":"\\ud800"'),
    "right-to-left override": _field('"profile":"a\N{RIGHT-TO-LEFT OVERRIDE}b"'.encode()),
    "zero-width space": _field('"profile":"a\N{ZERO WIDTH SPACE}b"'.encode()),
    "__proto__": _field(b'"__proto__":{}'),
    "an unknown field": _field(b'"patient":"Ada"'),
    "user 256": _field(b'"user":256'),
    "half a byte of frame": _field(b'"frame":"abc"'),
    "100,000 deep": _field(b'"context":' + b"[" * 100_000 + b"]" * 100_000),
    "900 deep": _field(b'"context":' + b'{"a":' * 900 + b"1" + b"}" * 900),
    "100,000 keys": _field(b'"context":{' + b",".join(b'"%d":1' % n for n in range(20_000)) + b"}"),
    "a metric of another kind": _field(b'"special":{"glucose":"hi"}'),
    "year 1": _time(b"0001-01-01T00:00:00Z"),
    "year 9999": _time(b"9999-12-31T23:59:59Z"),
    "leap second": _time(b"2026-06-30T23:59:60Z"),
    "24:00": _time(b"2026-06-30T24:00:00Z"),
    "no zone": _time(b"2026-06-30T12:00:00"),
    "31 February": _time(b"2026-02-31T12:00:00Z"),
    "an id that is a path": lambda: _good().replace(b'"id":"00', b'"id":"../../00'),
    "an id of 100 kB": lambda: _good().replace(b'"id":"00', b'"id":"' + b"0" * 100_000),
    "a byte order mark": lambda: b"\xef\xbb\xbf" + _good(),
    "UTF-16": lambda: _good().decode().encode("utf-16"),
    "invalid UTF-8": lambda: _good().replace(b"device", b"de\xffice", 1),
    "overlong UTF-8": lambda: _good().replace(b"device", b"de\xc0\xafice", 1),
    "a second document": lambda: _good() + _good(),
    "cut off": lambda: _good()[:-20],
    "empty": _whole(b""),
    "null": _whole(b"null"),
    "a bare number": _whole(b"128"),
    "a list": _whole(b"[]"),
    "an unknown version": lambda: _good().replace(b'"v":1', b'"v":2'),
    "no readings": _whole(b'{"v":1,"sent_at":"2026-11-22T12:00:00Z","readings":[]}'),
}
"""What it is called -> how it is made."""

NONSENSE: Final = {
    "systolic below diastolic": ({"systolic": 70.0, "diastolic": 90.0}, "impossible_pair"),
    "0 mmHg": ({"systolic": 0.0, "diastolic": 0.0}, "implausible:systolic"),
    "-0.0": ({"systolic": -0.0, "diastolic": 80.0}, "implausible:systolic"),
    "pulse 65535": (
        {"systolic": 128.0, "diastolic": 81.0, "pulse": 65535.0},
        "implausible:pulse",
    ),
    "kPa taken for mmHg": ({"systolic": 17.1, "diastolic": 10.8}, "implausible:systolic"),
    "mean above systolic": (
        {"systolic": 128.0, "diastolic": 81.0, "mean": 140.0},
        "impossible_pair",
    ),
}
"""Readable, and said of no living body: kept as rows, with the reason."""
