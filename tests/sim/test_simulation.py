"""2,000 courses of a consult with nothing wrong in any; and every planted bug is found by the same checker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.sim.courses import play
from tests.sim.planted import PLANTED
from tests.sim.world import simulate

SEEDS = 2_000
CHUNK = 250
SEEDS_FOR_A_BUG = 60


Played = Future[tuple[list[str], Counter[str]]]


@pytest.fixture(scope="module")
def courses() -> Iterator[dict[int, Played]]:
    """All chunks, played by as many processes as there are cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield {first: pool.submit(play, first, CHUNK) for first in range(0, SEEDS, CHUNK)}


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_nothing_is_wrong_with_any_course(first: int, courses: dict[int, Played]) -> None:
    wrong, counts = courses[first].result()
    assert not wrong, wrong[:3]
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
