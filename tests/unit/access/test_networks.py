"""Whose an address is."""

from __future__ import annotations

import pytest

from consult.access.networks import SUBSCRIBER, network_of


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


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:ab12::1", "2001:db8:0:ab00::/56"),
        ("2001:db8:0:abff:1:2:3:4", "2001:db8:0:ab00::/56"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_address_counts_as_its_subscriber(address: str, counts_as: str) -> None:
    assert network_of(address, SUBSCRIBER) == counts_as
