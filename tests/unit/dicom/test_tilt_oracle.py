"""Points of a tilted stack in the patient, against SimpleITK reading the same files.

SimpleITK takes a series for a box, whose third axis is the normal: a sheared stack is compared image by image.
"""

from __future__ import annotations

import importlib
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.dicom.reading.file_reader import read_file
from consult.dicom.stacks import build_stacks
from consult.model.geometry import norm, subtract
from tests.support.dicom_files import ct, write

WORST_MM = 0.0001
SIZE, SPACING, STEP = 16, (0.4883, 0.9766), 4.8


@pytest.mark.parametrize("degrees", [15.0, -23.5])
def test_points_of_a_tilted_stack_lie_where_simpleitk_has_them(tmp_path: Path, degrees: float) -> None:
    sitk: Any = importlib.import_module("SimpleITK")
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for n in range(6):
        image = ct(
            Rows=SIZE, Columns=SIZE, PixelData=np.zeros((SIZE, SIZE), "<i2").tobytes(),
            ImagePositionPatient=[-125.5, f"{-130.25 + 0.1 * n:.4f}", f"{STEP * n - 60:.4f}"],
            ImageOrientationPatient=[1, 0, 0, 0, f"{c:.8f}", f"{-s:.8f}"], PixelSpacing=list(SPACING),
            InstanceNumber=n + 1,
        )  # fmt: skip
        write(image, tmp_path / f"{n}.dcm")
    paths = {record.frames[0].file: path for path in tmp_path.glob("*.dcm") for record in [read_file(str(path))]}
    (stack,) = build_stacks([read_file(str(path)) for path in sorted(tmp_path.glob("*.dcm"))])
    grid = stack.series.grid
    assert (stack.series.places, stack.series.note) == (6, "")
    worst = 0.0
    for place, frame in enumerate(stack.frames):
        reference = sitk.ReadImage(str(paths[frame.file]))
        for column, row in ((0, 0), (SIZE - 1, 0), (0, SIZE - 1), (7, 11)):
            point = grid.point(place, column, row)
            worst = max(worst, norm(subtract(point, reference.TransformIndexToPhysicalPoint((column, row, 0)))))
            assert grid.pixel(place, point) == pytest.approx((column, row), abs=1e-6)
    assert worst <= WORST_MM
