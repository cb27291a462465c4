"""Many courses, in a process of their own."""

from __future__ import annotations

from collections import Counter

from tests.sim.world import simulate


def play(first: int, count: int) -> tuple[list[str], Counter[str]]:
    """Play the seeds from `first` on: what was wrong with them, and how often what went on."""
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    for seed in range(first, first + count):
        checker = simulate(seed)
        wrong += [f"seed {seed}: {violation}" for violation in checker.violations[:3]]
        counts.update(checker.counts)
    return wrong, counts
