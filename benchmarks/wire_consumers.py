"""`python -m benchmarks.wire_consumers`: what a message costs to take off the line.

Every contender drains the same backlog of single-reading messages from one mosquitto, in a process
of its own: messages a second, and CPU seconds of that process for 100,000 messages. No database.
"""

import asyncio
import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import click
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from rich.console import Console
from rich.table import Table

from benchmarks.report import interleaved, median
from benchmarks.rig.broker import Broker
from benchmarks.rig.mqtt import RawClient, park_session
from vitals.identity import reading_id
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality
from wire import topics
from wire.address import BrokerAddress
from wire.codec import decode_readings, encode_readings
from wire.intake import Intake
from wire.line import Line
from wire.link import Link

CLIENT: Final = "consumer"
WINDOW: Final = 2000
EXPIRY_S: Final = 600
BARE: Final = "bare paho, acknowledges only"


class Cost(NamedTuple):
    """Of one contender on one backlog."""

    per_s: float
    cpu_s_per_100k: float


def consume_bare(port: int, count: int) -> None:
    """A paho subscriber as small as it can be: no decoding, nothing kept."""
    left = count

    def on_message(client: paho.Client, _userdata: object, message: paho.MQTTMessage) -> None:
        nonlocal left
        client.ack(message.mid, message.qos)
        left -= 1
        if not left:
            client.disconnect()

    client = paho.Client(
        CallbackAPIVersion.VERSION2, CLIENT, protocol=MQTTProtocolVersion.MQTTv5, manual_ack=True
    )
    client.on_message = on_message
    wishes = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    wishes.ReceiveMaximum = WINDOW
    wishes.SessionExpiryInterval = EXPIRY_S
    client.connect("127.0.0.1", port, clean_start=False, properties=wishes)
    client.loop_forever()


def consume(line: type[Intake | Link], port: int, count: int, *, decode: bool) -> None:
    asyncio.run(_consume(line, port, count, decode=decode))


async def _consume(line: type[Intake | Link], port: int, count: int, *, decode: bool) -> None:
    address = BrokerAddress(host="127.0.0.1", port=port)
    consumer: Line = line(
        address,
        client_id=CLIENT,
        filters=[topics.READINGS_FILTER],
        receive_maximum=WINDOW,
        session_expiry_s=EXPIRY_S,
    )
    taken = good = 0
    async with consumer:
        while taken < count:
            batch = await consumer.batch(most=500, most_bytes=2**20, wait_s=0.005)
            if decode:
                for delivery in batch:
                    good += len(decode_readings(delivery.payload).message.readings)
            consumer.ack(batch)
            taken += len(batch)
    if decode and good != count:
        raise RuntimeError(f"{good} readings in {count} messages")


CONTENDERS: Final[dict[str, Callable[[int, int], None]]] = {
    BARE: consume_bare,
    "Intake": lambda port, count: consume(Intake, port, count, decode=False),
    "Intake and decode_readings": lambda port, count: consume(Intake, port, count, decode=True),
    "Link and decode_readings": lambda port, count: consume(Link, port, count, decode=True),
}


def payload(number: int) -> bytes:
    """A blood pressure with everything that a standard cuff sends, as a gateway encodes it."""
    now = dt.datetime(2026, 11, 22, 13, 15, tzinfo=dt.UTC) + dt.timedelta(seconds=number)
    frame = bytes.fromhex("1e80005100610eea070b16080f05004700010400")
    device, digits = "A0:B1:C2:D3:E4:F5", now.replace(tzinfo=None)
    reading = Reading(
        id=reading_id(
            device=device,
            kind=Kind.BLOOD_PRESSURE,
            frame=frame,
            device_time=digits,
            sequence=None,
            captured_at=now,
        ),
        device=device,
        kind=Kind.BLOOD_PRESSURE,
        measured_at=now.astimezone(dt.timezone(dt.timedelta(hours=-5))),
        time_quality=TimeQuality.CORRECTED,
        values={"systolic": 128.0, "diastolic": 81.0, "mean": 97.0, "pulse": 71.0},
        device_time=digits,
        clock_drift_s=3.0,
        user=1,
        flags=("irregular_pulse",),
        frame=frame.hex(),
        profile="omron_standard",
        seq=number,
    )
    return encode_readings([reading], sent_at=now)


def measure(name: str, broker: Broker, messages: list[tuple[str, bytes]]) -> Cost:
    asyncio.run(_preload(broker, messages))
    command = [sys.executable, "-m", "benchmarks.wire_consumers", "--consume", name]
    command += ["--port", str(broker.port), "--count", str(len(messages))]
    seconds, cpu = json.loads(subprocess.check_output(command).splitlines()[-1])
    return Cost(len(messages) / seconds, cpu / len(messages) * 100_000)


async def _preload(broker: Broker, messages: list[tuple[str, bytes]]) -> None:
    await park_session(broker.port, CLIENT, topics.READINGS_FILTER)
    publisher = await RawClient.connect(broker.port, "publisher")
    await publisher.publish_all(messages, window=WINDOW)
    await publisher.close()


@click.command()
@click.option("--count", default=100_000, help="Messages in each backlog.")
@click.option("--rounds", default=3)
@click.option("--consume", "name", type=click.Choice(list(CONTENDERS)), hidden=True)
@click.option("--port", default=0, hidden=True)
def main(count: int, rounds: int, name: str | None, port: int) -> None:
    """Bare paho, Link and Intake on the same backlog, in turn, medians."""
    if name is not None:
        began, cpu = time.perf_counter(), time.process_time()
        CONTENDERS[name](port, count)
        print(json.dumps([time.perf_counter() - began, time.process_time() - cpu]))
        return
    console = Console()
    messages = [(topics.readings(f"gw-{n % 200}"), payload(n)) for n in range(count)]
    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder)) as broker:
        samples = interleaved(
            {one: lambda one=one: measure(one, broker, messages) for one in CONTENDERS},  # type: ignore[misc]
            rounds=rounds,
            say=console.print,
        )
    console.print(_table(samples, count, len(messages[0][1])))


def _table(samples: dict[str, list[Cost]], count: int, size: int) -> Table:
    table = Table(title=f"{count:,} messages of one reading, {size} bytes each")
    for heading in ("contender", "messages/s", "CPU s per 100,000", "rate", "CPU"):
        table.add_column(heading, justify="left" if heading == "contender" else "right")
    bare = Cost(*(median(column) for column in zip(*samples[BARE], strict=True)))
    for name, costs in samples.items():
        cost = Cost(*(median(column) for column in zip(*costs, strict=True)))
        table.add_row(
            name,
            f"{cost.per_s:,.0f}",
            f"{cost.cpu_s_per_100k:.2f}",
            f"{cost.per_s / bare.per_s:.2f} x",
            f"{cost.cpu_s_per_100k / bare.cpu_s_per_100k:.2f} x",
        )
    return table


if __name__ == "__main__":
    main()
