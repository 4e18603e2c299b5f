import socket

import pytest

from hearthbeat import ports
from hearthbeat.errors import PortTaken

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
