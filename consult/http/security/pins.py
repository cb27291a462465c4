"""Wrong PINs: how many are looked at, of a link and of an address. Pure: the time comes in, of a clock never set.

Who tries has the link already. An address has five wrong PINs of a link, then one each ten minutes; a link twenty from
all addresses together, then one each ten minutes: in the seven days that it is valid a thousand, of a million PINs.
"""

from __future__ import annotations

from collections import OrderedDict

from consult.access.networks import SUBSCRIBER, network_of
from consult.model.rates import RateLimit, TokenBucket

AGAIN_S = 600.0
OF_ADDRESS = RateLimit(1 / AGAIN_S, 5)
OF_LINK = RateLimit(1 / AGAIN_S, 20)
MAX_KNOWN = 4096
"""Links and addresses remembered, those of the last wrong PINs."""


class WrongPins:
    """Of the links of one server."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def wait_s(self, link: str, address: str, now: float) -> float:
        """How long until a PIN of that address for that link is looked at; 0.0: now."""
        return max(bucket.wait_s(now) for bucket in self._both(link, address, now))

    def wrong(self, link: str, address: str, now: float) -> int:
        """A wrong one has come: how many more are looked at now."""
        both = self._both(link, address, now)
        for bucket in both:
            bucket.spend(1.0, now)
        return min(bucket.left(now) for bucket in both)

    def _both(self, link: str, address: str, now: float) -> tuple[TokenBucket, TokenBucket]:
        return (
            self._bucket(f"{link} {network_of(address, SUBSCRIBER)}", OF_ADDRESS, now),
            self._bucket(link, OF_LINK, now),
        )

    def _bucket(self, key: str, limit: RateLimit, now: float) -> TokenBucket:
        bucket = self._buckets.setdefault(key, TokenBucket(limit, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > MAX_KNOWN:
            self._buckets.popitem(last=False)
        return bucket
