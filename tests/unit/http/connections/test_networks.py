"""Whose an address is."""

from __future__ import annotations

import pytest

from consult.http.connections.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_a_subnet_is_one_persons(address: str, network: str) -> None:
    """Seen to fail: each of the 2^64 addresses that one host has was somebody new."""
    assert network_of(address) == network
