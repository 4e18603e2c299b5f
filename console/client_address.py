"""Where a request really comes from, when trusted proxies stand before the console. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


def client_address(
    peer: str | None, forwarded_for: Iterable[str], trusted: Sequence[Network]
) -> str:
    """The nearest address that is no trusted proxy; `peer` as it is where that is none of them.

    `forwarded_for` are the values of X-Forwarded-For, in order. Each proxy adds on the right whom
    it heard; what stands left of the first stranger is the stranger's own invention.
    """
    nearest = str(peer)
    hops = [hop.strip() for value in forwarded_for for hop in value.split(",")]
    for hop in reversed(hops):
        if not _is_trusted(nearest, trusted) or _address(hop) is None:
            break
        nearest = hop
    address = _address(nearest)
    return nearest if address is None else str(address)


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """None for what is no address. IPv4 that came over an IPv6 socket is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
