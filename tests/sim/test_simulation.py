"""2,000 courses of a consult with nothing wrong in any; and every planted bug is found by the same checker."""

from __future__ import annotations

import pytest

from tests.sim.planted import PLANTED
from tests.sim.world import simulate

SEEDS = 2_000
CHUNK = 250
SEEDS_FOR_A_BUG = 60


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_nothing_is_wrong_with_any_course(first: int) -> None:
    counts: dict[str, int] = {}
    for seed in range(first, first + CHUNK):
        checker = simulate(seed)
        assert not checker.violations, f"seed {seed}: {checker.violations[:3]}"
        for name, count in checker.counts.items():
            counts[name] = counts.get(name, 0) + count
    # Something went on: a simulation in which nothing happens finds nothing.
    assert counts["takeovers"] > 2 * CHUNK
    assert counts["acknowledged"] > 10 * CHUNK
    assert counts["shown"] > 10 * CHUNK


@pytest.mark.parametrize("bug", PLANTED)
def test_the_checker_finds_a_planted_bug(bug: str) -> None:
    found = any(simulate(seed, PLANTED[bug]).violations for seed in range(SEEDS_FOR_A_BUG))
    assert found, f"{bug}: not found in {SEEDS_FOR_A_BUG} seeds"


def test_a_seed_is_one_course() -> None:
    assert simulate(7).counts == simulate(7).counts
