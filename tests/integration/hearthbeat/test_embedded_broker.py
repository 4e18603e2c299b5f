"""The embedded brokers: one set of rules, whichever is installed."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest

from hearthbeat.embedded import broker, mosquitto
from hearthbeat.embedded.broker import EmbeddedBroker
from hearthbeat.embedded.broker_access import hashed
from hearthbeat.ports import free
from hearthbeat.settings import child_environment
from hearthbeat.supervisor import Supervisor
from wire import topics
from wire.address import BrokerAddress
from wire.errors import LineError
from wire.link import Link

pytestmark = pytest.mark.enable_socket

KINDS = [
    pytest.param(
        "mosquitto",
        marks=pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
    ),
    "amqtt",
]


@asynccontextmanager
async def running(
    home: Path, kind: Literal["mosquitto", "amqtt"], *, open_door: bool
) -> AsyncIterator[tuple[EmbeddedBroker, Supervisor]]:
    made = broker.prepare(home, port=free(), open_door=open_door, preference=kind)
    made.admit({"gw-1": hashed("one"), "gw-2": hashed("two")})
    async with Supervisor(lines=lambda _, __: None, notice=lambda _: None) as supervisor:
        await supervisor.start(broker.program(made, child_environment()))
        yield made, supervisor


def link(
    made: EmbeddedBroker, user: str | None, password: str | None, *filters: str, name: str
) -> Link:
    # amqtt answers a CONNECT of MQTT 5 with silence.
    protocol: Literal["auto", "3.1.1"] = "3.1.1" if made.kind == "amqtt" else "auto"
    address = BrokerAddress.from_url(made.url(user, password), protocol=protocol)
    return Link(address, client_id=name, filters=filters)


async def heard(consumer: Link) -> list[str]:
    """Topics that arrive within a moment."""
    found = []
    for _ in range(2):
        found += [d.topic for d in await consumer.batch(most=10, most_bytes=10_000, wait_s=0.2)]
    return sorted(found)


async def cut(consumer: Link) -> bool:
    """Whether the broker hangs up within five seconds."""
    for _ in range(250):
        if not consumer.connected:
            return True
        await asyncio.sleep(0.02)
    return False


@pytest.mark.parametrize("kind", KINDS)
async def test_everybody_is_confined_to_their_topics(
    kind: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    async with running(tmp_path / "broker", kind, open_door=False) as (made, _):
        ingest = link(
            made, "ingest.clinic", made.ingest_password, topics.READINGS_FILTER, name="ingest-0"
        )
        one = link(made, "gw-1", "one", topics.receipts("gw-1"), name="gw-1")
        async with ingest, one:
            await ingest.wait_connected(10)
            await one.wait_connected(10)
            one.publish_soon(topics.readings("gw-1"), b"mine")
            one.publish_soon(topics.readings("gw-2"), b"forged")
            one.publish_soon(topics.receipts("gw-1"), b"forged")
            ingest.publish_soon(topics.receipts("gw-2"), b"for another")
            ingest.publish_soon(topics.receipts("gw-1"), b"a receipt")
            assert await heard(ingest) == [topics.readings("gw-1")]
            assert await heard(one) == [topics.receipts("gw-1")]


@pytest.mark.parametrize("kind", KINDS)
async def test_strangers_stay_outside_unless_the_door_is_open(
    kind: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    for door in (False, True):
        async with running(tmp_path / "broker", kind, open_door=door) as (made, _):
            nameless = link(made, None, None, topics.receipts("gw-9"), name="somebody")
            wrong = link(made, "gw-1", "two", topics.receipts("gw-1"), name="gw-1")
            async with nameless, wrong:
                with pytest.raises(LineError):
                    await wrong.wait_connected(3)
                if door:
                    await nameless.wait_connected(5)
                else:
                    with pytest.raises(LineError):
                        await nameless.wait_connected(3)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_revoked_gateway_is_not_let_in_again_and_a_new_one_is(
    kind: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    async with running(tmp_path / "broker", kind, open_door=False) as (made, supervisor):
        assert made.admit({"gw-3": hashed("three")})
        supervisor.signal("broker", signal.SIGHUP)
        await asyncio.sleep(0.5)
        gone = link(made, "gw-1", "one", topics.receipts("gw-1"), name="gw-1")
        new = link(made, "gw-3", "three", topics.receipts("gw-3"), name="gw-3")
        async with gone, new:
            await new.wait_connected(5)
            with pytest.raises(LineError):
                await gone.wait_connected(3)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_revoked_gateway_is_cut_in_the_middle_of_its_session_and_others_are_not(
    kind: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    async with running(tmp_path / "broker", kind, open_door=False) as (made, supervisor):
        ingest = link(
            made, "ingest.clinic", made.ingest_password, topics.READINGS_FILTER, name="ingest-0"
        )
        gone = link(made, "gw-1", "one", topics.receipts("gw-1"), name="gw-1")
        other = link(made, "gw-2", "two", topics.receipts("gw-2"), name="gw-2")
        async with ingest, gone, other:
            for each in (ingest, gone, other):
                await each.wait_connected(10)
            before = other.generation, ingest.generation
            assert made.admit({"gw-2": hashed("two")})
            supervisor.signal("broker", signal.SIGHUP)
            assert await cut(gone)
            gone.publish_soon(topics.readings("gw-1"), b"too late")
            ingest.publish_soon(topics.receipts("gw-1"), b"nobody's")
            other.publish_soon(topics.readings("gw-2"), b"still here")
            assert await heard(ingest) == [topics.readings("gw-2")]
            assert await heard(gone) == []
            assert not gone.connected
            assert (other.generation, ingest.generation) == before


@pytest.mark.parametrize("kind", KINDS)
async def test_a_gateway_that_enrols_anew_shuts_out_its_old_password(
    kind: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    async with running(tmp_path / "broker", kind, open_door=False) as (made, supervisor):
        old = link(made, "gw-1", "one", topics.receipts("gw-1"), name="gw-1")
        async with old:
            await old.wait_connected(10)
            made.admit({"gw-1": hashed("anew"), "gw-2": hashed("two")})
            supervisor.signal("broker", signal.SIGHUP)
            assert await cut(old)
        anew = link(made, "gw-1", "anew", topics.receipts("gw-1"), name="gw-1")
        async with anew:
            await anew.wait_connected(10)


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_puts_a_greater_name_on_a_session_with_a_wrong_password(
    kind: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    async with running(tmp_path / "broker", kind, open_door=False) as (made, _):
        one = link(made, "gw-1", "one", topics.receipts("gw-1"), name="gw-1")
        two = link(made, "gw-2", "two", topics.receipts("gw-2"), name="gw-2")
        ingest = link(made, "ingest.clinic", made.ingest_password, name="ingest-0")
        async with one, two, ingest:
            for each in (one, two, ingest):
                await each.wait_connected(10)
            async with link(made, "ingest.clinic", "a guess", name="gw-1") as guess:
                with pytest.raises(LineError):
                    await guess.wait_connected(2)
            one.publish_soon(topics.receipts("gw-2"), b"forged")
            ingest.publish_soon(topics.receipts("gw-1"), b"for gw-1")
            assert await heard(two) == []
            assert await heard(one) == [topics.receipts("gw-1")]
            assert one.generation == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_who_takes_anothers_client_id_gets_nothing_that_waits_there(
    kind: Literal["mosquitto", "amqtt"], tmp_path: Path
) -> None:
    async with running(tmp_path / "broker", kind, open_door=False) as (made, _):
        ingest = link(made, "ingest.clinic", made.ingest_password, name="ingest-0")
        async with ingest:
            await ingest.wait_connected(10)
            protocol: Literal["auto", "3.1.1"] = "3.1.1" if kind == "amqtt" else "auto"
            for user, password in (("gw-1", "one"), ("gw-2", "two")):
                address = BrokerAddress.from_url(made.url(user, password), protocol=protocol)
                same = Link(
                    address,
                    client_id="gw-1",
                    filters=[topics.receipts(user)],
                    session_expiry_s=60,
                )
                async with same:
                    await same.wait_connected(10)
                    if user == "gw-2":
                        assert await heard(same) == []
                ingest.publish_soon(topics.receipts("gw-1"), b"for gw-1 only")
                await asyncio.sleep(0.3)


def test_the_same_gateways_are_no_change(tmp_path: Path) -> None:
    made = broker.prepare(tmp_path / "broker", port=free(), open_door=False, preference="amqtt")
    accounts = {"gw-1": hashed("one")}
    assert made.admit(accounts)
    assert not made.admit(accounts)
    assert (made.home / "passwords").stat().st_mode & 0o077 == 0
