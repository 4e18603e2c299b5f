"""Brokers and consumers for the tests of the line."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.integration.wire.mosquitto import BINARY, Mosquitto
from wire.address import BrokerAddress
from wire.backoff import Backoff
from wire.intake import Intake
from wire.line import Line
from wire.link import Link

Starter = Callable[..., Mosquitto]
Maker = Callable[..., Line]
SOON = Backoff(first_s=0.05, most_s=0.2)


@pytest.fixture
def start_mosquitto(tmp_path: Path) -> Iterator[Starter]:
    """Starts a broker with further lines of configuration."""
    if BINARY is None:
        pytest.skip("mosquitto is not installed")
    started: list[Mosquitto] = []

    def start(*lines: str, anonymous: bool = True) -> Mosquitto:
        broker = Mosquitto(tmp_path, *lines, anonymous=anonymous)
        started.append(broker)
        broker.start()
        return broker

    yield start
    for broker in started:
        broker.kill()


@pytest.fixture
def broker(start_mosquitto: Starter) -> Mosquitto:
    return start_mosquitto()


@pytest.fixture(params=[Intake, Link], ids=["intake", "link"])
def consumer(request: pytest.FixtureRequest) -> Maker:
    """Either end of the line: they promise the same."""
    return partial(request.param, backoff=SOON)


def at(port: int) -> BrokerAddress:
    return BrokerAddress(host="127.0.0.1", port=port)
