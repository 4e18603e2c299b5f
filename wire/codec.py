"""Messages to bytes and back. Reading is strict: what is let in here reaches the table.

The decoder keeps the last of two equal keys without a word. Two ways in that know better: the fast
one decodes straight into the structs and then proves, by encoding again, that the payload could not
have held a key twice. What it can't prove, or can't read, takes the exact way, which sees every
key and where one bad reading doesn't sink the others.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from vitals.reading import Reading
from wire import exact
from wire.complaint import fault_of
from wire.decoded import Decoded, RefusedReading
from wire.errors import Unreadable, Unsendable
from wire.messages import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    MOST_BYTES,
    MOST_READINGS,
    VERSION,
    Commands,
    Readings,
    Receipts,
    Status,
)
from wire.soundness import Fault, fault

Answer = TypeVar("Answer", bound=Receipts | Status | Commands)

_encode: Final = msgspec.json.Encoder().encode
_encode_lines: Final = msgspec.json.Encoder().encode_lines
_decode_readings: Final = msgspec.json.Decoder(Readings).decode
_decode_reading: Final = msgspec.json.Decoder(Reading).decode
UNREAD: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What the decoder raises for bytes from outside."""
BACKSLASH: Final = 0x5C
DELETE: Final = 0x7F
_ENVELOPE_BYTES: Final = 128
"""More than `{"v":1,"sent_at":"…","readings":[]}` ever takes."""


def decode_readings(payload: bytes) -> Decoded:
    """A readings message. Raises Unreadable where not even the envelope can be trusted."""
    if len(payload) > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES} bytes")
    try:
        message = _decode_readings(payload)
    except UNREAD:
        return _decode_exactly(payload)
    if not _plain(payload) or not _sound(message):
        return _decode_exactly(payload)
    if _encode(message) != payload and not _no_key_twice(payload):
        return _decode_exactly(payload)
    return Decoded(message)


def decode_many(payloads: Sequence[bytes]) -> list[Readings | None]:
    """Readings messages in canonical JSON, as our gateways send them, proven all in one go; None
    for what `decode_readings` has to look at alone.
    """
    found: list[Readings | None] = []
    for payload in payloads:
        try:
            found.append(_decode_readings(payload) if len(payload) <= MOST_BYTES else None)
        except UNREAD:
            found.append(None)
    # A line of JSON holds no line break: each line is the encoding of one message, whole.
    lines = _encode_lines(found).split(b"\n")
    all_plain = _plain(b"".join(payloads))
    for place, (message, payload) in enumerate(zip(found, payloads, strict=True)):
        if message is not None and not (
            lines[place] == payload and (all_plain or _plain(payload)) and _sound(message)
        ):
            found[place] = None
    return found


def encode_reading(reading: Reading) -> bytes:
    """A reading's body, to be frozen in an outbox and sent as it is each time.

    Raises Unsendable for what the other end would refuse: better here than in a home's outbox.
    """
    body = _encode(reading)
    found = _judge(exact.Element(exact.parse(exact.text_of(body)), body.decode()))
    if isinstance(found, Fault):
        raise Unsendable(found.error, found.pointer)
    return body


def envelope(bodies: Sequence[bytes], *, sent_at: dt.datetime) -> bytes:
    """The message that carries these bodies, byte for byte. `split` makes them fit."""
    if not 1 <= len(bodies) <= MOST_READINGS:
        raise Unsendable(f"{len(bodies)} readings, where 1 to {MOST_READINGS} go", "/readings")
    if sent_at.tzinfo is None:
        raise Unsendable("has no zone", "/sent_at")
    head = b'{"v":%d,"sent_at":%b,"readings":[' % (VERSION, _encode(sent_at))
    payload = b"".join((head, b",".join(bodies), b"]}"))
    if len(payload) > MOST_BYTES:
        raise Unsendable(f"larger than {MOST_BYTES} bytes")
    return payload


def encode_readings(readings: Sequence[Reading], *, sent_at: dt.datetime) -> bytes:
    """One message in canonical JSON. Raises Unsendable."""
    return envelope([encode_reading(reading) for reading in readings], sent_at=sent_at)


def split(
    bodies: Iterable[bytes], *, most: int = MOST_READINGS, most_bytes: int = MOST_BYTES
) -> Iterator[list[bytes]]:
    """Bodies in the same order, in groups that each fit in one message.

    Raises Unsendable for a body that fits in none (no body made by `encode_reading` does that).
    """
    group: list[bytes] = []
    size = _ENVELOPE_BYTES
    for body in bodies:
        if _ENVELOPE_BYTES + len(body) > most_bytes:
            raise Unsendable(f"one reading of {len(body)} bytes", "/readings")
        if group and (len(group) >= most or size + len(body) + 1 > most_bytes):
            yield group
            group, size = [], _ENVELOPE_BYTES
        group.append(body)
        size += len(body) + 1
    if group:
        yield group


def encode(message: Receipts | Status | Commands) -> bytes:
    """Receipts, a status or commands, in canonical JSON. Raises Unsendable."""
    payload = _encode(message)
    try:
        _decode(payload, type(message))
    except Unreadable as error:
        raise Unsendable(error.error, error.pointer) from None
    return payload


def decode_receipts(payload: bytes) -> Receipts:
    return _decode(payload, Receipts)


def decode_status(payload: bytes) -> Status:
    return _decode(payload, Status)


def decode_commands(payload: bytes) -> Commands:
    return _decode(payload, Commands)


def _decode(payload: bytes, kind: type[Answer]) -> Answer:
    """Unknown fields pass unread; duplicates, hidden characters and unsound times do not."""
    if len(payload) > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES} bytes")
    value = exact.parse(exact.text_of(payload))
    found = exact.faults(value) or _unknown_version(value)
    if found:
        raise Unreadable(found.error, found.pointer)
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.ValidationError as complaint:
        found = fault_of(complaint, value)
        raise Unreadable(found.error, found.pointer) from None


def _sound(message: Readings) -> bool:
    """Nothing in it breaks a rule; which one, the exact way tells."""
    if not EARLIEST_YEAR <= message.sent_at.year <= LATEST_YEAR:
        return False
    return not any(map(fault, message.readings))


def _plain(payload: bytes) -> bool:
    """No text in it holds a hidden character: JSON itself bars those below the space.

    Looked for as numbers: for `bytes in bytes` Python raises and forgets an exception first, which
    alone cost a message 0.3 µs.
    """
    return payload.isascii() and BACKSLASH not in payload and DELETE not in payload


def _no_key_twice(payload: bytes) -> bool:
    """Proof for another program's spacing, field order and whole numbers, at a quarter the price.

    What was decoded holds each key once; if its encoding is the payload, minified, then so does
    that. False proves nothing: `1e2` is enough.
    """
    return _encode(msgspec.json.decode(payload)) == msgspec.json.format(payload, indent=-1)


def _decode_exactly(payload: bytes) -> Decoded:
    members, elements = exact.envelope(exact.text_of(payload), "readings")
    sent_at = _sent_at(members)
    if not 1 <= len(elements) <= MOST_READINGS:
        raise Unreadable(f"{len(elements)} readings, where 1 to {MOST_READINGS} go", "/readings")
    good: list[Reading] = []
    refused: list[RefusedReading] = []
    for index, element in enumerate(elements):
        found = _judge(element)
        if isinstance(found, Reading):
            good.append(found)
        else:
            refused.append(_refusal(element, found, index))
    message = Readings(v=VERSION, sent_at=sent_at, readings=good)
    return Decoded(message, tuple(refused))


def _sent_at(members: dict[str, Any]) -> dt.datetime:
    """The envelope without its readings, judged."""
    found = exact.faults(members) or _unknown_version(members)
    if found:
        raise Unreadable(found.error, found.pointer)
    try:
        bare = msgspec.convert({**members, "readings": []}, _Bare)
    except msgspec.ValidationError as complaint:
        found = fault_of(complaint, members)
        raise Unreadable(found.error, found.pointer) from None
    if not EARLIEST_YEAR <= bare.sent_at.year <= LATEST_YEAR:
        raise Unreadable(f"a year outside {EARLIEST_YEAR} to {LATEST_YEAR}", "/sent_at")
    return bare.sent_at


class _Bare(Readings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    readings: list[Reading]


def _unknown_version(value: Any) -> Fault | None:
    """Said first and by name: a newer gateway is likelier than an attack."""
    version = value.get("v") if isinstance(value, dict) else None
    if isinstance(version, int) and not isinstance(version, bool) and version != VERSION:
        return Fault("/v", f"unknown version: this end reads version {VERSION}")
    return None


def _judge(element: exact.Element) -> Reading | Fault:
    marked = exact.faults(element.value)
    if marked:
        return marked
    try:
        reading = _decode_reading(element.text)
    except msgspec.ValidationError as complaint:
        return fault_of(complaint, element.value)
    return fault(reading) or reading


def _refusal(element: exact.Element, found: Fault, index: int) -> RefusedReading:
    return RefusedReading(
        raw=element.text.encode(),
        id=_id_of(element.value),
        pointer=f"/readings/{index}{found.pointer}",
        error=found.error,
    )


def _id_of(value: Any) -> UUID | None:
    try:
        return UUID(value["id"]) if isinstance(value, dict) else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
