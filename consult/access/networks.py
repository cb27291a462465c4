"""Whose a network address is, where people are counted by it."""

from __future__ import annotations

import ipaddress

SUBNET = 64
"""Bits of an IPv6 address: whoever has one address of a subnet has all of it (RFC 4291 2.5.4, RFC 6177)."""
SUBSCRIBER = 56
"""Bits of what one subscriber is given, and may choose subnets from (RIPE-690)."""


def network_of(address: str, prefix: int = SUBNET) -> str:
    """What counts as one: of IPv6 the network ("2001:db8::/64"), an IPv4 address itself, also one that is written as
    IPv6; what is no address as it is.

    Args:
        address: as a socket or a proxy gives it.
        prefix: bits of an IPv6 address, SUBNET or SUBSCRIBER.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    host_bits = 128 - prefix
    return str(ipaddress.ip_network((int(found) >> host_bits << host_bits, prefix)))
