"""Many courses on nodes."""

from __future__ import annotations

from time import process_time

from tests.sim.courses import Played
from tests.sim.nodes.planted import PLANTED_NODES
from tests.sim.nodes.world import simulate_nodes

CHUNK = 50
SEEDS_FOR_A_BUG = 200


def play(first: int, count: int) -> Played:
    """Play the seeds from `first` on."""
    played, began = Played(), process_time()
    for seed in range(first, first + count):
        checker = simulate_nodes(seed)
        played.wrong += [f"seed {seed} on nodes: {violation}" for violation in checker.violations[:3]]
        played.counts.update(checker.counts)
        played.fewest_commands = min(played.fewest_commands, checker.commands)
    played.cpu_s = process_time() - began
    return played


def finds(bug: str, seed: int) -> bool:
    """Whether the checker finds it in that course."""
    return bool(simulate_nodes(seed, PLANTED_NODES[bug]).violations)


def first_that_finds(bug: str) -> int | None:
    """The first seed by which a planted bug is found."""
    return next((seed for seed in range(SEEDS_FOR_A_BUG) if finds(bug, seed)), None)
