"""Order of acknowledgement, the bounded inbox, the window of outgoing messages, back-off."""

import asyncio
import random

import mqtt5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wire.samples import UNHURRIED
from wire.ack_order import AckOrder
from wire.backoff import Backoff
from wire.delivery import Delivery
from wire.errors import LinkDown, PublishRefused, TooLarge
from wire.inbox import Bounds, Inbox
from wire.messages import MOST_BYTES
from wire.mqtt5_packets import pubacks
from wire.outbound import Outbound, Outgoing
from wire.session import check_size


def acks(*arrived: int) -> AckOrder:
    order = AckOrder()
    for packet_id in arrived:
        order.arrived(packet_id)
    return order


def test_what_is_finished_in_order_goes_out_at_once() -> None:
    order = acks(7, 8, 9)
    assert order.finish([7, 8]) == [7, 8]
    assert order.finish([9]) == [9]
    assert len(order) == 0


def test_an_acknowledgement_that_overtakes_waits() -> None:
    order = acks(7, 8, 9)
    assert order.finish([9]) == []
    assert order.finish([8]) == []
    assert order.finish([7]) == [7, 8, 9]


def test_the_oldest_let_those_go_that_were_finished_before() -> None:
    order = acks(6, 7, 8, 9)
    assert order.finish([8]) == []
    assert order.finish([6, 7]) == [6, 7, 8]
    assert order.finish([9]) == [9]


def test_acknowledgements_in_one_piece_are_the_packets_one_by_one() -> None:
    numbers = [1, 2, 255, 256, 0x1234, 65_535]
    assert pubacks(numbers) == b"".join(mqtt5.PubAckPacket(each).write() for each in numbers)
    assert pubacks([]) == b""


@pytest.mark.parametrize(("most_bytes", "taken"), [(1, 1), (9, 1), (10, 2), (14, 2), (15, 3)])
async def test_a_batch_is_cut_where_its_bytes_are_too_many(most_bytes: int, taken: int) -> None:
    inbox = Inbox(Bounds(), lambda _: None)
    inbox.put([Delivery("t", b"12345", packet_id=number) for number in range(4)])
    batch = await inbox.batch(most=3, most_bytes=most_bytes, wait_s=0)
    assert [delivery.packet_id for delivery in batch] == list(range(taken))
    assert (inbox.messages, inbox.bytes) == (4 - taken, 5 * (4 - taken))
    rest = await inbox.batch(most=9, most_bytes=99, wait_s=0)
    assert [delivery.packet_id for delivery in rest] == list(range(taken, 4))


def test_nothing_is_acknowledged_twice_or_unasked() -> None:
    order = acks(7, 8)
    assert order.finish([7, 7, 99, 0]) == [7]
    assert order.finish([7]) == []
    assert len(order) == 1


def test_a_number_can_be_used_again_once_acknowledged() -> None:
    order = acks(1, 2)
    assert order.finish([1]) == [1]
    order.arrived(1)
    assert order.finish([1]) == []
    assert order.finish([2]) == [2, 1]


@UNHURRIED
@given(st.permutations(range(1, 30)))
def test_any_order_of_finishing_gives_the_order_of_arrival(finishing: list[int]) -> None:
    order = acks(*range(1, 30))
    out: list[int] = []
    for packet_id in finishing:
        out += order.finish([packet_id])
    assert out == list(range(1, 30))


class Tap:
    """What the inbox asked of the line."""

    def __init__(self) -> None:
        self.stops: list[bool] = []

    def __call__(self, stop: bool) -> None:  # noqa: FBT001
        self.stops.append(stop)


def delivery(number: int, size: int = 10) -> Delivery:
    return Delivery("t", b"%0*d" % (size, number), packet_id=number, generation=1)


def inbox(tap: Tap | None = None, *, messages: int = 1000, size: int = 10**6) -> Inbox:
    return Inbox(Bounds(messages=messages, bytes=size), tap or Tap())


async def test_a_batch_is_in_order_and_no_longer_than_asked() -> None:
    box = inbox()
    box.put([delivery(number) for number in range(5)])
    first = await box.batch(most=3, most_bytes=1000, wait_s=0)
    second = await box.batch(most=3, most_bytes=1000, wait_s=0)
    assert [d.packet_id for d in first + second] == [0, 1, 2, 3, 4]
    assert len(first) == 3


@pytest.mark.parametrize(("most_bytes", "count"), [(1, 1), (19, 1), (20, 2), (21, 2)])
async def test_a_batch_is_no_larger_than_asked_but_never_empty(most_bytes: int, count: int) -> None:
    box = inbox()
    box.put([delivery(number) for number in range(5)])
    assert len(await box.batch(most=5, most_bytes=most_bytes, wait_s=0)) == count


async def test_a_batch_waits_for_more_until_time_is_up() -> None:
    box = inbox()
    loop = asyncio.get_running_loop()
    loop.call_later(0.02, box.put, [delivery(1)])
    loop.call_later(0.04, box.put, [delivery(2)])
    loop.call_later(5, box.put, [delivery(3)])
    batch = await box.batch(most=10, most_bytes=1000, wait_s=0.2)
    assert [d.packet_id for d in batch] == [1, 2]


async def test_a_batch_goes_out_early_when_it_is_full() -> None:
    box = inbox()
    loop = asyncio.get_running_loop()
    loop.call_later(0.02, box.put, [delivery(1), delivery(2)])
    began = loop.time()
    assert len(await box.batch(most=2, most_bytes=1000, wait_s=30)) == 2
    assert loop.time() - began < 20


async def test_silence_gives_an_empty_batch_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wire.inbox.SILENCE_S", 0.1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await inbox().batch(most=2, most_bytes=1000, wait_s=0.01) == []
    assert 0.09 < loop.time() - began < 20


async def test_closing_ends_the_waiting_and_leaves_what_is_there() -> None:
    box = inbox()
    asyncio.get_running_loop().call_later(0.01, box.close)
    assert await box.batch(most=2, most_bytes=1000, wait_s=30) == []
    box.put([delivery(1)])
    assert len(await box.batch(most=2, most_bytes=1000, wait_s=30)) == 1
    assert await box.batch(most=2, most_bytes=1000, wait_s=30) == []


@pytest.mark.parametrize(("count", "stops"), [(9, []), (10, [True]), (11, [True])])
async def test_reading_stops_at_the_bound_of_messages(count: int, stops: list[bool]) -> None:
    tap = Tap()
    inbox(tap, messages=10).put([delivery(number) for number in range(count)])
    assert tap.stops == stops


async def test_reading_stops_at_the_bound_of_bytes_and_goes_on_when_half_is_taken() -> None:
    tap = Tap()
    box = inbox(tap, size=100)
    box.put([delivery(number) for number in range(12)])
    await box.batch(most=6, most_bytes=1000, wait_s=0)
    assert tap.stops == [True]
    await box.batch(most=1, most_bytes=1000, wait_s=0)
    assert (tap.stops, box.full) == ([True, False], False)
    assert (box.messages, box.bytes) == (5, 50)


def outgoing(answer: asyncio.Future[None] | None = None) -> Outgoing:
    return Outgoing("t", b"0123456789", retain=False, answer=answer)


def outbound(window: int = 2, *, queued: int = 3, size: int = 1000) -> Outbound:
    return Outbound(window=window, most_queued=queued, most_queued_bytes=size)


def start(out: Outbound) -> int | None:
    message = out.next()
    if message is None:
        return None
    packet_id = out.free_id()
    out.sent(packet_id, message)
    return packet_id


def test_only_as_many_are_under_way_as_the_window_takes() -> None:
    out = outbound()
    assert [out.offer(outgoing()) for _ in range(3)] == [True] * 3
    assert [start(out), start(out), start(out)] == [1, 2, None]
    out.answered(1)
    assert start(out) == 3
    assert len(out) == 2


@pytest.mark.parametrize(("limits", "taken"), [((3, 1000), 3), ((9, 39), 3), ((9, 40), 4)])
def test_the_queue_is_bounded_by_count_and_bytes(limits: tuple[int, int], taken: int) -> None:
    out = outbound(queued=limits[0], size=limits[1])
    assert [out.offer(outgoing()) for _ in range(5)].count(True) == taken


def test_packet_ids_under_way_are_not_given_again() -> None:
    out = outbound(window=65_535, queued=1)
    for expected in (*range(1, 65_535), 65_535):
        out.offer(outgoing())
        assert start(out) == expected
        if expected != 2:
            out.answered(expected)
    assert out.free_id() == 1
    assert out.free_id() == 3


async def test_answers_reach_who_waits() -> None:
    loop = asyncio.get_running_loop()
    out = outbound()
    good, bad, lost = (loop.create_future() for _ in range(3))
    for answer in (good, bad, lost):
        out.offer(outgoing(answer))
    start(out)
    start(out)
    out.answered(1)
    out.answered(2, PublishRefused("x", code=0x87, reason="not authorized"))
    assert out.answered(77) is None
    out.forget("gone")
    assert good.result() is None
    with pytest.raises(PublishRefused, match="0x87"):
        bad.result()
    with pytest.raises(LinkDown, match="gone"):
        lost.result()


async def test_who_no_longer_waits_is_not_told() -> None:
    answer = asyncio.get_running_loop().create_future()
    out = outbound()
    out.offer(outgoing(answer))
    start(out)
    answer.cancel()
    assert out.answered(1) is not None


@pytest.mark.parametrize(("size", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_payload_over_the_limit_is_refused_before_sending(size: int, *, refused: bool) -> None:
    message = Outgoing("t", b"x" * (MOST_BYTES + size), retain=False)
    if not refused:
        check_size(message, None)
        return
    with pytest.raises(TooLarge):
        check_size(message, None)


def test_the_brokers_own_limit_is_minded() -> None:
    with pytest.raises(TooLarge):
        check_size(Outgoing("t", b"x" * 100, retain=False), 100)
    check_size(Outgoing("t", b"x" * 100, retain=False), 200)


@pytest.mark.parametrize(("failures", "ceiling"), [(1, 1), (2, 2), (3, 4), (7, 60), (10_000, 60)])
def test_the_ceiling_doubles_up_to_the_cap(failures: int, ceiling: float) -> None:
    assert Backoff(first_s=1, most_s=60).ceiling_s(failures) == ceiling


def test_the_delay_is_anywhere_below_the_ceiling() -> None:
    dice = random.Random(7)
    delays = [Backoff(first_s=1, most_s=60).delay_s(7, dice=dice) for _ in range(1000)]
    assert 0 <= min(delays) < 3
    assert 57 < max(delays) <= 60
