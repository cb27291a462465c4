"""The renderer against SimpleITK, on a real series of ../shared/data."""

from __future__ import annotations

import csv
import importlib
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.model.geometry import Grid, Vec
from consult.model.image import Image
from consult.model.view import Camera, Window
from consult.rendering.stack import render_viewport

DATA = Path(__file__).parents[4] / "shared" / "data"
SERIES = "ct_head_invesalius_cranium"
SIZE = (300, 280)


@pytest.fixture(scope="module")
def volume() -> Any:
    """The series as SimpleITK reads it."""
    if not DATA.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{DATA} is missing")
        pytest.skip(f"{DATA} is not here")
    sitk: Any = importlib.import_module("SimpleITK")
    names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(DATA / "demo" / SERIES))
    return sitk.Cast(sitk.ReadImage(names), sitk.sitkFloat32)


def stack_of(volume: Any) -> tuple[Grid, Any]:
    """(grid, (slice, row, column) values)."""
    sitk: Any = importlib.import_module("SimpleITK")
    columns, rows, count = volume.GetSize()
    direction = volume.GetDirection()
    right, down = direction[0::3], direction[1::3]
    positions = tuple(volume.TransformIndexToPhysicalPoint((0, 0, i)) for i in range(count))
    spacing = volume.GetSpacing()
    grid = Grid("patient", rows, columns, spacing[1], spacing[0], "mm", right, down, positions)
    return grid, sitk.GetArrayFromImage(volume)


def turned(degrees: float) -> tuple[Vec, Vec]:
    """Axial right and down, turned."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (c, s, 0.0), (-s, c, 0.0)


@pytest.mark.parametrize(("degrees", "radius"), [(0.0, 70.0), (90.0, 61.0), (25.0, 83.0), (180.0, 101.0)])
def test_a_magnified_slice_is_what_simpleitk_resamples(volume: Any, degrees: float, radius: float) -> None:
    sitk: Any = importlib.import_module("SimpleITK")
    grid, values = stack_of(volume)
    index, window = 60, Window(40.0, 400.0)
    right, down = turned(degrees)
    camera = Camera(grid.centre(index), radius, right, down)
    step = 2 * radius / min(SIZE)
    corner = [camera.center[i] - (right[i] * (SIZE[0] - 1) + down[i] * (SIZE[1] - 1)) / 2 * step for i in range(3)]
    resample = sitk.ResampleImageFilter()
    resample.SetSize((*SIZE, 1))
    resample.SetOutputOrigin(corner)
    resample.SetOutputSpacing((step, step, 1.0))
    resample.SetOutputDirection((right[0], down[0], 0, right[1], down[1], 0, 0, 0, 1))
    resample.SetInterpolator(sitk.sitkLinear)
    resample.SetDefaultPixelValue(-1e6)
    wanted = sitk.GetArrayFromImage(resample.Execute(volume))[0]
    drawn = render_viewport(Image(values[index]), grid, index, camera, window, SIZE)
    inside = wanted > -1e5
    greys = np.clip((wanted - 39.5) / 399.0 * 255 + 127.5, 0, 255)
    assert inside.mean() > 0.9
    assert np.abs(drawn - greys)[inside].max() <= 0.51 + 0.1 * 255 / 399


def test_points_of_the_table(volume: Any) -> None:
    """points.tsv: values at points that lie on a slice; a viewport of one pixel looks at each."""
    grid, values = stack_of(volume)
    with (DATA / "points.tsv").open() as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["series"] == SERIES]
    seen = 0
    for row in rows:
        point = (float(row["x"]), float(row["y"]), float(row["z"]))
        index = grid.nearest(point[2])
        if abs(grid.location(index) - point[2]) > 0.01 or not -1000 < float(row["value"]) < 3000:
            continue
        camera = Camera(point, grid.column_spacing / 2, *turned(0))
        image = Image(values[index], voi_function="LINEAR_EXACT")
        grey = render_viewport(image, grid, index, camera, Window(float(row["value"]), 25.5), (1, 1))[0, 0]
        assert abs((grey - 127.5) / 10.0) <= 0.05 + 0.1 + 0.05, row
        seen += 1
    assert seen >= 5
