"""MQTT 5 packets over an asyncio transport: the `mqtt5` codec (sans-I/O) and its buffers.

Bytes go from the socket into one buffer that is never reallocated, packets are parsed in place, and
everything that a read brought is handed over at once: no task, future or await per packet. What
goes out in one turn of the event loop leaves in one write.
"""

import asyncio
from typing import Final, Protocol, cast

import mqtt5
from typing_extensions import override

from wire.liveness import Liveness, Look
from wire.session import MOST_PACKET_BYTES

BUFFER_BYTES: Final = 2 * MOST_PACKET_BYTES
"""Always holds one whole packet and leaves room to read on."""


class Listener(Protocol):
    """What the stream tells, always on the event loop."""

    def opened(self) -> None: ...

    def received(self, together: list[mqtt5.Packet]) -> None:
        """All that one read brought, in order."""

    def more_to_send(self) -> bytes | bytearray:
        """Asked at each write while the socket takes more."""

    def ended(self, reason: str) -> None:
        """Once, last of all."""


class PacketStream(asyncio.BufferedProtocol):
    """One connection's bytes; it knows packets, not what they mean."""

    def __init__(self, listener: Listener, keepalive_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._liveness = Liveness(keepalive_s, self._loop.time())
        self._transport: asyncio.Transport | None = None
        self._buffer = memoryview(bytearray(BUFFER_BYTES))
        self._end = 0
        self._out = bytearray()
        self._flush_due = False
        self._writable = True
        self._stopped = False
        self._reason = ""
        self._watch: asyncio.TimerHandle | None = None

    def send(self, data: bytes) -> None:
        """With everything else of this turn of the loop."""
        self._out += data
        self.flush_soon()

    def flush_soon(self) -> None:
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def flow(self, *, stop: bool) -> None:
        """Stop or go on reading from the socket."""
        if self._transport is None or stop == self._stopped:
            return
        self._stopped = stop
        self._liveness.deafen(self._loop.time(), deaf=stop)
        if stop:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def keep_alive(self, keepalive_s: float) -> None:
        """The broker's wish instead of ours."""
        self._liveness.keepalive_s = keepalive_s
        self._watch_again()

    def ping_answered(self) -> None:
        self._liveness.answered()

    def fail(self, reason: str) -> None:
        """End at once. The first reason given is the true one."""
        self._reason = self._reason or reason
        if self._transport is not None:
            self._transport.abort()

    async def close(self, ended: asyncio.Future[str], *, patience_s: float) -> None:
        """Write what waits, then end; `ended` is done when the listener has heard so."""
        if self._transport is None:
            return
        self._flush()
        self._reason = self._reason or "closed"
        if self._transport.can_write_eof():
            self._transport.write_eof()  # Closing outright would reset the goodbye on its way.
            await asyncio.wait([ended], timeout=patience_s)
        self._transport.close()
        await asyncio.wait([ended], timeout=patience_s)
        self._transport.abort()

    # What asyncio calls.

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._watch_again()
        self._listener.opened()

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
            self.fail("the broker sent a packet over the agreed size")

    @override
    def eof_received(self) -> None:
        self._reason = self._reason or "the broker closed the connection"

    @override
    def pause_writing(self) -> None:
        self._writable = False

    @override
    def resume_writing(self) -> None:
        self._writable = True
        self.flush_soon()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        reason = f"connection lost: {exc}" if exc else "connection lost"
        self._listener.ended(self._reason or reason)

    def _parse(self, end: int) -> int:
        """Take every whole packet from the buffer; where the first incomplete one begins."""
        read, buffer, start = mqtt5.read, self._buffer, 0
        packets: list[mqtt5.Packet] = []
        while start < end:
            try:
                packet, size = read(buffer[start:end])
            except IndexError:  # Its rest is still on the way.
                break
            except ValueError as error:
                self.fail(f"the broker sent what is not MQTT 5: {error}")
                break
            start += size
            packets.append(packet)
        if packets:
            self._listener.received(packets)
        return start

    def _flush(self) -> None:
        self._flush_due = False
        if self._transport is None or self._transport.is_closing():
            return
        if self._writable:
            self._out += self._listener.more_to_send()
        if self._out:
            out, self._out = self._out, bytearray()
            self._liveness.sent(self._loop.time())
            self._transport.write(out)

    def _watch_again(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = self._loop.call_later(self._liveness.tick_s, self._look)

    def _look(self) -> None:
        self._watch_again()
        match self._liveness.look(self._loop.time()):
            case Look.PING:
                self.send(mqtt5.PingReqPacket().write())
            case Look.GIVE_UP:
                self.fail("the broker fell silent")
            case Look.NOTHING:
                pass
