"""A broker that does wrong on request: speaks MQTT 5 by the codec, to one client at a time."""

import asyncio
from dataclasses import dataclass, field
from typing import Self, TypeVar

import mqtt5

T = TypeVar("T")


class Script:
    """How to behave; may be changed while it runs."""

    def __init__(
        self,
        *,
        receive_max: int = 65_535,
        answer: mqtt5.PubAckReasonCode | None = mqtt5.PubAckReasonCode.SUCCESS,
    ) -> None:
        self.login = mqtt5.ConnAckReasonCode.SUCCESS
        self.grant = mqtt5.SubAckReasonCode.GRANTED_QOS_AT_LEAST_ONCE
        self.answer = answer
        """None: take messages and say nothing."""
        self.pong = True
        self.receive_max = receive_max
        self.server_keep_alive: int | None = None
        self.early = 0
        """Messages delivered between CONNACK and SUBACK, as to a session that was kept."""
        self.last_words = b""
        """Sent raw instead of an answer to CONNECT."""


@dataclass
class ScriptedBroker:
    """Everything that the client sent is in `got`."""

    script: Script = field(default_factory=Script)
    got: list[mqtt5.Packet] = field(default_factory=list)
    reads: int = 0
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.hang_up()
        await self._server.wait_closed()

    def of(self, kind: type[T]) -> list[T]:
        return [packet for packet in self.got if isinstance(packet, kind)]

    def say(self, *packets: mqtt5.Packet) -> None:
        self._writer.write(b"".join(packet.write() for packet in packets))

    def raw(self, data: bytes) -> None:
        self._writer.write(data)

    def hang_up(self) -> None:
        if self.connections:
            self._writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writer = writer
        data = b""
        while chunk := await reader.read(65_536):
            self.reads += 1
            data += chunk
            while data:
                try:
                    packet, size = mqtt5.read(memoryview(data))
                except IndexError:
                    break
                data = data[size:]
                self.got.append(packet)
                self._react(packet)
        writer.close()

    def _react(self, packet: mqtt5.Packet) -> None:
        script = self.script
        match packet:
            case mqtt5.ConnectPacket() if script.last_words:
                self.raw(script.last_words)
            case mqtt5.ConnectPacket():
                self.say(
                    mqtt5.ConnAckPacket(
                        reason_code=script.login,
                        receive_max=script.receive_max,
                        server_keep_alive=script.server_keep_alive,
                    )
                )
            case mqtt5.SubscribePacket():
                self.say(*(message(number) for number in range(1, script.early + 1)))
                codes = [script.grant for _ in packet.topic_filters]
                self.say(mqtt5.SubAckPacket(packet.packet_id, codes))
            case mqtt5.PublishPacket() if script.answer is not None:
                assert packet.packet_id is not None
                self.say(mqtt5.PubAckPacket(packet.packet_id, reason_code=script.answer))
            case mqtt5.PingReqPacket() if script.pong:
                self.say(mqtt5.PingRespPacket())
            case _:
                return


def message(packet_id: int, payload: bytes = b"x") -> mqtt5.PublishPacket:
    return mqtt5.PublishPacket(
        "hearthbeat/v1/gw-1/readings",
        payload,
        qos=mqtt5.QoS.AT_LEAST_ONCE,
        packet_id=packet_id,
    )
