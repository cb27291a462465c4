"""Branching vessels."""

from __future__ import annotations

import numpy as np
import pytest

from consult.demo.anatomy import paint
from consult.demo.anatomy.trees import branches, grow, scatter


def targets(count: int = 60) -> paint.F64:
    """Points in a ball of 40 mm."""
    return scatter(lambda p: np.asarray((p**2).sum(axis=1) < 1600), ((-40, -40, -40), (40, 40, 40)), count, 3)


def test_points_are_inside_and_always_the_same() -> None:
    assert targets().shape == (60, 3)
    assert np.all((targets() ** 2).sum(axis=1) < 1600)
    assert np.array_equal(targets(), targets())


def test_a_tree_reaches_every_target_from_the_root() -> None:
    nodes, parent = grow((45, 0, 0), targets())
    assert parent[0] == -1
    assert np.all(parent[1:] < np.arange(1, len(nodes)))
    for target in targets():
        assert np.min(np.abs(nodes - target).sum(axis=1)) < 1e-9


def test_stems_are_thicker_than_twigs() -> None:
    tree = grow((45, 0, 0), targets())
    rows = np.array(branches(tree, (0.5, 6.0), 50.0, paint.LUNG))
    stems = rows[rows[:, paint.X0] == 45.0]
    leaves = ((stems[:, paint.R1] / 0.5) ** 2.5).sum()
    assert leaves == pytest.approx(len(np.setdiff1d(np.arange(len(tree[0])), tree[1])))
    assert stems[:, paint.R0].max() > 2.5 * 0.5
    assert rows[:, paint.R1].min() == 0.5
    assert np.array(branches(tree, (0.5, 1.2), 50.0, paint.LUNG))[:, paint.R0].max() <= 1.2


def test_the_inside_of_thin_twigs_is_left_out() -> None:
    tree = grow((45, 0, 0), targets())
    rows = branches(tree, (0.5, 6.0), -900.0, paint.LUNG, thin=0.4)
    assert 0 < len(rows) < len(branches(tree, (0.5, 6.0), 50.0, paint.LUNG))
