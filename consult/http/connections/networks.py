"""Whose a network address is, where people are counted by it."""

from __future__ import annotations

import ipaddress

HOST_BITS = 64
"""Of an IPv6 address: whoever has one address of a subnet has all of it (RFC 4291 2.5.4, RFC 6177)."""


def network_of(address: str) -> str:
    """What counts as one: of IPv6 the /64 ("2001:db8::/64"), an IPv4 address itself, also one that is written as IPv6;
    what is no address as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> HOST_BITS << HOST_BITS, 128 - HOST_BITS)))
