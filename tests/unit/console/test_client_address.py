"""Which address a request is counted for."""

from ipaddress import ip_network

import pytest

from console.client_address import client_address

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("::1"), ip_network("127.0.0.1")]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.9, 192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.9", "192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        ("10.0.0.1", ["192.0.2.1,10.0.0.3,10.0.0.2"], "192.0.2.1"),
        ("::1", ["2001:DB8::1"], "2001:db8::1"),
        ("::ffff:10.0.0.1", ["::ffff:192.0.2.1"], "192.0.2.1"),
        ("10.255.255.255", ["192.0.2.1"], "192.0.2.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
    ],
)
def test_behind_trusted_proxies_it_is_the_nearest_stranger(
    peer: str, forwarded_for: list[str], address: str
) -> None:
    assert client_address(peer, forwarded_for, TRUSTED) == address


@pytest.mark.parametrize("peer", ["9.255.255.255", "11.0.0.0", "192.0.2.7", "::2"])
def test_a_stranger_cannot_say_where_it_is(peer: str) -> None:
    assert client_address(peer, ["192.0.2.1"], TRUSTED) == peer


@pytest.mark.parametrize(
    "forwarded_for", [[], [""], ["unknown"], ["192.0.2.1, nonsense"], [","], ["192.0.2.1,"]]
)
def test_what_cannot_be_read_leaves_the_proxy_itself(forwarded_for: list[str]) -> None:
    assert client_address("10.0.0.1", forwarded_for, TRUSTED) == "10.0.0.1"


def test_without_trusted_proxies_the_header_means_nothing() -> None:
    assert client_address("127.0.0.1", ["192.0.2.1"], []) == "127.0.0.1"


def test_a_peer_without_an_address_is_nobody_in_particular() -> None:
    assert client_address(None, ["192.0.2.1"], TRUSTED) == "None"
