"""Values of a volume's own voxels, against every voxel tried one by one; and lengths across planes."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from consult.model.geometry import Vec, add, cross, dot, norm, scale, subtract
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.mark import MarkKind, Shape
from consult.model.planes.acts import rotation
from consult.model.planes.volume import volume_geometry
from consult.model.view import Camera, Window
from consult.rendering.affine import mm_per_pixel
from consult.rendering.marks.measure import length
from consult.rendering.planes.native import PEAK_RADIUS_MM, sample_volume
from consult.rendering.planes.plane import render_plane
from consult.rendering.planes.volume import VolumeArray, build
from tests.support.volumes import GRIDS, volume_grid, volume_series

DICE = np.random.default_rng(9)


def volume(name: str) -> VolumeArray:
    grid = GRIDS[name]
    stored = DICE.integers(0, 1000, (len(grid.positions), grid.rows, grid.columns)).astype(np.int16)
    images = [Image(layer, slope=2.0, intercept=-100.0) for layer in stored]
    return build(images, volume_geometry(volume_series(grid)))


def shape(kind: MarkKind, *points: Vec) -> Shape:
    return Shape(id="m", kind=kind, series=SeriesKey("s"), image=0, points=points, in_space=True)


def by_hand(array: VolumeArray, centre: Vec, one: Vec, other: Vec) -> list[float]:
    """Every voxel whose centre lies over the ellipse, and that has corners on both sides of its plane."""
    normal = cross(one, other)
    normal = scale(normal, 1 / norm(normal))
    steps = array.geometry.across, array.geometry.along, array.geometry.through
    corners = [sum(sign * dot(step, normal) / 2 for sign, step in zip(signs, steps, strict=True))
               for signs in product((-1, 1), repeat=3)]  # fmt: skip
    half = max(corners)
    found = []
    for k, j, i in product(*map(range, array.voxels.shape)):
        offset = subtract(array.geometry.point((float(i), float(j), float(k))), centre)
        inside = sum((dot(offset, axis) / dot(axis, axis)) ** 2 for axis in (one, other))
        if inside <= 1 + 1e-9 and -half - 1e-9 < dot(offset, normal) <= half - 1e-9:
            found.append(float(array.voxels[k, j, i]) * 2.0 - 100.0)
    return found


@pytest.mark.parametrize("name", GRIDS)
def test_an_ellipse_reads_the_voxels_whose_centres_it_holds(name: str) -> None:
    array = volume(name)
    centre = add(array.geometry.middle, (0.4, -0.3, 0.2))
    turn = rotation((0.6, 0.0, 0.8), 40.0)
    for right, down in (((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), (turn((1.0, 0.0, 0.0)), turn((0.0, 1.0, 0.0)))):
        one, other = scale(right, 9.0), scale(down, 6.0)
        values = by_hand(array, centre, one, other)
        assert len(values) > 10
        found = sample_volume(array, shape("ellipse", centre, add(centre, one), add(centre, other)))
        assert found is not None
        assert (found.voxels, found.low, found.high) == (len(values), min(values), max(values))
        assert found.mean == pytest.approx(np.mean(values))
        assert found.sd == pytest.approx(np.std(values))


@pytest.mark.parametrize("name", GRIDS)
def test_a_contour_reads_the_voxels_whose_centres_it_holds(name: str) -> None:
    """A polygon of 120 corners around an ellipse reads what the ellipse reads, but for voxels at its very rim."""
    array = volume(name)
    centre = add(array.geometry.middle, (0.4, -0.3, 0.2))
    turn = rotation((0.6, 0.0, 0.8), 40.0)
    for right, down in (((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), (turn((1.0, 0.0, 0.0)), turn((0.0, 1.0, 0.0)))):
        one, other = scale(right, 9.0), scale(down, 6.0)
        turns = [2 * math.pi * i / 120 for i in range(120)]
        rim = [add(centre, add(scale(one, math.cos(t)), scale(other, math.sin(t)))) for t in turns]
        round_one = sample_volume(array, shape("ellipse", centre, add(centre, one), add(centre, other)))
        found = sample_volume(array, shape("freehand", *rim))
        assert found is not None
        assert round_one is not None
        assert abs(found.voxels - round_one.voxels) <= 2
        assert found.mean == pytest.approx(round_one.mean, rel=0.05, abs=30)


@pytest.mark.parametrize("name", GRIDS)
def test_a_rectangle_reads_the_voxels_of_its_layer(name: str) -> None:
    array = volume(name)
    k, j, i = 5, 8, 9
    corners = [(i - 0.4, j - 0.4), (i + 3.4, j - 0.4), (i + 3.4, j + 2.4), (i - 0.4, j + 2.4)]
    points = [array.geometry.point((x, y, float(k))) for x, y in corners]
    found = sample_volume(array, shape("polygon", *points))
    block = array.voxels[k, j : j + 3, i : i + 4].astype(np.float64) * 2.0 - 100.0
    assert found is not None
    assert (found.voxels, found.low, found.high) == (12, block.min(), block.max())
    assert found.mean == pytest.approx(block.mean())


def test_a_contour_that_crosses_itself_reads_nothing() -> None:
    array = volume("axial")
    eight = [array.geometry.point((x, y, 5.0)) for x, y in ((5, 5), (15, 15), (15, 5), (5, 15))]
    assert sample_volume(array, shape("freehand", *eight)) is None


@pytest.mark.parametrize("name", GRIDS)
def test_a_probe_reads_the_voxel_that_holds_it(name: str) -> None:
    array = volume(name)
    for voxel in ((3, 5, 7), (0, 0, 0), (11, 20, 25)):
        k, j, i = voxel
        point = array.geometry.point((i + 0.3, j - 0.4, k + 0.2))
        found = sample_volume(array, shape("probe", point))
        assert found is not None
        assert (found.voxels, found.mean) == (1, array.voxels[voxel] * 2.0 - 100.0)


def test_outside_there_are_no_values_and_a_tiny_ellipse_reads_the_voxel_below_it() -> None:
    array = volume("axial")
    assert sample_volume(array, shape("probe", (900.0, 0.0, 0.0))) is None
    far = (900.0, 0.0, 0.0)
    assert sample_volume(array, shape("ellipse", far, add(far, (1, 0, 0)), add(far, (0, 1, 0)))) is None
    at = array.geometry.point((5.4, 5.4, 5.0))
    tiny = sample_volume(array, shape("ellipse", at, add(at, (0.01, 0, 0)), add(at, (0, 0.01, 0))))
    probe = sample_volume(array, shape("probe", at))
    assert tiny == probe


def test_the_peak_is_the_largest_mean_of_a_sphere_of_one_ml() -> None:
    assert 4 / 3 * math.pi * PEAK_RADIUS_MM**3 == pytest.approx(1000.0)
    array = volume("anisotropic")
    centre = array.geometry.middle
    ellipse = shape("ellipse", centre, add(centre, (6.0, 0.0, 0.0)), add(centre, (0.0, 5.0, 0.0)))
    found = sample_volume(array, ellipse, peak=True)
    assert found is not None
    points = {
        voxel: array.geometry.point((float(voxel[2]), float(voxel[1]), float(voxel[0])))
        for voxel in product(*map(range, array.voxels.shape))
    }
    layer = [point for point in points.values() if -3.5 <= point[2] - centre[2] < 3.5]
    inside = [p for p in layer if ((p[0] - centre[0]) / 6) ** 2 + ((p[1] - centre[1]) / 5) ** 2 <= 1]
    spheres = [
        np.mean([array.voxels[v] * 2.0 - 100 for v, p in points.items() if norm(subtract(p, at)) <= PEAK_RADIUS_MM])
        for at in inside
    ]
    assert found.voxels == len(inside)
    assert found.peak == pytest.approx(max(spheres))


@pytest.mark.parametrize("name", GRIDS)
def test_a_length_across_planes_is_right_within_half_a_millimetre(name: str) -> None:
    """Two balls are found in two pictures of different planes; their distance is known by construction."""
    grid = GRIDS[name]
    geometry = volume_geometry(volume_series(grid))
    middle = geometry.middle
    balls = add(middle, (9.0, -6.0, 7.0)), add(middle, (-11.0, 8.0, -9.0))
    index = np.indices(geometry.shape).reshape(3, -1)
    axes = np.array([geometry.through, geometry.along, geometry.across])
    points = np.array(geometry.origin) + index.T @ axes
    blur = max(norm(geometry.through), norm(geometry.along), norm(geometry.across))
    values = sum(900 * np.exp(-np.sum((points - ball) ** 2, axis=1) / (2 * blur**2)) for ball in balls)
    stored = np.asarray(values).reshape(geometry.shape).astype(np.int16)
    array = build([Image(layer) for layer in stored], geometry)
    seen = [_centre(array, balls[0], (1, 0, 0), (0, 1, 0)), _centre(array, balls[1], (0, 1, 0), (0, 0, -1))]
    assert abs(length((seen[0], seen[1])) - norm(subtract(*balls))) <= 0.5


def _centre(array: VolumeArray, ball: Vec, right: Vec, down: Vec) -> Vec:
    """Where a ball is seen in the plane through it, by its centre of brightness around its maximum."""
    size, camera = (400, 400), Camera(ball, 14.0, right, down)
    picture = render_plane(array, camera, Window(450.0, 900.0), size).astype(np.float64)
    picture[picture < 100] = 0
    y, x = (float((picture * where).sum() / picture.sum()) for where in np.indices(picture.shape))
    step = mm_per_pixel(camera, size)
    across = scale(right, (x - 199.5) * step)
    return add(ball, add(across, scale(down, (y - 199.5) * step)))


def test_uneven_layers_are_read_where_they_lie() -> None:
    from msgspec.structs import replace

    heights = (0.0, 2.0, 4.0, 9.0, 14.0)
    grid = replace(volume_grid((5, 32, 40)), positions=tuple((-30.0, -24.0, z) for z in heights))
    stored = np.stack([np.full((32, 40), 10 * k, np.int16) for k in range(5)])
    array = build([Image(layer) for layer in stored], volume_geometry(volume_series(grid)))
    for z, value in ((0.2, 0), (3.4, 20), (6.0, 20), (7.0, 30), (13.9, 40)):
        found = sample_volume(array, shape("probe", (0.0, 0.0, z)))
        assert found is not None
        assert found.mean == value
