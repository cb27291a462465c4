"""Takes 50 times what `make test` takes: `.venv/bin/python -m tools.fuzz [--times N] [--first SEED] [--only PART]`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tools.fuzz.courses import COURSES, SHARE


def main() -> int:
    """Take them, print what became of them; 1 where something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="how many times what `make test` takes")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--only", choices=tuple(COURSES), help="one part alone")
    asked, wrong = parser.parse_args(), 0
    for name in (asked.only,) if asked.only else COURSES:
        inputs, cpu_s, grown, outcomes = 0, 0.0, [], dict[str, int]()
        for seed in range(asked.first, asked.first + asked.times):
            found = asyncio.run(COURSES[name](seed, SHARE[name]))
            inputs, cpu_s = inputs + found.inputs, cpu_s + found.cpu_s
            grown.append(found.grown_mib)
            wrong += len(found.problems)
            for outcome, times in found.outcomes.items():
                outcomes[outcome] = outcomes.get(outcome, 0) + times
            print(*(f"{name}, seed {seed}: {problem}" for problem in found.problems), sep="\n", end="")
        counted = ", ".join(f"{times} {outcome}" for outcome, times in sorted(outcomes.items(), key=lambda o: -o[1]))
        second_half = sum(grown[len(grown) // 2 :])
        print(f"{name}: {inputs} in {cpu_s:.0f} s of CPU; {counted}; {second_half:.1f} MiB grown in the second half")
    print(f"{wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
