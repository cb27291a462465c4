"""How much of the moving picture a peer on a bad link is given. Pure: `now` in seconds is an argument.

An encoder is shared, so nobody's link changes it: who cannot take a stream's bit rate moves to one of a lower *layer*,
and shares that with others like them.

Rules:
- Down at once, one layer each `STEP_S` at most: by a report of loss, or by two running of a queue (the round trip has
  grown; one is a busy machine). By the peer's own estimate (REMB), to the layer that fits, where the estimate falls:
  its level alone means nothing, it starts low.
- After a step down nothing is sent until the queue before the link has emptied, `DRAIN_S` at most.
- Up by one layer after calm of `CALM_S`, which doubles each time that the layer above was given up again soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QualityLayer = Literal["full", "half", "low"]
LAYERS: tuple[QualityLayer, ...] = ("full", "half", "low")
BITS_PER_S: dict[QualityLayer, int] = {"full": 5_000_000, "half": 1_500_000, "low": 400_000}
"""What a stream of the layer sends at most, averaged over 8 pictures."""
LOSS = 0.10
"""Share of packets; below it retransmission heals."""
QUEUE_S = 0.250
"""Round trip above the least of this peer's that means a queue."""
STEP_S = 1.5
"""Reports come each second: the next one still speaks of what was sent before the step."""
FALL = 0.8
"""An estimate below this part of the one before has fallen."""
DRAIN_S = 1.0
CALM_S, MAX_CALM_S = 8.0, 120.0
MAX_ROUND_TRIP_S = 10.0


@dataclass(frozen=True)
class Report:
    """A receiver report (RFC 3550 6.4.2). `lost`: share of packets; `round_trip_s`: None before it is measured."""

    lost: float
    round_trip_s: float | None


def plausible(round_trip_s: float) -> float | None:
    """A round trip reckoned by wall clocks, where it can be one: between its two readings a clock may have been set."""
    return round_trip_s if 0.0 <= round_trip_s <= MAX_ROUND_TRIP_S else None


class CongestionController:
    """Chooses the quality layer of one peer by what its receiver reports. Layers only step, they never jump up."""

    def __init__(self) -> None:
        self.layer: QualityLayer = "full"
        self._least = float("inf")
        self._estimate = 0
        self._changed = float("-inf")
        self._bad = float("-inf")
        self._calm_s = CALM_S
        self._raised = float("-inf")
        self._had_queue = False

    def report(self, report: Report, now: float) -> float:
        """A receiver report has come; the layer may change.

        Returns:
            Seconds that nothing should be sent from now on.
        """
        queue = 0.0
        if report.round_trip_s is not None:
            self._least = min(self._least, report.round_trip_s)
            queue = report.round_trip_s - self._least
        has_queue, had_queue = queue >= QUEUE_S, self._had_queue
        self._had_queue = has_queue
        if report.lost >= LOSS or (has_queue and had_queue):
            self._bad = now
            return self._lower(LAYERS.index(self.layer) + 1, queue, now)
        if now - max(self._bad, self._changed) >= self._calm_s and self.layer != LAYERS[0]:
            self.layer = LAYERS[LAYERS.index(self.layer) - 1]
            self._changed = self._raised = now
        return 0.0

    def estimate(self, bits_per_s: int, now: float) -> float:
        """The peer's own estimate of what its link carries (REMB). Returns as `report` does."""
        has_fallen = 0 < bits_per_s < FALL * self._estimate
        self._estimate = bits_per_s
        if not has_fallen or bits_per_s >= BITS_PER_S[self.layer]:
            return 0.0
        self._bad = now
        fitting = (i for i, layer in enumerate(LAYERS) if BITS_PER_S[layer] <= bits_per_s)
        return self._lower(next(fitting, len(LAYERS) - 1), DRAIN_S / 2, now)

    def _lower(self, place: int, queue_s: float, now: float) -> float:
        place = min(place, len(LAYERS) - 1)
        if place <= LAYERS.index(self.layer) or now - self._changed < STEP_S:
            return 0.0
        if now - self._raised < self._calm_s:
            self._calm_s = min(self._calm_s * 2, MAX_CALM_S)
        self.layer, self._changed = LAYERS[place], now
        return min(queue_s, DRAIN_S)


class PacingGate:
    """A gate for a peer that acknowledges no frames: open, but for the time that a queue takes to empty."""

    def __init__(self) -> None:
        self._closed_until = float("-inf")

    def hold(self, until: float) -> None:
        """Nothing may be sent before that time."""
        self._closed_until = max(self._closed_until, until)

    def sent(self, number: int, now: float) -> None:
        """Nothing depends on it."""

    def acknowledged(self, number: int) -> None:
        """Nothing depends on it."""

    def has_capacity(self, now: float) -> bool:
        """Whether a frame may be sent."""
        return now >= self._closed_until

    def capacity_at(self, now: float) -> float | None:
        """When the queue will have emptied."""
        return None if self.has_capacity(now) else self._closed_until

    def dead_at(self) -> float | None:
        """ICE finds out."""
        return None
