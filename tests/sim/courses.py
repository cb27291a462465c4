"""Many courses, by as many processes as there are cores."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from time import process_time

from tests.sim.planted import PLANTED
from tests.sim.planted_boards import PLANTED_BOARDS
from tests.sim.planted_doors import PLANTED_DOORS
from tests.sim.planted_record import PLANTED_RECORD
from tests.sim.world import simulate

CHUNK = 100
BUGS = PLANTED | PLANTED_RECORD | PLANTED_DOORS | PLANTED_BOARDS
SEEDS_FOR_A_BUG = 600


@dataclass
class Played:
    """What was wrong with some courses, how often what went on in them, and the processor's seconds they took."""

    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    fewest_commands: int = 1_000_000
    cpu_s: float = 0.0


def play(first: int, count: int) -> Played:
    """Play the seeds from `first` on."""
    played, began = Played(), process_time()
    for seed in range(first, first + count):
        checker = simulate(seed)
        played.wrong += [f"seed {seed}: {violation}" for violation in checker.violations[:3]]
        played.counts.update(checker.counts)
        played.fewest_commands = min(played.fewest_commands, checker.commands)
    played.cpu_s = process_time() - began
    return played


def finds(bug: str, seed: int) -> bool:
    """Whether the checker finds it in that course."""
    return bool(simulate(seed, BUGS[bug]).violations)


def first_that_finds(bug: str) -> int | None:
    """The first seed by which a planted bug is found."""
    return next((seed for seed in range(SEEDS_FOR_A_BUG) if finds(bug, seed)), None)


@contextmanager
def played_beside(
    first: int, seeds: int, play: Callable[[int, int], Played] = play
) -> Iterator[dict[int, Future[Played]]]:
    """Chunks of courses under way, by their first seed; most of what else runs here goes before them."""
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=os.nice, initargs=(5,)) as pool:
        chunks = range(first, first + seeds, CHUNK)
        try:
            yield {at: pool.submit(play, at, min(CHUNK, first + seeds - at)) for at in chunks}
        finally:
            pool.shutdown(cancel_futures=True)
