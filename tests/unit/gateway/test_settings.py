from pathlib import Path
from typing import Any

import pytest

from gateway.errors import SettingsRefused
from gateway.home_zone import home_zone
from gateway.settings import GatewaySettings
from wire.address import BrokerAddress


def settings(url: str, **changes: Any) -> GatewaySettings:
    fields: dict[str, Any] = {
        "gateway_id": "gw-1",
        "data_dir": Path("hub"),
        "mqtt": BrokerAddress.from_url(url),
    }
    return GatewaySettings(**(fields | changes))


@pytest.mark.parametrize("url", ["mqtt://127.0.0.1", "mqtt://localhost", "mqtts://broker.example"])
def test_loopback_or_tls_is_let_through(url: str) -> None:
    settings(url).check()


def test_plain_mqtt_over_the_network_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="in the clear"):
        settings("mqtt://broker.example").check()


def test_plain_mqtt_may_be_allowed_on_purpose() -> None:
    settings("mqtt://broker.example", allow_plain_mqtt=True).check()


@pytest.mark.parametrize("gateway_id", ["", "a/b", "#", "+", "x" * 65, "gw 1"])
def test_an_id_that_cannot_be_in_a_topic_is_refused(gateway_id: str) -> None:
    with pytest.raises(SettingsRefused):
        settings("mqtt://localhost", gateway_id=gateway_id).check()


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsRefused):
        home_zone("Mars/Olympus")


def test_the_systems_zone_is_taken_where_none_is_named() -> None:
    assert home_zone("").key
