"""Plays many courses of the simulated consult: `.venv/bin/python -m tools.simulate [SEEDS] [--first SEED]`,
of one on three nodes with `--nodes`.

With `--planted` it prints the table of `tests/sim/planted_seeds.py`, or of `tests/sim/nodes/planted_seeds.py`, instead.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from time import monotonic

from tests.sim.courses import BUGS, first_that_finds, play, played_beside
from tests.sim.nodes.courses import first_that_finds as first_on_nodes
from tests.sim.nodes.courses import play as play_nodes
from tests.sim.nodes.planted import PLANTED_NODES


def main() -> int:
    """Play them, print what was wrong and what it took; 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="?", default=2_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--nodes", action="store_true", help="on three nodes with one store")
    parser.add_argument("--planted", action="store_true", help="of each planted bug the first seed that finds it")
    asked = parser.parse_args()
    if asked.planted:
        if asked.nodes:
            return print_planted(PLANTED_NODES, first_on_nodes)
        return print_planted(BUGS, first_that_finds)
    began, cpu_s, wrong, counts = monotonic(), 0.0, 0, Counter[str]()
    with played_beside(asked.first, asked.seeds, play_nodes if asked.nodes else play) as chunks:
        for chunk in chunks.values():
            played = chunk.result()
            cpu_s += played.cpu_s
            wrong += len(played.wrong)
            counts.update(played.counts)
            print(*played.wrong, sep="\n", end="\n" if played.wrong else "")
    means = ", ".join(f"{total / asked.seeds:.0f} {what}" for what, total in counts.items())
    print(f"{asked.seeds} seeds in {monotonic() - began:.0f} s ({cpu_s:.0f} s of processors); a course: {means}")
    return 1 if wrong else 0


def print_planted(bugs: Iterable[str], find: Callable[[str], int | None]) -> int:
    """Of each planted bug the first seed that finds it."""
    names = list(bugs)
    with ProcessPoolExecutor() as pool:
        for bug, seed in zip(names, pool.map(find, names), strict=True):
            print(f'    "{bug}": {seed},')
    return 0


if __name__ == "__main__":
    sys.exit(main())
