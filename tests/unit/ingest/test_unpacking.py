import datetime as dt
from collections import UserDict
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from typing_extensions import override

from care.snapshot import KnownGateway
from ingest.batch import Batch, Refused
from ingest.unpacking import Unpacking
from store.schema import UNCLAIMED
from tests.unit.ingest.clinic import NOW, ORGANISATION, clinic, reading
from vitals.reading import Reading
from wire import topics
from wire.codec import encode, encode_readings
from wire.delivery import Delivery
from wire.messages import MOST_BYTES, Presence, Status

GOOD = topics.readings("gw-1")


def unpacked(*messages: tuple[str, bytes]) -> Batch:
    unpacking = Unpacking(clinic)
    batch = unpacking.begin(NOW)
    for topic, payload in messages:
        unpacking.add(batch, Delivery(topic, payload))
    return batch


def message(*readings: Reading) -> bytes:
    return encode_readings(readings, sent_at=NOW)


def damaged(good: bytes, old: bytes, new: bytes) -> bytes:
    assert old in good
    return good.replace(old, new, 1)


def test_a_good_message_becomes_rows_in_its_order() -> None:
    first, second = reading(seq=1), reading(seq=2)
    batch = unpacked((GOOD, message(first, second)))
    assert [row.reading for row in batch.rows] == [first, second]
    assert [row.sent_at for row in batch.rows] == [NOW, NOW]
    assert not batch.letters


def test_an_unreadable_message_is_a_letter_with_the_place_of_its_fault() -> None:
    payload = damaged(message(reading()), b'"v":1', b'"v":2')
    (letter,) = unpacked((GOOD, payload)).letters
    assert (letter.topic, letter.payload, letter.pointer) == (GOOD, payload, "/v")
    assert (letter.gateway, letter.organisation) == ("gw-1", ORGANISATION)


def test_one_bad_reading_does_not_sink_the_others() -> None:
    good, bad = reading(seq=1), reading(seq=2, id=UUID(int=5))
    payload = damaged(message(good, bad), b'"id":"00000000-0000-0000-0000-000000000005"',
                      b'"id":"00000000-0000-0000-0000-000000000005","shoe_size":43')  # fmt: skip
    batch = unpacked((GOOD, payload))
    assert [row.reading for row in batch.rows] == [good]
    assert [letter.pointer for letter in batch.letters] == ["/readings/1/shoe_size"]
    assert batch.refused == [Refused("gw-1", UUID(int=5))]
    assert batch.also_received == [("gw-1", 2)]


def test_a_message_over_the_cap_is_a_letter() -> None:
    payload = message(reading())
    payload += b" " * (MOST_BYTES + 1 - len(payload))
    (letter,) = unpacked((GOOD, payload)).letters
    assert letter.error == "larger than 262144 bytes"


@pytest.mark.parametrize(
    "topic", ["", "hearthbeat/v1/readings", "hearthbeat/v1/+/readings", "hearthbeat/v2/gw-1/status"]
)
def test_a_message_on_a_foreign_topic_is_a_letter(topic: str) -> None:
    batch = unpacked((topic, message(reading())), (GOOD, message(reading())))
    assert [letter.topic for letter in batch.letters] == [topic]
    assert len(batch.rows) == 1
    assert len(batch.deliveries) == 2


def test_a_status_is_heard_under_its_gateways_organisation() -> None:
    status = Status(state=Presence.ONLINE, queue_depth=3, last_seq=9)
    batch = unpacked(
        (topics.status("gw-1"), encode(status)), (topics.status("gw-9"), encode(status))
    )
    assert [(each.gateway, each.organisation) for each in batch.said] == [
        ("gw-1", ORGANISATION),
        ("gw-9", UNCLAIMED),
    ]


def test_a_status_taken_back_says_nothing() -> None:
    assert unpacked((topics.status("gw-1"), b"")).empty


def test_an_unreadable_status_is_a_letter() -> None:
    batch = unpacked((topics.status("gw-1"), b'{"v":1,"state":"asleep"}'))
    assert [letter.pointer for letter in batch.letters] == ["/state"]


@given(st.text(max_size=80), st.binary(max_size=300))
def test_no_bytes_on_any_topic_stop_the_worker(topic: str, payload: bytes) -> None:
    batch = unpacked((topic, payload), (GOOD, payload), (topics.status("gw-1"), payload))
    assert len(batch.deliveries) == 3
    assert not batch.rows


def test_a_message_that_trips_a_bug_is_a_letter_and_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def trips(reading: Reading, *, latest: dt.datetime) -> str | None:
        del latest
        if reading.seq == 2:
            raise ZeroDivisionError
        return None

    monkeypatch.setattr("ingest.admission.doubt", trips)
    batch = unpacked(
        (GOOD, message(reading(seq=1))),
        (GOOD, message(reading(seq=3), reading(seq=2))),
        (GOOD, message(reading(seq=4))),
    )
    assert [row.reading.seq for row in batch.rows] == [1, 4]
    assert [letter.error for letter in batch.letters] == [
        "it could not be handled: ZeroDivisionError"
    ]


def test_a_gateway_is_heard_by_who_waits_for_it() -> None:
    heard: list[tuple[str, Presence]] = []
    unpacking = Unpacking(clinic, heard=lambda gateway, said: heard.append((gateway, said.state)))
    status = msgspec.json.encode(Status(state=Presence.OFFLINE))
    unpacking.add(unpacking.begin(NOW), Delivery(topics.status("gw-1"), status))
    assert heard == [("gw-1", Presence.OFFLINE)]


def mixed() -> list[Delivery]:
    """What comes on one line: ours, other people's, damaged ones, statuses, nonsense."""
    good = [message(reading(seq=number)) for number in range(1, 8)]
    odd = [
        damaged(good[0], b'"v":1', b'"v": 1'),
        damaged(good[1], b'"v":1', b'"v":1,"v":1'),
        damaged(good[2], b'"seq":3', b'"seq":3,"seq":4'),
        damaged(good[3], b"}]}", b"}]}\n"),
        damaged(good[4], b'"readings"', b'"reedings"'),
        b"\xff",
        b"",
        b"null",
        message(reading(seq=8), reading(seq=9, device="a0:b1:c2:d3:e4:f5")),
        message(reading(seq=10, profile="\xe9")),
    ]
    status = encode(Status(state=Presence.ONLINE))
    elsewhere = [
        (topics.readings("gw-9"), good[5]),
        (topics.status("gw-1"), status),
        ("x", good[6]),
    ]
    among = [(GOOD, payload) for pair in zip(good, odd, strict=False) for payload in pair]
    all_of_it = [*among, *((GOOD, payload) for payload in odd), *elsewhere, *among]
    return [Delivery(topic, payload) for topic, payload in all_of_it]


def said_of(batch: Batch) -> tuple[object, ...]:
    return batch.rows, batch.letters, batch.said, batch.refused, batch.also_received


def test_together_messages_become_what_they_become_alone() -> None:
    """On any place in the line, whatever the neighbours are."""
    deliveries = mixed()
    unpacking = Unpacking(clinic)
    alone, together = unpacking.begin(NOW), unpacking.begin(NOW)
    for delivery in deliveries:
        unpacking.add(alone, delivery)
    assert unpacking.add_all(together, deliveries, most=10_000) == len(deliveries)
    assert together.deliveries == deliveries
    assert said_of(together) == said_of(alone)


def test_a_batch_takes_no_more_messages_than_fill_it() -> None:
    deliveries = [Delivery(GOOD, message(reading(), reading())) for _ in range(4)]
    unpacking = Unpacking(clinic)
    batch = unpacking.begin(NOW)
    assert unpacking.add_all(batch, deliveries, most=3) == 2
    assert (len(batch.rows), batch.deliveries) == (4, deliveries[:2])


class Fragile(UserDict[str, KnownGateway]):
    """Knows gateways, but for one."""

    @override
    def __getitem__(self, key: str) -> KnownGateway:
        if key == "gw-7":
            raise RuntimeError("a bug")
        return super().__getitem__(key)

    @override
    def __contains__(self, key: object) -> bool:
        return True


def test_a_message_that_trips_a_fault_of_ours_does_not_stop_its_neighbours() -> None:
    known = clinic()
    broken = replace(known, gateways=Fragile(**known.gateways))
    unpacking = Unpacking(lambda: broken)
    batch = unpacking.begin(NOW)
    on = [GOOD, topics.readings("gw-7"), GOOD]
    for topic in on:
        unpacking.add(batch, Delivery(topic, b""))  # Its topic is known from here on.
    batch = unpacking.begin(NOW)
    deliveries = [Delivery(topic, message(reading())) for topic in on]
    done = 0
    while done < len(deliveries):
        done += unpacking.add_all(batch, deliveries[done:], most=10_000)
    assert (len(batch.rows), len(batch.letters)) == (2, 1)
    assert batch.deliveries == deliveries
