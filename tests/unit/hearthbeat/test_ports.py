import socket

import pytest

from hearthbeat import ports
from hearthbeat.errors import PortTaken, SettingsError

pytestmark = pytest.mark.enable_socket


def test_a_taken_port_that_was_asked_for_is_refused_in_words() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} is taken by another program; .* --port"):
            ports.chosen(port, asked=True, option="--port")


def test_a_taken_default_gives_way_and_says_so() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        chosen, said = ports.chosen(port, asked=False, option="--port")
        assert chosen != port
        assert (
            said
            == f"port {port} is taken by another program: using {chosen} instead (--port chooses)"
        )


def test_zero_takes_a_free_one_and_a_free_one_is_taken() -> None:
    port, said = ports.chosen(0, asked=True, option="--port")
    assert port > 0
    assert said is None
    assert ports.chosen(port, asked=True, option="--port") == (port, None)


def test_a_port_of_the_settings_that_is_taken_names_the_setting() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            PortTaken, match=r"taken by another .* console.port \(HB_CONSOLE_PORT\)"
        ):
            ports.refuse_taken(port, host="127.0.0.1", setting="console.port")
    ports.refuse_taken(port, host="127.0.0.1", setting="console.port")
    ports.refuse_taken(0, host="127.0.0.1", setting="console.port")


@pytest.mark.parametrize("host", ["192.0.2.1", "not an address"])
def test_an_address_that_is_not_this_machines_is_refused_in_words(host: str) -> None:
    with pytest.raises(SettingsError, match="is no address of this machine"):
        ports.taken(8080, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104
def test_a_free_port_is_free_wherever_one_listens(host: str) -> None:
    assert ports.taken(ports.free(host), host=host) is None
