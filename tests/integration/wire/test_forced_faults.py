"""What no healthy broker does, done by a scripted one to both ends of the line."""

import asyncio
from collections.abc import AsyncIterator

import mqtt5
import pytest

from tests.integration.wire.conftest import Maker, at
from tests.integration.wire.gathering import READINGS, eventually, take
from tests.integration.wire.scripted_broker import Script, ScriptedBroker, message
from wire import topics
from wire.consumer import State
from wire.errors import LinkDown, LoginRefused, PublishRefused, SubscriptionRefused

FILTERS = [topics.READINGS_FILTER]


@pytest.fixture
async def broker() -> AsyncIterator[ScriptedBroker]:
    async with ScriptedBroker() as scripted:
        yield scripted


def acked(broker: ScriptedBroker) -> list[int]:
    return [packet.packet_id for packet in broker.of(mqtt5.PubAckPacket)]


async def test_an_acknowledgement_never_reaches_the_next_connection(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        broker.say(message(1, b"old"), message(2, b"old"))
        stale = await take(line, 2, ack=False)
        broker.hang_up()
        await eventually(lambda: broker.connections == 2 and line.connected)
        broker.say(message(1, b"new"), message(2, b"new"))
        fresh = await take(line, 2, ack=False)
        assert line.ack(stale) == 0
        await asyncio.sleep(0.1)
        assert acked(broker) == []
        assert line.ack([*stale, *fresh]) == 2
        await eventually(lambda: acked(broker) == [1, 2])


async def test_what_comes_before_the_consent_can_be_acknowledged(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    broker.script.early = 3
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        assert len(await take(line, 3)) == 3
        await eventually(lambda: acked(broker) == [1, 2, 3])


async def test_acknowledgements_stay_in_order_on_the_wire(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        broker.say(*(message(number) for number in (7, 3, 9)))
        seventh, third, ninth = await take(line, 3, ack=False)
        line.ack([ninth])
        line.ack([third, seventh])
        line.ack([ninth, third])
        await eventually(lambda: acked(broker) == [7, 3, 9])


async def test_many_answers_leave_together(broker: ScriptedBroker, consumer: Maker) -> None:
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        broker.say(*(message(number) for number in range(1, 501)))
        batch = await take(line, 500, ack=False)
        before = broker.reads
        line.ack(batch)
        for number in range(20):
            assert line.publish_soon(topics.receipts("gw-1"), b"%d" % number)
        await eventually(lambda: len(acked(broker)) == 500)
        await eventually(lambda: len(broker.of(mqtt5.PublishPacket)) == 20)
        if type(line).__name__ == "Intake":
            assert broker.reads - before == 1


async def test_a_packet_may_come_byte_by_byte(broker: ScriptedBroker, consumer: Maker) -> None:
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        for byte in message(1, b"slow").write() + message(2, b"slower").write():
            broker.raw(bytes([byte]))
            await asyncio.sleep(0)
        assert [d.payload for d in await take(line, 2)] == [b"slow", b"slower"]


async def test_garbage_ends_the_connection_and_not_the_line(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        for count, garbage in enumerate(
            [b"\x00\x00", b"\xff" * 64, b"\x30\xff\xff\xff\xff\x01", b"\x36\x05\x00\x01aaa"], 2
        ):
            broker.raw(garbage)
            await eventually(lambda: broker.connections == count and line.connected)  # noqa: B023
        broker.say(message(1))
        assert len(await take(line, 1)) == 1


async def test_the_brokers_reason_for_hanging_up_is_told(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    states: list[State] = []
    async with consumer(
        at(broker.port), client_id="in", filters=FILTERS, on_state=states.append
    ) as line:
        await line.wait_connected(60)
        broker.say(
            mqtt5.DisconnectPacket(reason_code=mqtt5.DisconnectReasonCode.SESSION_TAKEN_OVER)
        )
        await eventually(lambda: len(states) > 1)
        assert states[1].reason == "the broker hung up: session taken over"


async def test_a_refused_subscription_is_told(broker: ScriptedBroker, consumer: Maker) -> None:
    broker.script.grant = mqtt5.SubAckReasonCode.NOT_AUTHORIZED
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        with pytest.raises(SubscriptionRefused, match=r"readings.*not authorized") as caught:
            await line.wait_connected(60)
        assert caught.value.code == 0x87
        assert not line.connected
        broker.script.grant = mqtt5.SubAckReasonCode.GRANTED_QOS_AT_LEAST_ONCE
        await eventually(lambda: line.connected)
        await line.wait_connected(1)


async def test_a_refused_login_is_told(broker: ScriptedBroker, consumer: Maker) -> None:
    broker.script.login = mqtt5.ConnAckReasonCode.BAD_USER_NAME_OR_PASSWORD
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        with pytest.raises(LoginRefused, match="bad user name or password"):
            await line.wait_connected(60)


async def test_the_brokers_receive_maximum_is_minded(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    broker.script = Script(receive_max=3, answer=None)
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        for number in range(10):
            assert line.publish_soon(READINGS, b"%d" % number)
        await asyncio.sleep(0.2)
        assert len(broker.of(mqtt5.PublishPacket)) == 3
        broker.script.answer = mqtt5.PubAckReasonCode.SUCCESS
        for packet in broker.of(mqtt5.PublishPacket):
            assert packet.packet_id
            broker.say(mqtt5.PubAckPacket(packet.packet_id))
        await eventually(lambda: len(broker.of(mqtt5.PublishPacket)) == 10)


async def test_what_waits_unsent_is_bounded(broker: ScriptedBroker, consumer: Maker) -> None:
    broker.script = Script(receive_max=1, answer=None)
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        taken = 0
        while line.publish_soon(READINGS, b"x" * 100_000):
            taken += 1
            await asyncio.sleep(0)
        assert 10 < taken < 200
        with pytest.raises(LinkDown, match="too many"):
            await line.publish(READINGS, b"x" * 100_000)
        broker.hang_up()


async def test_a_refusal_goes_to_who_asked(broker: ScriptedBroker, consumer: Maker) -> None:
    broker.script.answer = mqtt5.PubAckReasonCode.QUOTA_EXCEEDED
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        assert line.publish_soon(READINGS, b"nobody asks")
        with pytest.raises(PublishRefused) as caught:
            await line.publish(READINGS, b"x")
        assert caught.value.code == 0x97
        assert line.connected


async def test_nobody_listening_is_no_failure(broker: ScriptedBroker, consumer: Maker) -> None:
    broker.script.answer = mqtt5.PubAckReasonCode.NO_MATCHING_SUBSCRIBERS
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        await line.publish(READINGS, b"x")


async def test_a_broker_that_does_not_answer_pings_is_left(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    broker.script.pong = False
    async with consumer(at(broker.port), client_id="in", filters=FILTERS, keepalive_s=1) as line:
        await line.wait_connected(60)
        await eventually(lambda: broker.connections == 2)


async def test_the_brokers_own_keepalive_goes_first(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    broker.script.server_keep_alive = 1
    async with consumer(at(broker.port), client_id="in", filters=FILTERS, keepalive_s=600) as line:
        await line.wait_connected(60)
        await eventually(lambda: broker.of(mqtt5.PingReqPacket))


async def test_leaving_waits_for_the_answers_under_way(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        for number in range(50):
            assert line.publish_soon(READINGS, b"%d" % number)
    await eventually(lambda: broker.of(mqtt5.DisconnectPacket))
    kinds = [type(packet) for packet in broker.got]
    assert kinds.count(mqtt5.PublishPacket) == 50
    assert kinds[-1] is mqtt5.DisconnectPacket


async def test_leaving_does_not_wait_for_ever(broker: ScriptedBroker, consumer: Maker) -> None:
    broker.script.answer = None
    async with asyncio.timeout(60):
        async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
            await line.wait_connected(60)
            assert line.publish_soon(READINGS, b"never answered")


async def test_each_end_asks_for_what_it_can_hold(broker: ScriptedBroker, consumer: Maker) -> None:
    async with consumer(
        at(broker.port),
        client_id="in-0",
        filters=FILTERS,
        receive_maximum=77,
        session_expiry_s=60,
        keepalive_s=30,
    ) as line:
        await line.wait_connected(60)
    [hello] = broker.of(mqtt5.ConnectPacket)
    assert (hello.client_id, hello.receive_max, hello.keep_alive) == ("in-0", 77, 30)
    assert (hello.session_expiry_interval, hello.clean_start) == (60, False)
    assert hello.max_packet_size == 512 * 1024


async def test_a_packet_over_the_agreed_size_ends_the_intake_connection(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        await line.wait_connected(60)
        if type(line).__name__ != "Intake":
            return
        broker.say(message(1, b"x" * 2_000_000))
        await eventually(lambda: broker.connections == 2 and line.connected)


async def test_an_old_brokers_refusal_is_understood(
    broker: ScriptedBroker, consumer: Maker
) -> None:
    broker.script.last_words = b"\x20\x02\x00\x01"  # 3.1.1: unacceptable protocol version.
    async with consumer(at(broker.port), client_id="in", filters=FILTERS) as line:
        with pytest.raises((LinkDown, LoginRefused)):
            await line.wait_connected(0.5)
    [*asked] = broker.of(mqtt5.ConnectPacket)
    assert asked
