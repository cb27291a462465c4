"""What is compiled when a machine is set up is all that pictures need: nobody waits for a compiler."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest

from consult.model.identifiers import SegmentationKey, SeriesKey
from consult.model.segmentations.layers import Layers
from consult.model.view import Camera, Fusion, Plane, Projection, ShownSegmentation, Volume, Window
from consult.rendering.planes import kernels
from consult.rendering.planes.fusion import render_fusion
from consult.rendering.planes.plane import Slab, render_plane
from consult.rendering.planes.volume import SAMPLED
from consult.rendering.segmentations import kernels as segmentations
from consult.rendering.segmentations.contours import Contour, ContourSet
from consult.rendering.segmentations.painting import Layer, with_segmentations
from consult.rendering.segmentations.regions import Region
from consult.rendering.segmentations.where import OnPlane
from consult.rendering.volume_rendering import kernels as volumes
from consult.rendering.volume_rendering.rays import render_volume
from consult.streaming.warming import warm
from tests.unit.rendering.planes.test_oracle import AXES, made
from tests.unit.rendering.segmentations.test_regions import (
    DOWN,
    GREY,
    RED,
    RIGHT,
    bits,
    drawn,
    grid,
    one_to_one,
    regions,
    square,
)

SIZE = (64, 48)
WINDOW = Window(40.0, 400.0)


@pytest.fixture(scope="module", autouse=True)
def set_up() -> None:
    """As a machine is set up: what is compiled there already is read from its cache."""
    warm()


def compiled() -> list[int]:
    """How many types of arguments each kernel is ready for."""
    ready: list[Any] = [kernels.draw, kernels.mix, kernels.blend, volumes.cast, volumes.extremes]
    ready += [getattr(segmentations, name) for name in ("mark", "lay", "blend", "flip_inside")]
    return [len(kernel.signatures) for kernel in ready]


@pytest.mark.parametrize("dtype", SAMPLED)
@pytest.mark.parametrize("projection", ["mean", "max", "min"])
def test_no_picture_of_a_plane_waits_for_the_compiler(dtype: str, projection: Projection) -> None:
    volume, geometry = made("axial", dtype)
    right, down = AXES["oblique from axial"]
    camera = Camera(geometry.middle, 60.0, right, down)
    known = compiled()
    for slab in (Slab(), Slab(10.0, projection)):
        greys = render_plane(volume, camera, WINDOW, SIZE, slab)
        assert np.ptp(greys) > 0
    fusion = Fusion(Plane(Volume(SeriesKey("a")), "axial"), Volume(SeriesKey("b")), WINDOW)
    render_fusion(greys, volume, fusion, camera, SIZE)
    assert compiled() == known


@pytest.mark.parametrize("dtype", SAMPLED)
def test_no_rendered_volume_waits_for_the_compiler(dtype: str) -> None:
    volume, geometry = made("axial", dtype)
    known = compiled()
    for coarse in (False, True):
        camera = Camera(geometry.middle, 60.0, *AXES["oblique from axial"])
        assert np.ptp(render_volume(volume, camera, "surface", WINDOW, SIZE, coarse=coarse)) > 0
    assert compiled() == known


@pytest.mark.parametrize("style", ["fill", "outline"])
def test_no_segmentation_waits_for_the_compiler(style: Literal["fill", "outline"]) -> None:
    """Seen to fail: data that is read-only, a part of a cover, and its outline were other types than those compiled."""
    masks = square(0, 0, 16), square(4, 4, 5)
    shares = Region(0, 2, 2, 2, 4, 4, "shares", bytes(range(100, 116)))
    labels = Region(0, 0, 2, 2, 1, 2, "labels", b"\1\0\2\0")
    known = compiled()
    for mask in masks:
        for what in (regions(bits(mask, 0), shares), regions(labels), regions(bits(mask, 0), outlined=True)):
            picture = drawn(what, 1, one_to_one(grid(), 1), (16, 16), style=style)
            assert (picture != GREY).any() or mask.all(), "what fills the picture has no outline in it"
    corners = np.array([(4.0, 4.0, 3.0), (9.0, 4.0, 3.0), (9.0, 9.0, 3.0)])
    contours = ContourSet(Layers(RIGHT, DOWN, (3.0, 6.0), 3.0), (Contour(0, 1, "closed", corners),))
    shown, where = ShownSegmentation(SegmentationKey("g-1"), style=style), OnPlane(SeriesKey("s-2"), grid())
    layer = Layer(contours, (RED,), shown, where, one_to_one(grid(), 1))
    assert (with_segmentations(np.full((16, 16), GREY, np.uint8), [layer], (16, 16)) != GREY).any()
    assert compiled() == known
