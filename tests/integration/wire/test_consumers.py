"""Both ends of the line against a real broker."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.integration.wire.conftest import SOON, Maker, Starter, at
from tests.integration.wire.gathering import READINGS, eventually, send, take
from tests.integration.wire.mosquitto import Mosquitto
from wire import topics
from wire.consumer import State, Will
from wire.errors import LinkDown, LoginRefused, PublishRefused, TooLarge
from wire.inbox import Bounds
from wire.intake import Intake
from wire.line import Line
from wire.link import Link
from wire.messages import MOST_BYTES

FILTERS = [topics.READINGS_FILTER]


async def test_what_is_published_arrives_in_order(broker: Mosquitto, consumer: Maker) -> None:
    async with (
        consumer(at(broker.port), client_id="in", filters=FILTERS) as incoming,
        consumer(at(broker.port), client_id="out", filters=[]) as out,
    ):
        await incoming.wait_connected(60)
        await out.wait_connected(60)
        assert incoming.protocol == "5"
        sent = await send(out, 1000)
        taken = await take(incoming, 1000)
        assert [d.payload for d in taken] == sent
        assert {d.topic for d in taken} == {READINGS}


async def test_a_message_of_the_largest_size_passes(broker: Mosquitto, consumer: Maker) -> None:
    async with consumer(at(broker.port), client_id="both", filters=FILTERS) as both:
        await both.wait_connected(60)
        await both.publish(READINGS, b"x" * MOST_BYTES)
        [delivery] = await take(both, 1)
        assert len(delivery.payload) == MOST_BYTES


async def test_what_is_not_acknowledged_comes_again(broker: Mosquitto, consumer: Maker) -> None:
    def incoming() -> Line:
        return consumer(at(broker.port), client_id="in", filters=FILTERS, session_expiry_s=60)

    async with incoming() as first, consumer(at(broker.port), client_id="out", filters=[]) as out:
        await first.wait_connected(60)
        await out.wait_connected(60)
        sent = await send(out, 10)
        assert first.ack((await take(first, 10, ack=False))[:4]) == 4
        # One line, one order: when this is confirmed the acknowledgements before it have left.
        await first.publish("elsewhere", b"the last word")
    async with incoming() as second:
        assert [d.payload for d in await take(second, 6)] == sent[4:]
        await second.publish("elsewhere", b"the last word")
    async with incoming() as third:
        assert await third.batch(most=10, most_bytes=1000, wait_s=0) == []


async def test_acknowledgements_go_out_in_the_order_of_arrival(
    broker: Mosquitto, consumer: Maker
) -> None:
    async with consumer(at(broker.port), client_id="both", filters=FILTERS) as both:
        await both.wait_connected(60)
        await send(both, 3)
        first, second, third = await take(both, 3, ack=False)
        assert both.ack([third, second]) == 0
        assert both.ack([first]) == 3


async def test_a_killed_broker_is_found_again_and_stale_acks_are_dropped(
    broker: Mosquitto, consumer: Maker
) -> None:
    states: list[State] = []
    async with consumer(
        at(broker.port), client_id="both", filters=FILTERS, on_state=states.append
    ) as both:
        await both.wait_connected(60)
        await send(both, 3)
        stale = await take(both, 3, ack=False)
        before = both.generation
        broker.kill()
        await eventually(lambda: not both.connected)
        assert not both.publish_soon(READINGS, b"lost")
        with pytest.raises(LinkDown):
            await both.publish(READINGS, b"lost")
        assert both.ack(stale) == 0
        broker.start()
        await both.wait_connected(60)
        assert both.generation > before
        await send(both, 3)
        fresh = await take(both, 3, ack=False)
        assert [d.packet_id for d in fresh] == [d.packet_id for d in stale]
        assert both.ack(stale) == 0
        assert both.ack(fresh) == 3
    assert states[0].connected
    assert not states[-1].connected
    assert states[-1].reason == "closed"


async def test_a_publisher_learns_that_the_broker_died(broker: Mosquitto, consumer: Maker) -> None:
    async with consumer(at(broker.port), client_id="out", filters=[]) as out:
        await out.wait_connected(60)
        broker.signal(signal.SIGSTOP)
        answer = asyncio.create_task(out.publish(READINGS, b"x"))
        await asyncio.sleep(0.05)
        broker.kill()
        with pytest.raises(LinkDown):
            await answer


async def test_a_publisher_does_not_wait_for_ever(broker: Mosquitto, consumer: Maker) -> None:
    async with consumer(at(broker.port), client_id="out", filters=[]) as out:
        await out.wait_connected(60)
        broker.signal(signal.SIGSTOP)
        with pytest.raises(LinkDown, match="did not answer"):
            await out.publish(READINGS, b"x", timeout_s=0.1)
        broker.signal(signal.SIGCONT)


async def test_a_half_open_line_is_noticed(broker: Mosquitto, consumer: Maker) -> None:
    loop = asyncio.get_running_loop()
    states: list[State] = []
    async with consumer(
        at(broker.port), client_id="both", filters=FILTERS, keepalive_s=2, on_state=states.append
    ) as both:
        await both.wait_connected(60)
        broker.signal(signal.SIGSTOP)
        began = loop.time()
        await eventually(lambda: states[-1].reason == "the broker fell silent")
        assert not both.connected
        assert loop.time() - began > 1
        broker.signal(signal.SIGCONT)
        await both.wait_connected(60)


async def test_a_quiet_line_stays_up(broker: Mosquitto, consumer: Maker) -> None:
    async with consumer(at(broker.port), client_id="both", filters=FILTERS, keepalive_s=2) as both:
        await both.wait_connected(60)
        await asyncio.sleep(5)
        assert (both.connected, both.generation) == (True, 1)


async def test_back_pressure_bounds_memory_and_loses_nothing(
    broker: Mosquitto, consumer: Maker
) -> None:
    async with (
        consumer(
            at(broker.port),
            client_id="in",
            filters=FILTERS,
            receive_maximum=60_000,
            bounds=Bounds(messages=10**6, bytes=200_000),
            keepalive_s=2,
        ) as incoming,
        Intake(at(broker.port), client_id="out", filters=[]) as out,
    ):
        await incoming.wait_connected(60)
        await out.wait_connected(60)
        sent = await send(out, 1000, size=5000)
        await asyncio.sleep(5)  # Over twice the keepalive: what does not read is not dead.
        assert (incoming.connected, incoming.generation) == (True, 1)
        assert 200_000 <= incoming.waiting_bytes < 2_000_000
        taken = await take(incoming, 1000)
        assert [d.payload for d in taken] == sent


async def test_a_shared_subscription_spreads_over_its_members(
    broker: Mosquitto, consumer: Maker
) -> None:
    shared = [topics.shared(topics.READINGS_FILTER)]
    async with (
        consumer(at(broker.port), client_id="in-0", filters=shared) as one,
        consumer(at(broker.port), client_id="in-1", filters=shared) as two,
        consumer(at(broker.port), client_id="out", filters=[]) as out,
    ):
        for line in (one, two, out):
            await line.wait_connected(60)
        sent = await send(out, 200)
        taken = [*await take(one, 100), *await take(two, 100)]
        assert sorted(d.payload for d in taken) == sent


async def test_a_member_that_unsubscribes_leaves_the_rest_to_the_others(
    broker: Mosquitto, consumer: Maker
) -> None:
    shared = [topics.shared(topics.READINGS_FILTER)]
    async with (
        consumer(at(broker.port), client_id="in-0", filters=shared) as leaving,
        consumer(at(broker.port), client_id="in-1", filters=shared) as staying,
        consumer(at(broker.port), client_id="out", filters=[]) as out,
    ):
        for line in (leaving, staying, out):
            await line.wait_connected(60)
        sent = await send(out, 100)
        await eventually(lambda: leaving.waiting == 50)
        leaving.unsubscribe()
        await out.publish(READINGS, b"later")
        await asyncio.sleep(0.1)
        sent += await send(out, 100)
        taken = await take(leaving, leaving.waiting)
        rest = await take(staying, 201 - len(taken))
        assert len(taken) <= 51
        assert sorted(d.payload for d in taken + rest) == sorted([*sent, b"later"])


async def test_the_last_will_is_said_and_kept(broker: Mosquitto, consumer: Maker) -> None:
    status = topics.status("gw-1")
    will = Will(topic=status, payload=b"offline", retain=True)
    async with consumer(at(broker.port), client_id="in", filters=[topics.STATUS_FILTER]) as seen:
        await seen.wait_connected(60)
        async with consumer(at(broker.port), client_id="gw-1", filters=[], will=will) as gateway:
            await gateway.wait_connected(60)
            await gateway.publish(status, b"online", retain=True)
            thief = Intake(at(broker.port), client_id="gw-1", filters=[], backoff=SOON)
            async with thief:
                await eventually(lambda: gateway.generation > 1)
            assert [d.payload for d in await take(seen, 2)][:2] == [b"online", b"offline"]
    async with consumer(at(broker.port), client_id="late", filters=[topics.STATUS_FILTER]) as late:
        [kept] = await take(late, 1)
        assert (kept.payload, kept.retain) == (b"offline", True)


async def test_a_proper_goodbye_leaves_no_will(broker: Mosquitto, consumer: Maker) -> None:
    will = Will(topic=topics.status("gw-1"), payload=b"offline")
    async with consumer(at(broker.port), client_id="in", filters=[topics.STATUS_FILTER]) as seen:
        await seen.wait_connected(60)
        async with consumer(at(broker.port), client_id="gw-1", filters=[], will=will) as gateway:
            await gateway.wait_connected(60)
            assert gateway.publish_soon(topics.status("gw-1"), b"bye")
        assert [d.payload for d in await take(seen, 1)] == [b"bye"]
        assert await seen.batch(most=1, most_bytes=1, wait_s=0) == []


async def test_a_refused_topic_is_told_to_the_publisher(
    start_mosquitto: Starter, consumer: Maker, tmp_path: Path
) -> None:
    acl = tmp_path / "acl"
    acl.write_text("topic write hearthbeat/v1/gw-1/status\n")
    broker = start_mosquitto(f"acl_file {acl}")
    async with consumer(at(broker.port), client_id="out", filters=[]) as out:
        await out.wait_connected(60)
        await out.publish(topics.status("gw-1"), b"x")
        with pytest.raises(PublishRefused) as caught:
            await out.publish(READINGS, b"x")
        assert caught.value.code == 0x87
        assert out.connected


async def test_what_the_broker_would_drop_is_not_sent(
    start_mosquitto: Starter, consumer: Maker
) -> None:
    broker = start_mosquitto("max_packet_size 5000")
    async with consumer(at(broker.port), client_id="out", filters=[]) as out:
        await out.wait_connected(60)
        await out.publish(READINGS, b"x" * 4900)
        for size in (5000, MOST_BYTES + 1):
            with pytest.raises(TooLarge):
                await out.publish(READINGS, b"x" * size)
            with pytest.raises(TooLarge):
                out.publish_soon(READINGS, b"x" * size)
        assert (out.connected, out.generation) == (True, 1)


async def test_a_refused_login_is_told(start_mosquitto: Starter, consumer: Maker) -> None:
    broker = start_mosquitto(anonymous=False)
    told: list[State] = []
    options = {"client_id": "in", "filters": FILTERS, "on_state": told.append}
    async with consumer(at(broker.port), **options) as line:
        with pytest.raises(LoginRefused, match="authori"):
            await line.wait_connected(60)
    assert {(state.connected, state.refused) for state in told} == {(False, 0x87)}


async def test_a_clinic_hears_of_refusal_in_its_next_batch_and_a_home_goes_on(
    start_mosquitto: Starter,
) -> None:
    broker = start_mosquitto(anonymous=False)
    async with (
        Intake(at(broker.port), client_id="in", filters=FILTERS, backoff=SOON) as intake,
        Link(at(broker.port), client_id="gw-1", filters=FILTERS, backoff=SOON) as link,
    ):
        for line in (intake, link):
            with pytest.raises(LoginRefused):
                await line.wait_connected(60)
        with pytest.raises(LoginRefused):
            await intake.batch(most=1, most_bytes=1, wait_s=0)
        assert await link.batch(most=1, most_bytes=1, wait_s=0) == []


async def test_without_a_broker_the_line_waits_and_says_so(consumer: Maker) -> None:
    async with consumer(at(1), client_id="in", filters=FILTERS) as line:
        with pytest.raises(LinkDown):
            await line.wait_connected(0.3)
        assert await line.batch(most=1, most_bytes=1, wait_s=0) == []
        assert not line.connected


async def test_leaving_while_connecting_leaves_nothing_behind(consumer: Maker) -> None:
    async with asyncio.timeout(60):
        async with consumer(at(1), client_id="in", filters=FILTERS):
            await asyncio.sleep(0)


async def test_a_failing_callback_does_not_end_the_line(broker: Mosquitto, consumer: Maker) -> None:
    def fail(state: State) -> None:
        raise ZeroDivisionError(state.reason)

    async with consumer(at(broker.port), client_id="both", filters=FILTERS, on_state=fail) as both:
        await both.wait_connected(60)
        await both.publish(READINGS, b"x")
        assert len(await take(both, 1)) == 1
