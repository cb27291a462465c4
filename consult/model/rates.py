"""How often something may happen: token buckets, and how long somebody has kept on over their rate. Pure."""

from __future__ import annotations

from msgspec import Struct

STEP_S = 0.001
"""What a clock may be asked for at least."""


class RateLimit(Struct, frozen=True):
    """So many a second in the long run, and so many at once."""

    per_s: float
    burst: float

    def times(self, factor: float) -> RateLimit:
        """The same for so many who share it."""
        return RateLimit(self.per_s * factor, self.burst * factor)


class TokenBucket:
    """Tokens come evenly, up to the burst; each act takes some. Full at first. `now`: of a clock that is never set."""

    __slots__ = ("_at", "_tokens", "limit")

    def __init__(self, limit: RateLimit, now: float) -> None:
        self.limit = limit
        self._tokens, self._at = limit.burst, now

    def has(self, now: float) -> bool:
        """Whether there is a token."""
        return self._level(now) >= 1.0

    def take(self, now: float) -> bool:
        """Take a token; False where there is none."""
        if not self.has(now):
            return False
        self._tokens -= 1.0
        return True

    def spend(self, cost: float, now: float) -> None:
        """Take so many, also those that are not there yet: what has happened has happened."""
        self._level(now)
        self._tokens -= cost

    def wait_s(self, now: float, least: float = 1.0) -> float:
        """How long until there are so many tokens; 0: until all that was spent has come."""
        return max(0.0, (least - self._level(now)) / self.limit.per_s)

    def left(self, now: float) -> int:
        """How many whole tokens there are."""
        return max(0, int(self._level(now)))

    def next_at(self, now: float) -> float:
        """When to ask again for a token: later than now, and with one then, whatever is lost in rounding."""
        return now + self.wait_s(now) + STEP_S

    def is_full(self, now: float) -> bool:
        """Nothing was taken lately: a new bucket would be the same."""
        return self._level(now) >= self.limit.burst

    def _level(self, now: float) -> float:
        if now > self._at:
            self._tokens = min(self.limit.burst, self._tokens + (now - self._at) * self.limit.per_s)
            self._at = now
        return self._tokens


class Turns:
    """Something goes out whenever it is new, but no more often than its rate; what is over it waits for its turn.

    Attributes:
        is_pending: something new waits.
    """

    __slots__ = ("_bucket", "is_pending")

    def __init__(self, limit: RateLimit) -> None:
        self._bucket, self.is_pending = TokenBucket(limit, 0.0), False

    def take(self, now: float, *, is_new: bool = True) -> bool:
        """Whether something new goes out now."""
        self.is_pending = is_new and not self._bucket.take(now)
        return is_new and not self.is_pending

    def due_at(self, now: float) -> float | None:
        """When to ask again; None where nothing waits."""
        return self._bucket.next_at(now) if self.is_pending else None


class Overrun:
    """Somebody goes on over a rate: each time is noted; a pause ends it.

    Args:
        patience_s: how long that is borne.
        calm_s: so long without is a pause.
    """

    __slots__ = ("_calm_s", "_last", "_patience_s", "_since")

    def __init__(self, patience_s: float = 5.0, calm_s: float = 1.0) -> None:
        self._patience_s, self._calm_s = patience_s, calm_s
        self._since = self._last = float("-inf")

    def is_new(self, now: float) -> bool:
        """Whether the next one is the first after a pause."""
        return now - self._last > self._calm_s

    def note(self, now: float) -> bool:
        """It happens once more; whether it has gone on for too long."""
        if self.is_new(now):
            self._since = now
        self._last = now
        return now - self._since >= self._patience_s
