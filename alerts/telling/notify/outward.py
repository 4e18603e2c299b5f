"""Where messages may go: people of the clinic type URLs, and the machine can reach more than they.

Asked of every address that is connected to, after names are looked up: no name can be given another
meaning in between.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

import aiohttp

METADATA: Final = frozenset({"fd00:ec2::254", "100.100.100.200", "192.0.0.192"})
"""Where clouds hand out a machine's keys, beside the link-local 169.254.169.254."""


class NoWayError(OSError):
    """The address is none that a message goes to."""


def session() -> aiohttp.ClientSession:
    """Of an alert process: to nowhere else, and without a memory of cookies."""
    connector = aiohttp.TCPConnector(socket_factory=_socket)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def may_go(address: str) -> bool:
    """The clinic's own network and this machine are allowed: ntfy and relays run there."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    odd = found.is_link_local or found.is_multicast or found.is_unspecified
    return not odd and found != IPv4Address("255.255.255.255") and str(found) not in METADATA


def _socket(info: Any) -> socket.socket:
    family, kind, protocol, _, place = info
    if not may_go(str(place[0])):
        raise NoWayError("no messages go to this address")
    return socket.socket(family, kind, protocol)
