"""A paho client made as we want it, and connected: the part that blocks and runs in a thread."""

import socket
from typing import Final

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from wire.address import BrokerAddress
from wire.errors import LinkDown
from wire.session import ANSWER_S, MOST_PACKET_BYTES, Wishes
from wire.tls import client_context

_PROTOCOLS: Final = {"5": MQTTProtocolVersion.MQTTv5, "3.1.1": MQTTProtocolVersion.MQTTv311}


class Client(paho.Client):
    """Paho, with the two things that it does not offer."""

    opened: socket.socket | None = None

    def _create_socket(self) -> socket.socket:  # type: ignore[explicit-override]
        """Ours: paho leaves the socket open when the TLS handshake fails."""
        if self.opened is None:
            raise LinkDown("no socket was opened")
        return self.opened

    def shut(self) -> None:
        """Close the socket, however far it came."""
        if self.opened is not None:
            self.opened.close()

    def forgive_silence(self) -> None:
        """No PINGRESP can be read while we do not read: that is not the broker's silence."""
        self._ping_t = 0.0


def make(wishes: Wishes, protocol: str) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=wishes.client_id,
        clean_session=None if protocol == "5" else wishes.session_expiry_s == 0,
        protocol=_PROTOCOLS[protocol],
        reconnect_on_failure=False,
        manual_ack=True,
    )
    client.suppress_exceptions = False
    client.max_inflight_messages_set(wishes.window)
    client.max_queued_messages_set(wishes.window)
    if wishes.address.username is not None:
        client.username_pw_set(wishes.address.username, wishes.address.password)
    if wishes.will is not None:
        will = wishes.will
        client.will_set(will.topic, will.payload, qos=1, retain=will.retain)
    return client


def connect(client: Client, wishes: Wishes, protocol: str) -> None:
    """Look up the name, connect, shake hands, send CONNECT. Blocks. Raises OSError."""
    address = wishes.address
    client.opened = _open(address)
    if protocol == "5":
        client.connect(
            address.host,
            address.port,
            keepalive=wishes.keepalive_s,
            clean_start=wishes.session_expiry_s == 0,
            properties=_properties(wishes),
        )
    else:
        client.connect(address.host, address.port, keepalive=wishes.keepalive_s)


def _open(address: BrokerAddress) -> socket.socket:
    plain = socket.create_connection((address.host, address.port), timeout=ANSWER_S / 2)
    if address.tls is None:
        return plain
    try:
        return client_context(address.tls).wrap_socket(plain, server_hostname=address.host)
    except BaseException:
        plain.close()
        raise


def _properties(wishes: Wishes) -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = wishes.session_expiry_s
    properties.ReceiveMaximum = wishes.receive_maximum
    properties.MaximumPacketSize = MOST_PACKET_BYTES
    return properties
