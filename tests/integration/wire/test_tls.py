"""TLS and client certificates, against a real broker that asks for them."""

from pathlib import Path

import pytest

from tests.integration.wire.certificates import Authority
from tests.integration.wire.conftest import Maker, Starter
from tests.integration.wire.gathering import READINGS, send, take
from tests.integration.wire.mosquitto import Mosquitto
from wire import topics
from wire.address import BrokerAddress, TlsFiles
from wire.errors import LinkDown

FILTERS = [topics.READINGS_FILTER]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ca")


@pytest.fixture
def strict_broker(start_mosquitto: Starter, authority: Authority) -> Mosquitto:
    server = authority.issue("server", host="127.0.0.1")
    return start_mosquitto(
        f"cafile {server.ca}",
        f"certfile {server.certificate}",
        f"keyfile {server.key}",
        "require_certificate true",
        "use_identity_as_username true",
    )


def secured(port: int, tls: TlsFiles, host: str = "127.0.0.1") -> BrokerAddress:
    return BrokerAddress(host=host, port=port, tls=tls)


async def test_a_client_with_a_certificate_is_let_in(
    strict_broker: Mosquitto, authority: Authority, consumer: Maker
) -> None:
    address = secured(strict_broker.port, authority.issue("gw-1"))
    async with consumer(address, client_id="gw-1", filters=FILTERS) as line:
        await line.wait_connected(60)
        sent = await send(line, 300, size=3000)
        assert [d.payload for d in await take(line, 300)] == sent
        await line.publish(READINGS, b"x" * 200_000)
        assert len((await take(line, 1))[0].payload) == 200_000


async def test_others_are_not(
    strict_broker: Mosquitto, authority: Authority, tmp_path: Path, consumer: Maker
) -> None:
    rogue = Authority(tmp_path, "rogue").issue("gw-2")
    refused = {
        "without a certificate": TlsFiles(ca=authority.certificate),
        "with an expired one": authority.issue("gw-3", days=-1),
        "with another authority's": TlsFiles(
            ca=authority.certificate, certificate=rogue.certificate, key=rogue.key
        ),
        "of a broker that we do not trust": TlsFiles(
            ca=rogue.ca, certificate=rogue.certificate, key=rogue.key
        ),
        "with a file that is not there": TlsFiles(ca=tmp_path / "none"),
    }
    for files in refused.values():
        address = secured(strict_broker.port, files)
        async with consumer(address, client_id="gw-1", filters=FILTERS) as line:
            with pytest.raises(LinkDown):
                await line.wait_connected(0.7)


async def test_a_broker_by_another_name_is_not_believed(
    strict_broker: Mosquitto, authority: Authority, consumer: Maker
) -> None:
    address = secured(strict_broker.port, authority.issue("gw-1"), host="localhost")
    async with consumer(address, client_id="gw-1", filters=FILTERS) as line:
        with pytest.raises(LinkDown):
            await line.wait_connected(0.7)
