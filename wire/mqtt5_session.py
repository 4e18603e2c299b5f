"""One MQTT 5 connection: log in, subscribe, deliver, acknowledge, publish."""

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import Sequence

import mqtt5
import structlog

from wire import mqtt5_packets as packets
from wire.ack_order import AckOrder
from wire.delivery import Delivery
from wire.errors import LinkDown, LoginRefused, PublishRefused, SubscriptionRefused
from wire.inbox import Inbox
from wire.outbound import Outbound, Outgoing
from wire.packet_stream import PacketStream
from wire.session import ANSWER_S, GOODBYE_S, Wishes, check_size, settle
from wire.tls import client_context

log = structlog.get_logger()


async def open_session(wishes: Wishes, inbox: Inbox, generation: int) -> "Mqtt5Session":
    """Connect, log in and subscribe. Raises OSError, TimeoutError, LineError."""
    address = wishes.address
    tls = None if address.tls is None else await asyncio.to_thread(client_context, address.tls)
    session = Mqtt5Session(wishes, inbox, generation)
    try:
        async with asyncio.timeout(ANSWER_S):
            loop = asyncio.get_running_loop()
            await loop.create_connection(
                lambda: session.stream, address.host, address.port, ssl=tls
            )
            await session.granted
    except BaseException:
        session.stream.fail("abandoned")
        raise
    return session


class Mqtt5Session:
    """See `wire.session.Session`. Made by `open_session`; listens to its `stream`."""

    def __init__(self, wishes: Wishes, inbox: Inbox, generation: int) -> None:
        loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[str] = loop.create_future()
        self.granted: asyncio.Future[None] = loop.create_future()
        self.stream = PacketStream(self, float(wishes.keepalive_s))
        self._wishes = wishes
        self._inbox = inbox
        self._generation = generation
        self._acks = AckOrder()
        self._outbound = Outbound.of(wishes, window=wishes.window)
        self._most_packet: int | None = None
        self._greeted = False
        self._leaving = False
        self._emptied: asyncio.Future[str] = loop.create_future()

    # What the line above calls.

    @property
    def protocol(self) -> str:
        return "5"

    def acknowledge(self, deliveries: Sequence[Delivery]) -> int:
        mine = self._generation
        ready = self._acks.finish([d.packet_id for d in deliveries if d.generation == mine])
        if ready:
            self.stream.send(packets.pubacks(ready))
        return len(ready)

    def offer(self, message: Outgoing) -> bool:
        check_size(message, self._most_packet)
        taken = self._outbound.offer(message)
        self.stream.flush_soon()
        return taken

    def flow(self, *, stop: bool) -> None:
        if not self._leaving:
            self.stream.flow(stop=stop)

    def unsubscribe(self) -> None:
        if self._wishes.filters:
            self.stream.send(packets.unsubscribe(self._wishes.filters).write())

    async def close(self) -> None:
        if self.lost.done():
            return
        self.flow(stop=False)  # To hear the answers; messages are left to the broker from here on.
        self._leaving = True
        if len(self._outbound):
            await asyncio.wait(
                [self._emptied, self.lost], timeout=GOODBYE_S, return_when=FIRST_COMPLETED
            )
        self.stream.send(mqtt5.DisconnectPacket().write())
        await self.stream.close(self.lost, patience_s=GOODBYE_S)

    # What the stream tells.

    def opened(self) -> None:
        self.stream.send(packets.connect(self._wishes).write())

    def received(self, together: list[mqtt5.Packet]) -> None:
        arrived: list[Delivery] = []
        generation, note = self._generation, self._acks.arrived
        for packet in together:
            if isinstance(packet, mqtt5.PublishPacket):
                number = packet.packet_id or 0
                note(number)
                arrived.append(
                    Delivery(packet.topic, packet.payload, packet.retain, number, generation)
                )
            else:
                self._control(packet)
        if arrived and not self._leaving:
            self._inbox.put(arrived)

    def more_to_send(self) -> bytearray:
        out = bytearray()
        while self.granted.done() and (message := self._outbound.next()) is not None:
            packet_id = self._outbound.free_id()
            self._outbound.sent(packet_id, message)
            out += packets.publish(message, packet_id).write()
        return out

    def ended(self, reason: str) -> None:
        self._outbound.forget(reason)
        settle(self.granted, LinkDown(reason))
        if not self.lost.done():
            self.lost.set_result(reason)

    # What the packets mean.

    def _control(self, packet: mqtt5.Packet) -> None:
        match packet:
            case mqtt5.PubAckPacket():
                self._on_puback(packet)
            case mqtt5.PingRespPacket():
                self.stream.ping_answered()
            case mqtt5.ConnAckPacket() if not self._greeted:
                self._on_connack(packet)
            case mqtt5.SubAckPacket():
                self._on_suback(packet)
            case mqtt5.UnsubAckPacket():
                pass
            case mqtt5.DisconnectPacket():
                said = packets.words(packet.reason_code, packet.reason_str)
                self.stream.fail(f"the broker hung up: {said}")
            case _:
                self.stream.fail(f"the broker sent a {type(packet).__name__} out of place")

    def _on_connack(self, packet: mqtt5.ConnAckPacket) -> None:
        self._greeted = True
        code = int(packet.reason_code)
        if code >= packets.FAILURE:
            said = packets.words(packet.reason_code, packet.reason_str)
            self._refuse(LoginRefused("the broker refused the connection", code=code, reason=said))
            return
        window = min(self._wishes.window, packet.receive_max)
        self._outbound = Outbound.of(self._wishes, window=window)
        self._most_packet = packet.max_packet_size
        if packet.server_keep_alive is not None:
            self.stream.keep_alive(float(packet.server_keep_alive))
        if self._wishes.filters:
            self.stream.send(packets.subscribe(self._wishes.filters).write())
        else:
            settle(self.granted)

    def _on_suback(self, packet: mqtt5.SubAckPacket) -> None:
        for pattern, reason in zip(self._wishes.filters, packet.reason_codes, strict=False):
            code = int(reason)
            if code >= packets.FAILURE:
                said = packets.words(reason, packet.reason_str)
                what = f"the broker refused the subscription to {pattern}"
                self._refuse(SubscriptionRefused(what, code=code, reason=said))
                return
        settle(self.granted)

    def _on_puback(self, packet: mqtt5.PubAckPacket) -> None:
        code = int(packet.reason_code)
        error = None
        if code >= packets.FAILURE:
            said = packets.words(packet.reason_code, packet.reason_str)
            error = PublishRefused("the broker refused the message", code=code, reason=said)
        message = self._outbound.answered(packet.packet_id, error)
        if error and message and message.answer is None:
            log.warning("message refused", topic=message.topic, code=code, reason=error.reason)
        if self._leaving and not self._emptied.done() and not len(self._outbound):
            self._emptied.set_result("")
        self.stream.flush_soon()

    def _refuse(self, error: Exception) -> None:
        settle(self.granted, error)
        self.stream.fail(str(error))
