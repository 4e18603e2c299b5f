"""A home joins its clinic, speaks for itself and nobody else, and is shut out: through `up`."""

import asyncio
import contextlib
import datetime as dt
import json
import re
import signal
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import asyncpg
import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.e2e.machine import (
    BROKERS,
    READY_WITHIN_S,
    Kind,
    hearthbeat,
    said_by,
    until,
)
from tests.rows import reading
from vitals.reading import Reading
from wire import topics
from wire.codec import decode_receipts, encode_readings

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket, pytest.mark.timeout(900)]

FORGED = b'{"v":1,"committed":[],"forged":true}'


@contextmanager
def clinic(tmp_path: Path, broker: Kind) -> Iterator[dict[str, Any]]:
    """An empty clinic, no demonstration: nobody is let in without a name."""
    ready = tmp_path / "ready.json"
    process = hearthbeat(
        *("up", "--homes", "0", "--data", str(tmp_path / "data"), "--port", "0"),
        *("--mqtt-port", "0", "--broker", broker, "--ready-file", str(ready)),
        tmp_path=tmp_path,
    )
    try:
        until(lambda: ready.exists() or process.poll() is not None, within_s=READY_WITHIN_S)
        assert process.poll() is None, process.communicate()[0]
        call(tmp_path, "organisation", "add", "North")
        yield json.loads(ready.read_text())
    finally:
        stopped(process)


def stopped(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=120)
    process.kill()


def call(tmp_path: Path, *arguments: str) -> str:
    status, said = said_by(*arguments, tmp_path=tmp_path)
    assert status == 0, said
    return said


def code_for(tmp_path: Path, *arguments: str) -> str:
    found = re.search(r"Enrolment code +(\S+)", call(tmp_path, "gateway", *arguments))
    assert found
    return found[1]


def join(tmp_path: Path, ready: dict[str, Any], home: str, code: str) -> tuple[int, str]:
    server = ("--server", ready["console"], "--code", code)
    file = str(tmp_path / home / "gateway.toml")
    return said_by("gateway", "join", *server, "--config", file, tmp_path=tmp_path)


class Client:
    """Anybody at the broker, with whatever the files of an enrolled home say."""

    def __init__(self, kind: Kind, home: Path) -> None:
        settings = tomllib.loads((home / "gateway.toml").read_text())
        port = int(settings["mqtt"]["url"].rpartition(":")[2])
        self.id = settings["gateway"]["id"]
        self.heard: list[tuple[str, bytes]] = []
        self.subscribed: list[bool] = []
        self.connected = False
        self.refused = False
        version = paho.MQTTv311 if kind == "amqtt" else paho.MQTTv5
        self._paho = paho.Client(CallbackAPIVersion.VERSION2, client_id=self.id, protocol=version)
        self._paho.username_pw_set(self.id, (home / "mqtt-password").read_text())
        self._paho.on_connect = self._on_connect
        self._paho.on_disconnect = self._on_disconnect
        self._paho.on_message = lambda _, __, message: self.heard.append(
            (message.topic, bytes(message.payload))
        )
        self._paho.on_subscribe = lambda _, __, ___, codes, ____: self.subscribed.extend(
            not code.is_failure for code in codes
        )
        self._paho.connect("127.0.0.1", port)
        self._paho.loop_start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._paho.disconnect()
        self._paho.loop_stop()

    def subscribe(self, topic: str) -> bool:
        """Whether the broker grants it."""
        before = len(self.subscribed)
        self._paho.subscribe(topic, 1)
        until(lambda: len(self.subscribed) > before, within_s=90)
        return self.subscribed[-1]

    def publish(self, topic: str, payload: bytes) -> None:
        self._paho.publish(topic, payload, 1)

    def send(self, subject: Reading, *, under: str) -> None:
        self.publish(
            topics.readings(under), encode_readings([subject], sent_at=dt.datetime.now(dt.UTC))
        )

    def receipted(self) -> set[str]:
        """Ids for which the clinic has answered."""
        found: set[str] = set()
        for topic, payload in self.heard:
            if topic != topics.receipts(self.id):
                continue
            answer = decode_receipts(payload)
            found |= {str(one) for one in answer.committed}
            found |= {str(one.id) for one in (*answer.quarantined, *answer.rejected)}
        return found

    def _on_connect(self, _: object, __: object, ___: object, code: Any, ____: object) -> None:
        self.connected = not code.is_failure
        self.refused = code.is_failure

    def _on_disconnect(self, *_: object) -> None:
        self.connected = False


def rows(ready: dict[str, Any], query: str, *arguments: object) -> list[Any]:
    async def ask() -> list[Any]:
        conn = await asyncpg.connect(ready["database"])
        try:
            return list(await conn.fetch(query, *arguments))
        finally:
            await conn.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("broker", BROKERS)
def test_a_home_joins_speaks_for_itself_and_is_shut_out(broker: Kind, tmp_path: Path) -> None:
    with clinic(tmp_path, broker) as ready:
        code = code_for(tmp_path, "add", "gw-a", "--time-zone", "America/New_York")
        status, said = join(tmp_path, ready, "a", code)
        assert status == 0, said
        assert "enrolled as gw-a" in said
        status, said = join(tmp_path, ready, "again", code)
        assert status == 1
        assert "was used" in said
        assert join(tmp_path, ready, "b", code_for(tmp_path, "add", "gw-b"))[0] == 0

        the_hub_itself_reports(ready, tmp_path)
        with Client(broker, tmp_path / "a") as one, Client(broker, tmp_path / "b") as other:
            until(lambda: one.connected and other.connected, within_s=90)
            mine = it_is_answered(one)
            it_speaks_for_nobody_else(ready, one, other, mine)
            it_is_cut_off(tmp_path, ready, one, other)
        accounts = call(tmp_path, "gateway", "accounts")
        assert [line.partition(":")[0] for line in accounts.splitlines()] == ["gw-b"]
        with Client(broker, tmp_path / "a") as gone:
            until(lambda: gone.refused, within_s=90)
            time.sleep(0.5)
            assert not gone.connected
        status, said = said_by("gateway", "enrol", "gw-a", tmp_path=tmp_path)
        assert status == 1
        assert "not revoked" in said


def the_hub_itself_reports(ready: dict[str, Any], tmp_path: Path) -> None:
    """The real process, on the file that `join` wrote; without an adapter it hears no device."""
    settings = str(tmp_path / "a" / "gateway.toml")
    hub = hearthbeat("--config", settings, "gateway", tmp_path=tmp_path)
    query = "SELECT FROM gateway_health WHERE gateway_id = 'gw-a' AND state = 'online'"
    try:
        until(lambda: rows(ready, query) or hub.poll() is not None, within_s=90)
        assert hub.poll() is None, hub.communicate()[0]
    finally:
        stopped(hub)


def it_is_answered(one: Client) -> Reading:
    assert one.subscribe(topics.receipts(one.id))
    mine = reading(device="A0:B1:C2:D3:E4:F5", seq=1)
    one.send(mine, under=one.id)
    until(lambda: str(mine.id) in one.receipted(), within_s=90)
    return mine


def it_speaks_for_nobody_else(
    ready: dict[str, Any], one: Client, other: Client, mine: Reading
) -> None:
    assert other.subscribe(topics.receipts(other.id))
    for theirs in (topics.receipts(other.id), topics.commands(other.id), "#", "hearthbeat/v1/#"):
        one.subscribe(theirs)  # Mosquitto may grant it, and delivers what may be read.
    forged = reading(device="A0:B1:C2:D3:E4:F6", seq=2)
    one.send(forged, under=other.id)
    one.publish(topics.receipts(other.id), FORGED)
    one.publish(topics.receipts(one.id), FORGED)
    one.publish(topics.commands(other.id), FORGED)
    theirs_own = reading(device="A0:B1:C2:D3:E4:F7", seq=1)
    other.send(theirs_own, under=other.id)
    until(lambda: str(theirs_own.id) in other.receipted(), within_s=90)
    time.sleep(1)
    assert other.receipted() == {str(theirs_own.id)}
    assert FORGED not in [payload for _, payload in other.heard + one.heard]
    for each in (one, other):
        may = {topics.receipts(each.id), topics.commands(each.id)}
        assert {topic for topic, _ in each.heard} <= may
    stored = rows(ready, "SELECT id, gateway_id FROM readings")
    assert {(row["id"], row["gateway_id"]) for row in stored} == {
        (mine.id, one.id),
        (theirs_own.id, other.id),
    }


def it_is_cut_off(tmp_path: Path, ready: dict[str, Any], one: Client, other: Client) -> None:
    call(tmp_path, "gateway", "revoke", one.id)
    until(lambda: not one.connected, within_s=90)
    late = reading(device="A0:B1:C2:D3:E4:F8", seq=3)
    one.send(late, under=one.id)
    after = reading(device="A0:B1:C2:D3:E4:F9", seq=2)
    other.send(after, under=other.id)
    until(lambda: str(after.id) in other.receipted(), within_s=90)
    assert other.connected
    time.sleep(1)
    assert rows(ready, "SELECT FROM readings WHERE id = $1", late.id) == []
