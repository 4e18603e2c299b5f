"""The MQTT 5 connection without a network: any bytes, one write, a slow socket."""

import asyncio

import mqtt5
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from tests.unit.wire.samples import UNHURRIED
from wire.address import BrokerAddress
from wire.inbox import Bounds, Inbox
from wire.mqtt5_session import Mqtt5Session
from wire.outbound import Outgoing
from wire.session import Wishes

READINGS = "hearthbeat/v1/gw-1/readings"


class DeafTransport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.aborted = False

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    @override
    def is_closing(self) -> bool:
        return self.aborted

    @override
    def abort(self) -> None:
        self.aborted = True


class Wire:
    """A session, its transport and its inbox, connected and subscribed."""

    def __init__(self) -> None:
        wishes = Wishes(
            address=BrokerAddress(host="h", port=1),
            client_id="in",
            filters=("a", "b"),
            will=None,
            keepalive_s=20,
            receive_maximum=100,
            session_expiry_s=0,
            window=1000,
        )
        self.inbox = Inbox(Bounds(), lambda _stop: None)
        self.session = Mqtt5Session(wishes, self.inbox, 1)
        self.transport = DeafTransport()
        self.session.stream.connection_made(self.transport)
        granted = mqtt5.SubAckReasonCode.GRANTED_QOS_AT_LEAST_ONCE
        self.hear(mqtt5.ConnAckPacket().write() + mqtt5.SubAckPacket(1, [granted] * 2).write())

    def hear(self, data: bytes) -> None:
        place = self.session.stream.get_buffer(-1)
        place[: len(data)] = data
        self.session.stream.buffer_updated(len(data))

    async def settle(self) -> list[bytes]:
        """What was written, and forget it."""
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        writes, self.transport.writes = self.transport.writes, []
        return writes

    def end(self) -> None:
        self.session.stream.connection_lost(None)


def message(packet_id: int) -> bytes:
    return mqtt5.PublishPacket(
        READINGS, b"x", qos=mqtt5.QoS.AT_LEAST_ONCE, packet_id=packet_id
    ).write()


async def test_acks_and_receipts_of_one_turn_leave_in_one_write() -> None:
    wire = Wire()
    wire.hear(b"".join(message(number) for number in range(1, 101)))
    await wire.settle()
    batch = await wire.inbox.batch(most=100, most_bytes=10**6, wait_s=0)
    assert wire.session.acknowledge(batch) == 100
    for number in range(10):
        assert wire.session.offer(Outgoing("receipts", b"%d" % number, retain=False))
    [written] = await wire.settle()
    acks = b"".join(b"\x40\x02" + number.to_bytes(2, "big") for number in range(1, 101))
    assert written.startswith(acks)
    assert written.count(b"receipts") == 10
    wire.end()


async def test_receipts_wait_while_the_socket_is_full() -> None:
    wire = Wire()
    await wire.settle()
    wire.session.stream.pause_writing()
    assert wire.session.offer(Outgoing("receipts", b"1", retain=False))
    assert await wire.settle() == []
    wire.session.stream.resume_writing()
    [written] = await wire.settle()
    assert b"receipts" in written
    wire.end()


async def test_a_packet_is_put_together_from_any_pieces() -> None:
    wire = Wire()
    stream = b"".join(message(number) for number in range(1, 51))
    for start in range(0, len(stream), 7):
        wire.hear(stream[start : start + 7])
    batch = await wire.inbox.batch(most=100, most_bytes=10**6, wait_s=0)
    assert [delivery.packet_id for delivery in batch] == list(range(1, 51))
    wire.end()


@UNHURRIED
@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=5))
def test_any_bytes_are_packets_or_the_end(chunks: list[bytes]) -> None:
    async def listen() -> None:
        wire = Wire()
        for chunk in chunks:
            if not wire.transport.aborted:
                wire.hear(chunk)
        wire.end()
        assert wire.session.lost.done()

    with asyncio.Runner() as runner:
        runner.run(listen())


async def test_a_second_greeting_ends_the_connection() -> None:
    wire = Wire()
    wire.hear(mqtt5.ConnAckPacket().write())
    assert wire.transport.aborted
    wire.end()
