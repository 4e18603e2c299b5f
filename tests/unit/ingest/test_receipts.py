from uuid import UUID

import pytest

from ingest.receipts import MOST_IDS, Receipting
from wire.codec import decode_receipts
from wire.messages import Receipts, Refusal

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


def test_each_gateway_gets_one_message_with_the_fate_of_each_reading() -> None:
    fates = Receipting()
    fates.stored("gw-1", ONE, None)
    fates.stored("gw-1", TWO, "implausible:systolic")
    fates.rejected("gw-1", THREE, "id_reused")
    fates.stored("gw-2", TWO, "unassigned")
    fates.rejected("gw-3", ONE, "unreadable")
    assert dict(fates.messages()) == {
        "gw-1": Receipts(
            committed=[ONE],
            quarantined=[Refusal(id=TWO, reason="implausible:systolic")],
            rejected=[Refusal(id=THREE, reason="id_reused")],
        ),
        "gw-2": Receipts(quarantined=[Refusal(id=TWO, reason="unassigned")]),
        "gw-3": Receipts(rejected=[Refusal(id=ONE, reason="unreadable")]),
    }


def test_nothing_to_say_is_no_message() -> None:
    assert list(Receipting().messages()) == []


def test_the_payload_is_what_the_gateway_reads() -> None:
    fates = Receipting()
    fates.stored("gw-1", ONE, None)
    ((topic, payload),) = fates.payloads()
    assert topic == "hearthbeat/v1/gw-1/receipts"
    assert decode_receipts(payload) == Receipts(committed=[ONE])


@pytest.mark.parametrize(
    ("count", "messages"), [(MOST_IDS - 1, 1), (MOST_IDS, 1), (MOST_IDS + 1, 2)]
)
def test_a_long_answer_is_split(count: int, messages: int) -> None:
    fates = Receipting()
    ids = [UUID(int=n) for n in range(count)]
    for reading in ids:
        fates.stored("gw-1", reading, None)
    sent = [message for _, message in fates.messages()]
    assert len(sent) == messages
    assert [reading for message in sent for reading in message.committed] == ids
