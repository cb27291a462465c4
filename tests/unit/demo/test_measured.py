"""The product's own measuring finds in the demo what its makers put there: through files, grid, points and pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest

from consult.demo.make import make_demo
from consult.demo.studies import CURRENT, DemoStudy, truth
from consult.model.geometry import Grid, Vec, add
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.mark import Shape
from consult.rendering.marks.measure import length, sample

AORTA_BOTTOM_MM, NODULE_BOTTOM_MM = -46.0, 22.0
AORTA_SLICES, NODULE_SLICES = 16, 4
EDGE_HU = -400.0
"""Half-way between the lung and the nodule."""


def slices(bottom_mm: float, count: int) -> DemoStudy:
    """Some slices of the current study."""
    fields = {name: getattr(CURRENT, name) for name in CURRENT.__dataclass_fields__}
    return DemoStudy(**{**fields, "bottom_mm": bottom_mm, "slices": count, "reformats": False})


def nearest(folder: Path, z: float) -> tuple[Image, Grid]:
    """The image of a series at a place, as the product sees it: stored values, rescale and grid."""
    found = min((pydicom.dcmread(p) for p in folder.glob("*.dcm")), key=lambda d: abs(d.ImagePositionPatient[2] - z))
    x, y, at = (float(v) for v in found.ImagePositionPatient)
    rows, columns = (float(v) for v in found.PixelSpacing)
    right, down = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    grid = Grid("patient", found.Rows, found.Columns, rows, columns, "mm", right, down, ((x, y, at),))
    return Image(found.pixel_array, float(found.RescaleSlope), float(found.RescaleIntercept)), grid


def probe(image: Image, grid: Grid, at: Vec) -> float:
    """The value at a point."""
    shape = Shape(id="p", kind="probe", series=SeriesKey("s"), image=0, points=(at,))
    found = sample(image, grid, 0, shape)
    assert found is not None
    return found.mean


@pytest.fixture(scope="module")
def aorta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of a few slices through the descending aorta."""
    folder = tmp_path_factory.mktemp("aorta") / "studies"
    make_demo(folder, lambda done, total: None, studies=(slices(AORTA_BOTTOM_MM, AORTA_SLICES),))
    return folder / "current"


@pytest.fixture(scope="module")
def nodule(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo of a few slices through the nodule."""
    folder = tmp_path_factory.mktemp("nodule") / "studies"
    make_demo(folder, lambda done, total: None, studies=(slices(NODULE_BOTTOM_MM, NODULE_SLICES),))
    return folder / "current"


def test_an_ellipse_in_the_aorta_has_its_density(aorta: Path) -> None:
    """The mean of a few images: one of them alone has noise of about 1 HU on its mean."""
    means = []
    for z in np.arange(-14.0, 16.0, 4.0):
        x, y, at = truth().aorta_centre["current"]
        image, grid = nearest(aorta / "soft", at + z)
        centre = (x, y, grid.positions[0][2])
        points = (centre, add(centre, (8.0, 0.0, 0.0)), add(centre, (0.0, 7.0, 0.0)))
        found = sample(image, grid, 0, Shape(id="e", kind="ellipse", series=SeriesKey("s"), image=0, points=points))
        assert found is not None
        assert abs(found.sd - truth().noise_hu) <= 4.0
        means.append(found.mean)
    assert abs(float(np.mean(means)) - truth().aorta_hu) <= 1.0


def test_a_length_across_the_nodule_is_its_size(nodule: Path) -> None:
    """From edge to edge to the patient's right and left, where the makers put its outermost lobes."""
    centre = truth().nodule_centre["current"]
    image, grid = nearest(nodule / "lung", centre[2])
    centre = (centre[0], centre[1], grid.positions[0][2])

    def edge(sign: int) -> Vec:
        """Where the line of pixels crosses the edge's value, between two of them."""
        column, row = grid.pixel(0, centre)
        steps = [round(column) + sign * n for n in range(40)]
        values = [probe(image, grid, grid.point(0, c, row)) for c in steps]
        n = next(n for n, value in enumerate(values) if value < EDGE_HU)
        share = (values[n - 1] - EDGE_HU) / (values[n - 1] - values[n])
        return grid.point(0, steps[n - 1] + sign * share, row)

    assert abs(length((edge(-1), edge(1))) - truth().nodule_mm["current"]) <= 0.5
