"""Findings, as solids."""

from __future__ import annotations

import numpy as np
import pytest

from consult.demo.anatomy import paint
from consult.demo.anatomy.lesions import METASTASIS_HU, NODULE_CENTRE, NODULE_HU, Findings, lesions


@pytest.mark.parametrize("size", [22.0, 14.0])
def test_the_body_of_the_nodule_fills_its_sphere_and_spicules_leave_it(size: float) -> None:
    rows = np.array(lesions(Findings(size, 11.0, 0.0)))
    body = rows[(rows[:, paint.KIND] == paint.ELLIPSOID) & (rows[:, paint.HU] == NODULE_HU)]
    reach = np.linalg.norm(body[:, paint.X0 : paint.Z0 + 1] - NODULE_CENTRE, axis=1) + body[:, paint.R0]
    assert reach.max() == pytest.approx(size / 2)
    tubes = rows[rows[:, paint.KIND] == paint.TUBE]
    ends = np.linalg.norm(tubes[:, paint.X1 : paint.Z1 + 1] - NODULE_CENTRE, axis=1)
    assert (ends > size / 2 * 1.25).sum() > 15


def test_findings_keep_their_size() -> None:
    rows = np.array(lesions(Findings(22.0, 11.0, 18.0)))
    assert np.all(rows[:, paint.STRAIGHT] == 1)


def test_no_lesion_where_there_is_none_yet() -> None:
    before, now = (np.array(lesions(Findings(14.0, 7.0, size))) for size in (0.0, 18.0))
    assert METASTASIS_HU not in before[:, paint.HU]
    assert now[now[:, paint.HU] == METASTASIS_HU][0, paint.R0] == 9.0
