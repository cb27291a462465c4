"""Branching vessels: trees that grow from a hilum to points all over an organ, thick where much hangs on them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from consult.demo.anatomy.paint import F64
from consult.demo.anatomy.solids import Point, as_point, tube
from consult.rendering.compiled import kernel

Inside = Callable[[F64], NDArray[np.bool_]]
Tree = tuple[F64, NDArray[np.int64]]
"""(nodes (m, 3) mm, parent of each (m,)); node 0 is the root, its parent -1; a parent comes before its children."""
MURRAY = 1 / 2.5
"""Radius grows with the number of leaves to this power (Murray's law says 1/3, lungs are measured a little above)."""


def scatter(inside: Inside, box: tuple[Point, Point], count: int, seed: int) -> F64:
    """Points all over an organ, (count, 3).

    Args:
        inside: (n, 3) mm to (n,) bool.
        box: its lowest and highest corner.
        count: points.
        seed: of the choice.
    """
    rng = np.random.default_rng(seed)
    found = np.empty((0, 3))
    while len(found) < count:
        some = rng.uniform(box[0], box[1], (count * 3, 3))
        found = np.vstack([found, some[inside(some)]])
    return found[:count]


def grow(hilum: Point, targets: F64, stretch: float = 0.35) -> Tree:
    """A tree over the targets, nearest first: each hangs on the node that makes it and its whole path shortest.

    Args:
        hilum: the root.
        targets: (n, 3) mm.
        stretch: how much the length of the path back to the root counts.

    Returns:
        The tree. Between a target and where it hangs lies a node of its
        own, so that branches leave at an angle.
    """
    order = np.argsort(np.linalg.norm(targets - np.asarray(hilum), axis=1))
    nodes = np.empty((2 * len(targets) + 1, 3))
    nodes[0] = hilum
    return nodes, _hang(nodes, targets[order], stretch)


@kernel
def _hang(nodes: F64, targets: F64, stretch: float) -> NDArray[np.int64]:
    """Fill nodes 1, 2, ... with a bend and a target each; returns the parents."""
    parent, length = np.full(len(nodes), -1), np.zeros(len(nodes))
    count = 1
    for target in targets:
        best, least = 0, np.inf
        for k in range(count):
            dx, dy, dz = nodes[k, 0] - target[0], nodes[k, 1] - target[1], nodes[k, 2] - target[2]
            cost = math.sqrt(dx * dx + dy * dy + dz * dz) + stretch * length[k]
            if cost < least:
                best, least = k, cost
        bend = 0.55 * nodes[best] + 0.45 * target
        if parent[best] >= 0:
            bend += 0.22 * (nodes[best] - nodes[parent[best]])
        nodes[count], parent[count] = bend, best
        length[count] = length[best] + np.sqrt(((bend - nodes[best]) ** 2).sum())
        nodes[count + 1], parent[count + 1] = target, count
        length[count + 1] = length[count] + np.sqrt(((target - bend) ** 2).sum())
        count += 2
    return parent


def branches(tree: Tree, radii: tuple[float, float], hu: float, where: int, *, thin: float = 0.0) -> list[F64]:
    """Tubes of a tree.

    Args:
        tree: of `grow`.
        radii: (of a leaf, at most), mm.
        hu: inside.
        where: labels they are limited to.
        thin: taken off every radius (the inside of what has a wall).
    """
    nodes, parent = tree
    leaves = np.zeros(len(nodes))
    leaves[np.setdiff1d(np.arange(len(nodes)), parent)] = 1
    for child in range(len(nodes) - 1, 0, -1):
        leaves[parent[child]] += leaves[child]
    radius = np.minimum(radii[0] * leaves**MURRAY, radii[1]) - thin
    return [
        tube(as_point(nodes[parent[k]]), as_point(nodes[k]), _radii(radius, parent, k), hu, where=where)
        for k in range(1, len(nodes))
        if radius[k] > 0.25
    ]


def _radii(radius: F64, parent: NDArray[np.int64], child: int) -> tuple[float, float]:
    """A branch starts little thicker than it goes on, however thick the stem is."""
    return float(min(radius[parent[child]], radius[child] * 1.25)), float(radius[child])
