"""In any second so many packets and bytes, and no more, however they are spread."""

from __future__ import annotations

import random

from consult.media.rtp.ration import Ration


def test_in_no_second_is_more_taken() -> None:
    rng, ration, taken = random.Random(3), Ration(10, 1000), []
    now = 0.0
    for _ in range(5000):
        now += rng.choice((0.0, 0.001, 0.05))
        size = rng.randrange(300)
        if ration.take(size, now):
            taken.append((now, size))
    for at, _ in taken:
        window = [size for other, size in taken if at - 1.0 < other <= at]
        assert len(window) <= 10
        assert sum(window) <= 1000
    assert len(taken) > 500


def test_what_is_below_it_passes_whole() -> None:
    ration = Ration(100, 16_000)
    assert all(ration.take(80, n * 0.02) for n in range(1000))
