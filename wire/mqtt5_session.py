"""One MQTT 5 connection on an asyncio protocol, with the `mqtt5` codec (sans-I/O) inside.

Bytes go from the socket into one buffer that is never reallocated, packets are parsed in place, and
everything that a read brought is handed over at once: no task, future or await per message. What
goes out in one turn of the event loop (acknowledgements, receipts) leaves in one write.
"""

import asyncio
import struct
from asyncio import FIRST_COMPLETED
from collections.abc import Sequence
from typing import Final, cast

import mqtt5
import structlog
from typing_extensions import override

from wire import mqtt5_packets as packets
from wire.ack_order import AckOrder
from wire.delivery import Delivery
from wire.errors import LinkDown, LoginRefused, PublishRefused, SubscriptionRefused
from wire.inbox import Inbox
from wire.liveness import Liveness, Look
from wire.outbound import Outbound, Outgoing
from wire.session import ANSWER_S, GOODBYE_S, MOST_PACKET_BYTES, Wishes, check_size, settle
from wire.tls import client_context

log = structlog.get_logger()

BUFFER_BYTES: Final = 2 * MOST_PACKET_BYTES
"""Always holds one whole packet and leaves room to read on."""
_PUBACK: Final = struct.Struct(">BBH")


async def open_session(wishes: Wishes, inbox: Inbox, generation: int) -> "Mqtt5Session":
    """Connect, log in and subscribe. Raises OSError, TimeoutError, LineError."""
    address = wishes.address
    tls = None if address.tls is None else await asyncio.to_thread(client_context, address.tls)
    session = Mqtt5Session(wishes, inbox, generation)
    try:
        async with asyncio.timeout(ANSWER_S):
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: session, address.host, address.port, ssl=tls)
            await session.granted
    except BaseException:
        session.abandon()
        raise
    return session


class Mqtt5Session(asyncio.BufferedProtocol):
    """See `wire.session.Session`. Made by `open_session`."""

    def __init__(self, wishes: Wishes, inbox: Inbox, generation: int) -> None:
        loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[str] = loop.create_future()
        self.granted: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._wishes = wishes
        self._inbox = inbox
        self._generation = generation
        self._acks = AckOrder()
        self._outbound = Outbound.of(wishes, window=wishes.window)
        self._most_packet: int | None = None
        self._transport: asyncio.Transport | None = None
        self._buffer = memoryview(bytearray(BUFFER_BYTES))
        self._end = 0
        self._out = bytearray()
        self._flush_due = False
        self._writable = True
        self._greeted = False
        self._stopped = False
        self._leaving = False
        self._emptied: asyncio.Future[str] = loop.create_future()
        self._reason = ""
        self._liveness = Liveness(float(wishes.keepalive_s), loop.time())
        self._watch: asyncio.TimerHandle | None = None

    # What the line above calls.

    @property
    def protocol(self) -> str:
        return "5"

    def acknowledge(self, deliveries: Sequence[Delivery]) -> int:
        mine = self._generation
        ready = self._acks.finish([d.packet_id for d in deliveries if d.generation == mine])
        for packet_id in ready:
            self._out += _PUBACK.pack(0x40, 2, packet_id)
        self._flush_soon()
        return len(ready)

    def offer(self, message: Outgoing) -> bool:
        check_size(message, self._most_packet)
        taken = self._outbound.offer(message)
        self._flush_soon()
        return taken

    def flow(self, *, stop: bool) -> None:
        if self._transport is None or stop == self._stopped or self._leaving:
            return
        self._stopped = stop
        self._liveness.deafen(self._loop.time(), deaf=stop)
        if stop:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def unsubscribe(self) -> None:
        if self._wishes.filters:
            self._send(packets.unsubscribe(self._wishes.filters))

    async def close(self) -> None:
        if self._transport is None or self.lost.done():
            return
        self.flow(stop=False)  # To hear the answers; messages are left to the broker from here on.
        self._leaving = True
        if len(self._outbound):
            await asyncio.wait(
                [self._emptied, self.lost], timeout=GOODBYE_S, return_when=FIRST_COMPLETED
            )
        self._send(mqtt5.DisconnectPacket())
        self._flush()
        self._end_with("closed")
        if self._transport.can_write_eof():
            self._transport.write_eof()  # Closing outright would reset the goodbye on its way.
            await asyncio.wait([self.lost], timeout=GOODBYE_S)
        self._transport.close()
        await asyncio.wait([self.lost], timeout=GOODBYE_S)
        self._transport.abort()

    def abandon(self) -> None:
        """End at once, without a goodbye."""
        self._fail("abandoned")

    # What asyncio calls.

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send(packets.connect(self._wishes))
        self._watch_again()

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer[self._end :]

    @override
    def buffer_updated(self, nbytes: int) -> None:
        self._liveness.heard(self._loop.time())
        end = self._end + nbytes
        start = self._parse(end)
        if start:
            self._buffer[: end - start] = self._buffer[start:end]
        self._end = end - start
        if self._end == BUFFER_BYTES:
            self._fail("the broker sent a packet over the agreed size")

    @override
    def eof_received(self) -> None:
        self._end_with("the broker closed the connection")

    @override
    def pause_writing(self) -> None:
        self._writable = False

    @override
    def resume_writing(self) -> None:
        self._writable = True
        self._flush_soon()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._end_with(f"connection lost: {exc}" if exc else "connection lost")
        self._outbound.forget(self._reason)
        settle(self.granted, LinkDown(self._reason))
        self.lost.set_result(self._reason)

    # Reading.

    def _parse(self, end: int) -> int:
        """Take every whole packet from the buffer; where the first incomplete one begins."""
        read, buffer, start = mqtt5.read, self._buffer, 0
        arrived: list[Delivery] = []
        while start < end:
            try:
                packet, size = read(buffer[start:end])
            except IndexError:  # Its rest is still on the way.
                break
            except ValueError as error:
                self._fail(f"the broker sent what is not MQTT 5: {error}")
                break
            start += size
            if isinstance(packet, mqtt5.PublishPacket):
                arrived.append(self._arrival(packet))
            else:
                self._control(packet)
        if arrived and not self._leaving:
            self._inbox.put(arrived)
        return start

    def _arrival(self, packet: mqtt5.PublishPacket) -> Delivery:
        packet_id = packet.packet_id or 0
        self._acks.arrived(packet_id)
        return Delivery(packet.topic, packet.payload, packet.retain, packet_id, self._generation)

    def _control(self, packet: mqtt5.Packet) -> None:
        match packet:
            case mqtt5.PubAckPacket():
                self._on_puback(packet)
            case mqtt5.PingRespPacket():
                self._liveness.answered()
            case mqtt5.ConnAckPacket():
                self._on_connack(packet)
            case mqtt5.SubAckPacket():
                self._on_suback(packet)
            case mqtt5.UnsubAckPacket():
                pass
            case mqtt5.DisconnectPacket():
                said = packets.words(packet.reason_code, packet.reason_str)
                self._fail(f"the broker hung up: {said}")
            case _:
                self._fail(f"the broker sent a {type(packet).__name__} out of place")

    def _on_connack(self, packet: mqtt5.ConnAckPacket) -> None:
        code = int(packet.reason_code)
        if self._greeted:
            self._fail("the broker greeted us twice")
            return
        self._greeted = True
        if code >= packets.FAILURE:
            said = packets.words(packet.reason_code, packet.reason_str)
            self._refuse(LoginRefused("the broker refused the connection", code=code, reason=said))
            return
        self._outbound = Outbound.of(
            self._wishes, window=min(self._wishes.window, packet.receive_max)
        )
        self._most_packet = packet.max_packet_size
        if packet.server_keep_alive is not None:
            self._liveness.keepalive_s = float(packet.server_keep_alive)
            self._watch_again()
        if self._wishes.filters:
            self._send(packets.subscribe(self._wishes.filters))
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
        self._flush_soon()

    # Writing.

    def _send(self, packet: mqtt5.Packet) -> None:
        self._out += packet.write()
        self._flush_soon()

    def _flush_soon(self) -> None:
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        if self._transport is None or self._transport.is_closing():
            return
        while self._writable and self.granted.done():
            message = self._outbound.next()
            if message is None:
                break
            packet_id = self._outbound.free_id()
            self._outbound.sent(packet_id, message)
            self._out += packets.publish(message, packet_id).write()
        if self._out:
            out, self._out = self._out, bytearray()
            self._liveness.sent(self._loop.time())
            self._transport.write(out)

    # Keeping watch.

    def _watch_again(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = self._loop.call_later(self._liveness.tick_s, self._look)

    def _look(self) -> None:
        self._watch_again()
        match self._liveness.look(self._loop.time()):
            case Look.PING:
                self._send(mqtt5.PingReqPacket())
            case Look.GIVE_UP:
                self._fail("the broker fell silent")
            case Look.NOTHING:
                pass

    # Ending.

    def _refuse(self, error: Exception) -> None:
        settle(self.granted, error)
        self._fail(str(error))

    def _fail(self, reason: str) -> None:
        self._end_with(reason)
        if self._transport is not None:
            self._transport.abort()

    def _end_with(self, reason: str) -> None:
        """The first reason is the true one."""
        self._reason = self._reason or reason
