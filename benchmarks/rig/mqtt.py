"""A bare MQTT 5 connection on asyncio: cheap enough not to be what a benchmark measures."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Self

import mqtt5
from typing_extensions import override

KEPT_S = 3600
SUBSCRIBE_ID = 65535
PACKET_ID_MAX = 60000


class RawClient(asyncio.Protocol):
    """One connection: publishes with a window of unacknowledged messages, hands on what arrives."""

    def __init__(self, client_id: str, *, on_message: Callable[[str, bytes], None] | None) -> None:
        self.client_id = client_id
        self.acknowledged = 0
        self.closed = asyncio.Event()
        self._on_message = on_message
        self._buffer = bytearray()
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._subscribed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._progress = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._packet_id = 0
        self.sent = 0

    @classmethod
    async def connect(
        cls,
        port: int,
        client_id: str,
        *,
        keep_session: bool = False,
        clean_start: bool = True,
        on_message: Callable[[str, bytes], None] | None = None,
    ) -> Self:
        """Open a connection to 127.0.0.1:port and wait for CONNACK."""
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(
            lambda: cls(client_id, on_message=on_message), "127.0.0.1", port
        )
        packet = mqtt5.ConnectPacket(
            client_id,
            clean_start=clean_start,
            session_expiry_interval=KEPT_S if keep_session else 0,
        )
        client.write(packet.write())
        await client.wait_connected()
        return client

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()
        self._progress.set()
        for waiting in (self._connected, self._subscribed):
            if not waiting.done():
                waiting.set_exception(exc or ConnectionError("the broker hung up"))
                waiting.exception()  # Seen: whoever waits gets it, nobody else must.

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        used = 0
        with memoryview(self._buffer) as view:
            while len(view) - used >= 2:
                try:
                    packet, size = mqtt5.read(view[used:])
                except IndexError:
                    break
                used += size
                self._handle(packet)
        del self._buffer[:used]
        self._progress.set()

    def _handle(self, packet: mqtt5.Packet) -> None:
        match packet:
            case mqtt5.PubAckPacket():
                self.acknowledged += 1
            case mqtt5.PublishPacket():
                if packet.packet_id is not None:
                    self.write(mqtt5.PubAckPacket(packet.packet_id).write())
                if self._on_message is not None:
                    self._on_message(packet.topic, bytes(packet.payload))
            case mqtt5.ConnAckPacket():
                self._connected.set_result(None)
            case mqtt5.SubAckPacket():
                self._subscribed.set_result(None)
            case _:
                pass

    def write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    async def wait_connected(self) -> None:
        await asyncio.wait_for(self._connected, 30)

    async def subscribe(self, pattern: str) -> None:
        topic_filter = mqtt5.TopicFilter(pattern, max_qos=mqtt5.QoS.AT_LEAST_ONCE)
        self.write(mqtt5.SubscribePacket(SUBSCRIBE_ID, [topic_filter]).write())
        await asyncio.wait_for(self._subscribed, 30)

    def publish_soon(self, topic: str, payload: bytes) -> None:
        """QoS 1, without waiting; `acknowledged` catches up with `sent`."""
        self._packet_id = self._packet_id % PACKET_ID_MAX + 1
        self.sent += 1
        qos = mqtt5.QoS.AT_LEAST_ONCE
        self.write(mqtt5.PublishPacket(topic, payload, qos=qos, packet_id=self._packet_id).write())

    async def publish_all(self, messages: Sequence[tuple[str, bytes]], *, window: int) -> None:
        """Publish in order, at most `window` unacknowledged; return when all are acknowledged."""
        for topic, payload in messages:
            await self.wait_below(window)
            self.publish_soon(topic, payload)
        await self.wait_below(1)

    async def wait_below(self, window: int) -> None:
        while self.sent - self.acknowledged >= window:
            if self.closed.is_set():
                raise ConnectionError("the broker hung up")
            self._progress.clear()
            await self._progress.wait()

    async def close(self) -> None:
        assert self._transport is not None
        self.write(mqtt5.DisconnectPacket().write())
        self._transport.close()
        await self.closed.wait()


async def park_session(port: int, client_id: str, pattern: str) -> None:
    """Leave a new session behind that queues for `client_id`: its owner finds a backlog."""
    client = await RawClient.connect(port, client_id, keep_session=True)
    await client.subscribe(pattern)
    await client.close()
