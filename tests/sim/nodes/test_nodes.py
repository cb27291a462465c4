"""Courses of a consult on three nodes with nothing wrong in any; and every planted bug of nodes is found."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.sim.courses import Played
from tests.sim.nodes.courses import CHUNK, finds, first_that_finds, play
from tests.sim.nodes.planted import PLANTED_NODES
from tests.sim.nodes.planted_seeds import FOUND_BY
from tests.sim.nodes.world import NODE_COMMANDS, simulate_nodes

SEEDS = 300
"""`tools/simulate.py` plays 2,000, or as many as are asked for."""


@pytest.fixture(scope="module", autouse=True)
def courses() -> Iterator[dict[int, Future[Played]]]:
    """All chunks, under way while the planted bugs are looked for."""
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=os.nice, initargs=(5,)) as pool:
        try:
            yield {first: pool.submit(play, first, CHUNK) for first in range(0, SEEDS, CHUNK)}
        finally:
            pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("bug", PLANTED_NODES)
def test_the_checker_finds_a_planted_bug(bug: str) -> None:
    assert finds(bug, FOUND_BY.get(bug, 0)) or first_that_finds(bug) is not None


def test_a_seed_is_one_course() -> None:
    assert simulate_nodes(7).counts == simulate_nodes(7).counts


def test_nothing_is_wrong_with_any_course(courses: dict[int, Future[Played]]) -> None:
    played = [course.result() for course in courses.values()]
    wrong = [sentence for each in played for sentence in each.wrong]
    assert not wrong, wrong[:3]
    counts = sum((each.counts for each in played), Counter[str]())
    # Something went on: a simulation in which nothing happens finds nothing.
    assert counts["commands"] > SEEDS * NODE_COMMANDS / 2
    assert counts["takeovers"] > SEEDS
    assert counts["acknowledged"] > SEEDS * NODE_COMMANDS / 8
    assert counts["entries lost"] > 0
    assert counts["damage found"] > 0
