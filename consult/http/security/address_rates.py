"""How often one address may ask by HTTP while nobody is known by what it asks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from consult.access.networks import network_of
from consult.model.rates import RateLimit, TokenBucket
from consult.sessions.features.rates import OF_ADDRESS

MAX_KNOWN = 4096
"""Addresses remembered by what they asked for, those that asked last."""


class AddressRates:
    """A bucket for each address and kind of `OF_ADDRESS`. Pure: the time comes in, and never falls."""

    def __init__(self, rates: Mapping[str, RateLimit] = OF_ADDRESS) -> None:
        self._rates = rates
        self._buckets: OrderedDict[tuple[str, str], TokenBucket] = OrderedDict()

    def take(self, address: str, what: str, now: float) -> float:
        """It asks once more: 0.0, or in how many seconds it may."""
        key = network_of(address), what
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(self._rates[what], now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MAX_KNOWN:
            self._buckets.popitem(last=False)
        return 0.0 if bucket.take(now) else bucket.wait_s(now)
