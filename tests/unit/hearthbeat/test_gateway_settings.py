"""From everybody's settings to the hub's."""

import pytest
from msgspec import structs

from gateway.errors import SettingsRefused
from hearthbeat.commands.gateway_run import gateway_settings
from hearthbeat.errors import SettingsError
from hearthbeat.settings import Gateway, Mqtt, Settings


def clinic_at(url: str, *, allow_plain_mqtt: bool = False) -> Settings:
    hub = Gateway(id="gw-1", allow_plain_mqtt=allow_plain_mqtt)
    return Settings(gateway=hub, mqtt=Mqtt(url=url))


def test_a_line_in_the_clear_off_this_machine_is_refused_unless_it_is_allowed_on_purpose() -> None:
    far = "mqtt://broker.example"
    with pytest.raises(SettingsRefused, match="allow_plain_mqtt"):
        gateway_settings(clinic_at(far)).check()
    gateway_settings(clinic_at(far, allow_plain_mqtt=True)).check()


def test_a_line_on_loopback_or_with_tls_needs_no_permission() -> None:
    gateway_settings(clinic_at("mqtt://127.0.0.1")).check()
    gateway_settings(clinic_at("mqtts://broker.example")).check()


@pytest.mark.parametrize("settings", [Settings(), Settings(gateway=Gateway(id="gw-1"))])
def test_a_home_that_is_not_enrolled_is_told_how_to_be(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"is missing\. .*`hearthbeat gateway join --server"):
        gateway_settings(settings)


def test_a_prompt_program_has_its_arguments_as_in_a_shell() -> None:
    base = clinic_at("mqtt://127.0.0.1")
    named = structs.replace(base.gateway, prompt_command="show --on 'the kitchen display'")
    found = gateway_settings(structs.replace(base, gateway=named))
    assert found.prompt_command == ("show", "--on", "the kitchen display")
    odd = structs.replace(base.gateway, prompt_command="show 'the")
    with pytest.raises(SettingsError, match="prompt_command"):
        gateway_settings(structs.replace(base, gateway=odd))
