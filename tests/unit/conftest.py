"""Unit tests stay on this machine and off its network."""

from pytest_socket import disable_socket


def pytest_runtest_setup() -> None:
    # The event loop itself talks through a pair of Unix sockets. The plugin lifts this afterwards.
    disable_socket(allow_unix_socket=True)
