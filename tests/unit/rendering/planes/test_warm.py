"""What is compiled when a machine is set up is all that pictures need: nobody waits for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from consult.app import warm
from consult.model.identifiers import SeriesKey
from consult.model.view import Camera, Fusion, Plane, Projection, Volume, Window
from consult.rendering.planes import kernels
from consult.rendering.planes.fusion import render_fusion
from consult.rendering.planes.plane import Slab, render_plane
from consult.rendering.planes.volume import SAMPLED
from tests.unit.rendering.planes.test_oracle import AXES, made

SIZE = (64, 48)
WINDOW = Window(40.0, 400.0)


@pytest.fixture(scope="module", autouse=True)
def set_up() -> None:
    """As a machine is set up: what is compiled there already is read from its cache."""
    warm()


def compiled() -> list[int]:
    """How many types of arguments each kernel is ready for."""
    ready: list[Any] = [kernels.draw, kernels.blend]
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
