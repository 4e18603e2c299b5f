"""MQTT 3.1.1 where the broker has no better: amqtt in process."""

import gc
import logging
from collections.abc import AsyncIterator

import pytest

from benchmarks.rig.ports import free_port
from tests.integration.wire.conftest import SOON
from tests.integration.wire.gathering import READINGS, send, take
from wire import topics
from wire.address import BrokerAddress
from wire.consumer import Will
from wire.errors import BadAddress
from wire.intake import Intake
from wire.link import Link

amqtt_broker = pytest.importorskip("amqtt.broker", reason="amqtt is not installed")
# amqtt 0.12.1 forgets to close the connection whose MQTT 5 it does not answer; it may be noticed
# at any time from then on.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

FILTERS = [topics.READINGS_FILTER]


@pytest.fixture
async def old_port(caplog: pytest.LogCaptureFixture) -> AsyncIterator[int]:
    """A broker that speaks 3.1.1 only."""
    caplog.set_level(logging.CRITICAL)
    port = free_port()
    plugin = "amqtt.plugins.authentication.AnonymousAuthPlugin"
    broker = amqtt_broker.Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {plugin: {"allow_anonymous": True}},
        }
    )
    await broker.start()
    yield port
    await broker.shutdown()
    gc.collect()  # Here it is forgiven, and not in the next test.


async def test_a_link_falls_back_to_3_1_1(old_port: int) -> None:
    address = BrokerAddress(host="127.0.0.1", port=old_port)
    async with Link(address, client_id="gw-1", filters=FILTERS, backoff=SOON) as link:
        await link.wait_connected(15)
        assert link.protocol == "3.1.1"
        await link.publish(READINGS, b"x")
        assert [d.payload for d in await take(link, 1)] == [b"x"]


async def test_a_link_told_so_speaks_3_1_1_at_once(old_port: int) -> None:
    address = BrokerAddress(host="127.0.0.1", port=old_port, protocol="3.1.1")
    will = Will(topic=topics.status("gw-1"), payload=b"offline", retain=True)
    async with Link(address, client_id="gw-1", filters=FILTERS, will=will) as link:
        await link.wait_connected(2)
        sent = await send(link, 200)
        assert [d.payload for d in await take(link, 200)] == sent


def test_an_intake_does_not_speak_3_1_1() -> None:
    with pytest.raises(BadAddress, match="MQTT 5 only"):
        Intake(BrokerAddress(host="h", port=1, protocol="3.1.1"), client_id="in", filters=[])
