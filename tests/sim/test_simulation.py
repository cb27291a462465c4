"""Courses of a consult with nothing wrong in any; and every planted bug is found by the same checker."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.sim.courses import BUGS, CHUNK, SEEDS_FOR_A_BUG, Played, finds, first_that_finds, played_beside
from tests.sim.planted_seeds import FOUND_BY
from tests.sim.world import COMMANDS, simulate

SEEDS = 200
"""As many as fit beside all other tests; `tools/simulate.py` plays 2,000, or as many as are asked for."""


@pytest.fixture(scope="module", autouse=True)
def courses() -> Iterator[dict[int, Future[Played]]]:
    """All chunks, under way while the planted bugs are looked for."""
    with played_beside(0, SEEDS) as chunks:
        yield chunks


@pytest.mark.parametrize("bug", BUGS)
def test_the_checker_finds_a_planted_bug(bug: str, pytestconfig: pytest.Config) -> None:
    """Where a change has moved its seed the new one is remembered for the next run: looking for it may take minutes."""
    assert pytestconfig.cache is not None
    key = f"planted/{bug}"
    if any(finds(bug, seed) for seed in {FOUND_BY.get(bug, 0): None, pytestconfig.cache.get(key, 0): None}):
        return
    found = first_that_finds(bug)
    assert found is not None, f"{bug}: not found in {SEEDS_FOR_A_BUG} seeds"
    pytestconfig.cache.set(key, found)


def test_a_seed_is_one_course() -> None:
    assert simulate(7).counts == simulate(7).counts


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_nothing_is_wrong_with_any_course(first: int, courses: dict[int, Future[Played]]) -> None:
    played = courses[first].result()
    assert not played.wrong, played.wrong[:3]
    # Something went on: a simulation in which nothing happens finds nothing.
    assert played.fewest_commands >= COMMANDS
    assert played.counts["takeovers"] > 2 * CHUNK
    assert played.counts["acknowledged"] > COMMANDS / 4 * CHUNK
    assert played.counts["shown"] > 10 * CHUNK
