"""One connection by paho, for MQTT 5 and 3.1.1.

Each connection has its own paho client: nothing that paho remembers (unanswered messages, packet
ids) leaks from one connection into the next, which is where its acknowledgements go astray. Only
name look-up, connecting and the TLS handshake, which block, run in a thread.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import structlog
from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from wire import paho_client
from wire.ack_order import AckOrder
from wire.delivery import Delivery
from wire.errors import LinkDown, LoginRefused, PublishRefused, SubscriptionRefused
from wire.inbox import Inbox
from wire.outbound import Outbound, Outgoing
from wire.paho_driver import PahoDriver
from wire.session import ANSWER_S, GOODBYE_S, Wishes, check_size, settle

log = structlog.get_logger()

NO_SUBSCRIBERS: Final = 0x10
"""MQTT 5: the broker has the message, and nobody listens: ingest is down."""
WRONG_VERSION: Final = 0x84
GREETING_S: Final = 3.0
"""For an answer to MQTT 5, where 3.1.1 would do: amqtt reads the CONNECT as 3.1.1 and waits long
for the rest of it.
"""


class WrongVersion(LinkDown):
    """The broker does not speak this version of MQTT, or hung up before saying so."""


async def open_session(wishes: Wishes, inbox: Inbox, generation: int) -> "PahoSession":
    """MQTT 5, else (where the address allows it) 3.1.1. Raises OSError, TimeoutError, LineError."""
    wanted = wishes.address.protocol
    if wanted != "auto":
        return await _open(wishes, inbox, generation, wanted)
    try:
        return await _open(wishes, inbox, generation, "5", greeting_s=GREETING_S)
    except WrongVersion:
        return await _open(wishes, inbox, generation, "3.1.1")


async def _open(
    wishes: Wishes, inbox: Inbox, generation: int, protocol: str, *, greeting_s: float = ANSWER_S
) -> "PahoSession":
    session = PahoSession(wishes, inbox, generation, protocol)
    try:
        async with asyncio.timeout(ANSWER_S):
            await session.connect()
            await session.greeting(greeting_s)
            await session.granted
    except BaseException:
        session.abandon()
        raise
    return session


class PahoSession:
    """See `wire.session.Session`. Made by `open_session`."""

    def __init__(self, wishes: Wishes, inbox: Inbox, generation: int, protocol: str) -> None:
        loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[str] = loop.create_future()
        self.granted: asyncio.Future[None] = loop.create_future()
        self._greeted: asyncio.Future[None] = loop.create_future()
        self._protocol = protocol
        self._loop = loop
        self._wishes = wishes
        self._inbox = inbox
        self._generation = generation
        self._acks = AckOrder()
        self._outbound = Outbound.of(wishes, window=wishes.window)
        self._most_packet: int | None = None
        self._logged_in = False
        self._leaving = False
        self._emptied: asyncio.Future[str] = loop.create_future()
        self._nobody_listens = False
        self._send_due = False
        self._client = self._new_client()
        self._driver = PahoDriver(self._client, wishes.keepalive_s, self._end)

    @property
    def protocol(self) -> str:
        return self._protocol

    async def connect(self) -> None:
        """In a thread up to CONNECT, then hand the socket to the loop."""
        opening = self._loop.run_in_executor(
            None, paho_client.connect, self._client, self._wishes, self._protocol
        )
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._abandon_late)
            raise
        self._driver.start()

    async def greeting(self, seconds: float) -> None:
        """Wait for the broker to answer CONNECT, or to hang up."""
        await asyncio.wait([self._greeted], timeout=seconds)
        if not self._greeted.done():
            raise WrongVersion(f"no answer to CONNECT in {seconds} s")

    def acknowledge(self, deliveries: Sequence[Delivery]) -> int:
        mine = self._generation
        ready = self._acks.finish([d.packet_id for d in deliveries if d.generation == mine])
        for packet_id in ready:
            self._client.ack(packet_id, 1)
        return len(ready)

    def offer(self, message: Outgoing) -> bool:
        check_size(message, self._most_packet)
        taken = self._outbound.offer(message)
        self._send_soon()
        return taken

    def flow(self, *, stop: bool) -> None:
        if not self._leaving:
            self._driver.flow(stop=stop)

    def unsubscribe(self) -> None:
        if self._wishes.filters:
            self._client.unsubscribe(list(self._wishes.filters))

    async def close(self) -> None:
        if self.lost.done():
            return
        self.flow(stop=False)  # To hear the answers; messages are left to the broker from here on.
        self._leaving = True
        if len(self._outbound):
            await asyncio.wait(
                [self._emptied, self.lost],
                timeout=GOODBYE_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
        self._client.disconnect()  # Paho closes the socket when the goodbye is written.
        await asyncio.wait([self.lost], timeout=GOODBYE_S)
        self._end("closed")

    def abandon(self) -> None:
        """End at once, without a goodbye."""
        self._end("abandoned")

    def _abandon_late(self, opening: asyncio.Future[None]) -> None:
        """The connection that nobody waits for any more."""
        if not opening.cancelled():
            opening.exception()
        self._client.shut()

    def _end(self, reason: str) -> None:
        """Once. The first reason is the true one."""
        if self.lost.done():
            return
        self._driver.end()
        self._client.shut()
        self._outbound.forget(reason)
        settle(self._greeted)
        settle(self.granted, LinkDown(reason) if self._logged_in else WrongVersion(reason))
        self.lost.set_result(reason)

    def _send_soon(self) -> None:
        if not self._send_due:
            self._send_due = True
            self._loop.call_soon(self._driver.drive, self._send_next)

    def _send_next(self) -> MQTTErrorCode:
        """As many as the window takes; paho itself never has one waiting."""
        self._send_due = False
        while not self.lost.done() and (message := self._outbound.next()) is not None:
            info = self._client.publish(message.topic, message.payload, 1, message.retain)
            self._outbound.sent(info.mid, message)
            if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return info.rc
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    # What paho calls, on the loop, from within the driver.

    def _new_client(self) -> paho_client.Client:
        client = paho_client.make(self._wishes, self._protocol)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(
        self,
        _client: Any,
        _userdata: Any,
        _flags: Any,
        code: ReasonCode,
        properties: Properties | None,
    ) -> None:
        settle(self._greeted)
        if code.value == WRONG_VERSION:
            settle(self.granted, WrongVersion("the broker does not speak this MQTT version"))
        elif code.is_failure:
            said = str(code).lower()
            settle(self.granted, LoginRefused(_CONNECTION, code=code.value, reason=said))
        else:
            self._logged_in = True
            fewer = getattr(properties, "ReceiveMaximum", None) or self._wishes.window
            self._outbound = Outbound.of(self._wishes, window=min(fewer, self._wishes.window))
            self._most_packet = getattr(properties, "MaximumPacketSize", None)
            self._subscribe()

    def _subscribe(self) -> None:
        filters = self._wishes.filters
        if not filters:
            settle(self.granted)
        elif self._protocol == "5":
            options = SubscribeOptions(qos=1, retainAsPublished=False)
            self._client.subscribe([(pattern, options) for pattern in filters])
        else:
            self._client.subscribe([(pattern, 1) for pattern in filters])

    def _on_subscribe(
        self, _client: Any, _userdata: Any, _mid: int, codes: list[ReasonCode], _properties: Any
    ) -> None:
        for pattern, code in zip(self._wishes.filters, codes, strict=False):
            if code.is_failure:
                what = f"the broker refused the subscription to {pattern}"
                said = str(code).lower()
                settle(self.granted, SubscriptionRefused(what, code=code.value, reason=said))
                return
        settle(self.granted)

    def _on_message(self, _client: Any, _userdata: Any, message: MQTTMessage) -> None:
        self._driver.arrived += 1
        number = message.mid if message.qos else 0
        self._acks.arrived(number)
        if not self._leaving:
            payload = bytes(message.payload)
            self._inbox.put(
                [Delivery(message.topic, payload, message.retain, number, self._generation)]
            )

    def _on_publish(
        self, _client: Any, _userdata: Any, mid: int, code: ReasonCode, _properties: Any
    ) -> None:
        error = None
        if code.is_failure:
            error = PublishRefused(_MESSAGE, code=code.value, reason=str(code).lower())
        message = self._outbound.answered(mid, error)
        if message is None:
            return
        if error and message.answer is None:
            log.warning("message refused", topic=message.topic, code=code.value)
        nobody = code.value == NO_SUBSCRIBERS
        if nobody and not self._nobody_listens:
            log.warning("nobody listens", topic=message.topic)
        self._nobody_listens = nobody
        if self._leaving and not self._emptied.done() and not len(self._outbound):
            self._emptied.set_result("")
        self._send_soon()  # Not now: paho still counts the answered message among those under way.

    def _on_disconnect(
        self, _client: Any, _userdata: Any, flags: Any, code: ReasonCode, _properties: Any
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            self._end(f"the broker hung up: {str(code).lower()}")
        elif code.getName() == "Keep alive timeout":
            self._end("the broker fell silent")


_CONNECTION: Final = "the broker refused the connection"
_MESSAGE: Final = "the broker refused the message"
