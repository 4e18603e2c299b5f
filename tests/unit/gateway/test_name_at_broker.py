"""By what name a hub is known at the broker."""

from pathlib import Path

import pytest

from gateway.hub import name_at_broker
from gateway.settings import GatewaySettings
from wire.address import BrokerAddress


def name(gateway: str, password: str | None) -> str:
    address = BrokerAddress(host="127.0.0.1", port=1883, username=gateway, password=password)
    settings = GatewaySettings(gateway_id=gateway, data_dir=Path("unused"), mqtt=address)
    return name_at_broker(settings)


def test_nobody_can_ask_for_the_place_of_a_hub_who_knows_its_id_only() -> None:
    assert name("gw-1", "secret").startswith("gw-1-")
    assert name("gw-1", "secret") == name("gw-1", "secret")
    assert name("gw-1", "secret") != name("gw-1", "a guess")


def test_without_a_password_it_is_the_id() -> None:
    assert name("gw-1", None) == "gw-1"
    assert name("g" * 64, None) == "g" * 64


@pytest.mark.parametrize("length", [49, 50, 51, 64])
def test_a_long_id_keeps_its_name_short_and_its_own(length: int) -> None:
    one, other = "g" * (length - 1) + "1", "g" * (length - 1) + "2"
    assert len(name(one, "secret")) <= 65
    assert name(one, "secret") != name(other, "secret")
