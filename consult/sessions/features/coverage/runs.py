"""Sets of images as runs: (first, last), both of the set, ascending, with an image between two of them.

The twin of web/js/core/coverage/runs.js; `tests/runs.json` holds both to the same sets.
"""

from __future__ import annotations

from collections.abc import Sequence

Runs = tuple[tuple[int, int], ...]


def is_runs(runs: Sequence[tuple[int, int]]) -> bool:
    """Whether they are a set of images, in its one form."""
    ends = [-2, *(last for _, last in runs)]
    return all(before + 1 < first <= last for before, (first, last) in zip(ends, runs, strict=False))


def united(one: Runs, other: Runs, most: int) -> Runs:
    """All images of both. Of more than `most` runs the shortest are left out: fewer images are named, never others."""
    found: list[tuple[int, int]] = []
    for first, last in sorted((*one, *other)):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    longest = sorted(found, key=lambda run: run[0] - run[1])[:most]
    return tuple(sorted(longest))
