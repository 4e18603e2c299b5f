"""The broker's address, for the clinic's processes and for homes."""

from pathlib import Path

import pytest

from hearthbeat.errors import SettingsError
from hearthbeat.mqtt_settings import broker_address, told_to_homes
from hearthbeat.settings import Mqtt


def test_the_settings_make_one_address() -> None:
    mqtt = Mqtt(url="mqtts://u:p@broker:8884", username="ingest", password="s", ca=Path("ca.pem"))
    found = broker_address(mqtt, missing="")
    assert (found.host, found.port, found.username, found.password) == (
        "broker",
        8884,
        "ingest",
        "s",
    )
    assert found.tls is not None
    assert found.tls.ca == Path("ca.pem")
    assert broker_address(Mqtt(url="mqtts://u:p@broker"), missing="").username == "u"


@pytest.mark.parametrize(
    ("mqtt", "words"),
    [
        (Mqtt(), "no broker is named"),
        (Mqtt(url=""), "no broker is named"),
        (Mqtt(url="http://u:secret@broker"), "mqtt.url: a broker URL begins with"),
        (Mqtt(url="mqtt://broker", ca=Path("ca.pem")), "mqtt.url: TLS files are given"),
        (Mqtt(url="mqtt://broker", key=Path("key.pem")), "mqtt.url: TLS files are given"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secret(
    mqtt: Mqtt, words: str
) -> None:
    with pytest.raises(SettingsError, match=words) as refusal:
        broker_address(mqtt, missing="no broker is named")
    assert "secret" not in str(refusal.value)


def test_homes_are_told_no_name_and_no_password() -> None:
    assert told_to_homes(Mqtt()) is None
    assert told_to_homes(Mqtt(url="mqtt://u:p@broker:1883")) == "mqtt://broker:1883"
    both = Mqtt(url="mqtt://inside", public_url="mqtts://u:p@outside:8883")
    assert told_to_homes(both) == "mqtts://outside:8883"
