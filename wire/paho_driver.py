"""Paho's socket on the event loop: paho works when the socket is ready, and never in a thread."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Final

import structlog
from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTErrorCode

from wire.errors import LinkDown
from wire.paho_client import Client

log = structlog.get_logger()

MOST_READS: Final = 50
"""Packets read in one turn of the loop, so that a flood does not starve everything else."""
Step = Callable[[], MQTTErrorCode]


class PahoDriver:
    """Drives one connected client until it ends; `on_end` hears the reason, possibly twice."""

    def __init__(self, client: Client, keepalive_s: int, on_end: Callable[[str], None]) -> None:
        self.arrived = 0
        """Counted up by whoever receives a message: there may be more where it came from."""
        self._loop = asyncio.get_running_loop()
        self._client = client
        self._tick_s = min(1.0, max(keepalive_s / 8, 0.05))
        self._on_end = on_end
        self._socket: socket.socket | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._stopped = False

    def start(self) -> None:
        client = self._client
        found = client.socket()
        if not isinstance(found, socket.socket):
            raise LinkDown("the connection ended as it began")
        self._socket = found
        client.on_socket_close = self._on_socket_close
        client.on_socket_register_write = self._on_register_write
        client.on_socket_unregister_write = self._on_unregister_write
        self._loop.add_reader(found, self.drive, self._read)
        if client.want_write():
            self._loop.add_writer(found, self.drive, client.loop_write)
        self._watch = self._loop.call_later(self._tick_s, self._look)

    def flow(self, *, stop: bool) -> None:
        if self._socket is None or stop == self._stopped:
            return
        self._stopped = stop
        if stop:
            self._loop.remove_reader(self._socket)
        else:
            self._client.forgive_silence()
            self._loop.add_reader(self._socket, self.drive, self._read)
            self._loop.call_soon(self.drive, self._read)  # TLS may hold what it has read before.

    def drive(self, step: Step) -> None:
        """Let paho work, and notice when it lets the connection go, or fails, or we do."""
        try:
            code = step()
        except Exception:  # Raised in a callback: this is the connection's supervising level.
            log.exception("connection failed")
            self._on_end("a fault of our own, see the log")
            return
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.socket() is None:
            self._on_end(paho.error_string(code).rstrip(".").lower() if code else "connection lost")

    def end(self) -> None:
        """Leave the socket alone from here on."""
        if self._watch is not None:
            self._watch.cancel()
        self._unwatch()

    def _read(self) -> MQTTErrorCode:
        """One packet, and more while they bring messages; the loop calls again for the rest."""
        client = self._client
        for _ in range(MOST_READS):
            if self._stopped or self._socket is None:
                return MQTTErrorCode.MQTT_ERR_SUCCESS
            before = self.arrived
            code = client.loop_read()
            if code != MQTTErrorCode.MQTT_ERR_SUCCESS or client.socket() is None:
                return code
            if self.arrived == before and not self._held_back():
                return code
        self._loop.call_soon(self.drive, self._read)
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _held_back(self) -> int:
        """Bytes that TLS has read from the socket and not given out: the loop can't see them."""
        pending = getattr(self._socket, "pending", None)
        return 0 if pending is None else int(pending())

    def _look(self) -> None:
        """Paho pings and counts its keepalive here: silence ends the connection at about twice."""
        self._watch = self._loop.call_later(self._tick_s, self._look)
        if self._stopped:
            self._client.forgive_silence()
        self.drive(self._client.loop_misc)

    def _on_socket_close(self, _client: Any, _userdata: Any, _sock: Any) -> None:
        self._unwatch()

    def _on_register_write(self, _client: Any, _userdata: Any, _sock: Any) -> None:
        if self._socket is not None:
            self._loop.add_writer(self._socket, self.drive, self._client.loop_write)

    def _on_unregister_write(self, _client: Any, _userdata: Any, _sock: Any) -> None:
        if self._socket is not None:
            self._loop.remove_writer(self._socket)

    def _unwatch(self) -> None:
        if self._socket is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket = None
