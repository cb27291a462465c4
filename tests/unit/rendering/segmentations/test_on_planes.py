"""Segmentations and structure sets on planes and slabs: against SimpleITK, nearest; their outlines, gaps and times."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.model.geometry import Grid, Vec, add, cross, dot, scale
from consult.model.identifiers import SegmentationKey, SeriesKey
from consult.model.planes.volume import VolumeGeometry, volume_geometry
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment
from consult.model.view import Camera, ShownSegmentation
from consult.rendering.planes.plane import NO_SLAB, Slab
from consult.rendering.segmentations.contours import Contour, ContourSet
from consult.rendering.segmentations.painting import Drawable, Layer, with_segmentations
from consult.rendering.segmentations.regions import Region, RegionSet
from consult.rendering.segmentations.where import OnImage, OnPlane
from tests.support.resampled import on_plane
from tests.support.volumes import GRIDS, volume_grid, volume_series
from tests.unit.rendering.planes.test_oracle import AXES, camera_in

SERIES, OTHER = SeriesKey("s-1"), SeriesKey("s-2")
RED, BLUE = Segment(1, "Liver", (255, 0, 0)), Segment(2, "Lesion", (0, 0, 255))
SIZE = (240, 200)
GOOD = 0.999
GREY = 100
THROUGH: tuple[Vec, Vec] = (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)
"""Right and down of a coronal plane."""


def blobs(shape: tuple[int, int, int]) -> NDArray[np.bool_]:
    """Some of each layer, other pixels in each."""
    k, j, i = np.meshgrid(*map(np.arange, shape), indexing="ij")
    dice = np.random.default_rng(7).random(shape) > 0.8
    return np.asarray((np.sin(i / 3.1) * np.cos(j / 4.3) + np.sin(k / 1.7) > 0.2) ^ dice, np.bool_)


def layers_of(grid: Grid) -> tuple[Layers, list[int]]:
    """Its layers, and the place of each."""
    places = sorted(range(len(grid.positions)), key=grid.location)
    at = tuple(grid.location(place) for place in places)
    return Layers(grid.right, grid.down, at, min(b - a for a, b in pairwise(at))), places


def region(mask: Any, layer: int, segment: int = 1, frame: int = 0) -> Region:
    data = np.packbits(np.asarray(mask, bool), bitorder="little").tobytes()
    rows, columns = np.shape(mask)
    return Region(layer, segment, 0, 0, rows, columns, "bits", data, frame)


def marking(grid: Grid, masks: Any, **changes: Any) -> RegionSet:
    """The segmentation whose frame at each place of a grid is that of `masks`."""
    layers, places = layers_of(grid)
    made: dict[str, Any] = {
        "layers": layers,
        "corners": tuple(grid.positions[place] for place in places),
        "shape": (grid.rows, grid.columns),
        "spacing_mm": (grid.row_spacing, grid.column_spacing),
        "regions": tuple(region(masks[place], layer) for layer, place in enumerate(places)),
        "images": {},
    }
    return RegionSet(**made | changes)


def drawn(
    what: Drawable,
    camera: Camera,
    base: Grid,
    slab: Slab = NO_SLAB,
    time: int = 0,
    series: SeriesKey = SERIES,
    **how: Any,
) -> Any:
    shown = ShownSegmentation(SegmentationKey("g-1"), **{"opacity": 1.0} | how)
    layer = Layer(what, (RED, BLUE), shown, OnPlane(series, base, time, slab), camera)
    return with_segmentations(np.full((SIZE[1], SIZE[0]), GREY, np.uint8), [layer], SIZE)


def covered(*args: Any, **how: Any) -> NDArray[np.bool_]:
    """Where a plane is red."""
    return np.asarray((drawn(*args, **how) == RED.colour).all(axis=2), np.bool_)


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("name", GRIDS)
def test_a_plane_shows_the_nearest_pixel(name: str, axes: str) -> None:
    grid = GRIDS[name]
    geometry = volume_geometry(volume_series(grid))
    masks = blobs(geometry.shape)
    camera = camera_in(geometry, AXES[axes])
    reference = on_plane(masks.astype(float), geometry, camera, SIZE, nearest=True) > 0
    assert 0.1 < reference.mean() < 0.9
    for coincide in (frozenset({SERIES}), frozenset[SeriesKey]()):
        found = covered(marking(grid, masks, coincide=coincide), camera, grid)
        assert np.mean(found == reference) >= GOOD


@pytest.mark.parametrize("name", GRIDS)
def test_a_slab_shows_what_is_marked_anywhere_in_it(name: str) -> None:
    grid = GRIDS[name]
    geometry = volume_geometry(volume_series(grid))
    masks = blobs(geometry.shape) & (np.random.default_rng(2).random(geometry.shape) > 0.9)
    for axes in ("coronal", "oblique from axial"):
        camera = camera_in(geometry, AXES[axes])
        steps = Slab(9.0).steps(geometry.layer_mm(cross(camera.right, camera.down)))
        depths = [9.0 * step / (steps - 1) - 4.5 for step in range(steps)]
        planes = [on_plane(masks.astype(float), geometry, camera, SIZE, depth, nearest=True) > 0 for depth in depths]
        found = covered(marking(grid, masks, coincide=frozenset({SERIES})), camera, grid, Slab(9.0, "max"))
        thin = covered(marking(grid, masks), camera, grid)
        assert found.mean() > thin.mean() > 0
        assert np.mean(found == np.any(planes, axis=0)) >= 0.99  # the layers of a slanted grid are stepped otherwise


def test_a_slab_that_moves_is_sampled_in_half_the_steps() -> None:
    grid = GRIDS["axial"]
    masks = blobs((24, 32, 40))
    camera = camera_in(volume_geometry(volume_series(grid)), AXES["coronal"])
    whole, coarse = (covered(marking(grid, masks), camera, grid, Slab(20.0, "max", coarse)) for coarse in (False, True))
    assert coarse.sum() < whole.sum()
    assert (coarse & ~whole).mean() < 0.02


def test_an_axial_plane_on_an_image_shows_what_the_image_does() -> None:
    grid, place = GRIDS["sheared by the gantry"], 7
    masks = blobs((24, 32, 40))
    what = marking(grid, masks, coincide=frozenset({SERIES}))
    camera = Camera(add(grid.centre(place), (0.13, 0.0, 0.0)), 23.7, grid.right, grid.down)
    shown = ShownSegmentation(SegmentationKey("g-1"), 0.5)
    on_image = Layer(what, (RED,), shown, OnImage(SERIES, grid, place, place), camera)
    plane = Layer(what, (RED,), shown, OnPlane(SERIES, grid), camera)
    below = np.full((SIZE[1], SIZE[0]), GREY, np.uint8)
    assert np.array_equal(with_segmentations(below, [on_image], SIZE), with_segmentations(below, [plane], SIZE))


def test_over_layers_that_are_missing_nothing_is_drawn() -> None:
    """Empty frames are left out of most files: what lies on both sides of them does not grow into the gap."""
    grid = volume_grid()
    what = marking(grid, np.ones((24, 32, 40), bool))
    kept = [7, 8, 12, 13]
    layers = replace(what.layers, locations=tuple(what.layers.locations[k] for k in kept))
    regions = tuple(region(np.ones((32, 40)), k) for k in range(4))
    corners = tuple(what.corners[k] for k in kept)
    camera = Camera((0.0, 0.0, grid.positions[10][2]), 30.0, *THROUGH)
    for coincide in (frozenset({SERIES}), frozenset[SeriesKey]()):
        one = RegionSet(layers, corners, what.shape, what.spacing_mm, regions, {}, coincide)
        column = covered(one, camera, grid)[:, 120]
        heights = np.array([camera.center[2] - (y - 99.5) * 0.3 for y in range(200)])
        lows = [grid.positions[k][2] for k in (7, 12)]
        expected = np.any([(heights > low - 1.5) & (heights < low + 4.5) for low in lows], axis=0)
        assert np.abs(column.astype(int) - expected).sum() <= 4


def test_where_images_lie_unevenly_a_layer_reaches_half_the_way_to_the_next_image() -> None:
    heights = (0.0, 3.0, 6.0, 12.0, 15.0)
    even = volume_grid((5, 32, 40))
    grid = Grid("patient", 32, 40, 1.5, 1.5, "mm", even.right, even.down, tuple((-30.0, -24.0, z) for z in heights))
    masks = np.zeros((5, 32, 40), bool)
    masks[2] = True
    camera = Camera((0.0, 0.0, 7.0), 10.0, *THROUGH)
    column = covered(marking(grid, masks, coincide=frozenset({SERIES})), camera, grid)[:, 120]
    assert column.sum() == pytest.approx((9.0 - 4.5) / 0.1, abs=1)


def test_segments_that_overlap_lie_above_each_other_and_can_be_switched_off() -> None:
    grid = GRIDS["axial"]
    _, places = layers_of(grid)
    both = [region(np.ones((32, 40)), k, segment) for k in range(len(places)) for segment in (1, 2)]
    what = marking(grid, np.zeros((24, 32, 40)), regions=tuple(both))
    camera = camera_in(volume_geometry(volume_series(grid)), AXES["oblique from coronal"])
    middle = SIZE[1] // 2, SIZE[0] // 2
    assert drawn(what, camera, grid)[middle].tolist() == list(BLUE.colour)
    assert drawn(what, camera, grid, hidden=(2,))[middle].tolist() == list(RED.colour)
    assert drawn(what, camera, grid, hidden=(1, 2))[middle].tolist() == [GREY] * 3
    share = round(0.5 * 255)
    expected = [(GREY * (255 - share) + channel * share + 127) // 255 for channel in RED.colour]
    assert drawn(what, camera, grid, hidden=(2,), opacity=0.5)[middle].tolist() == expected


@pytest.mark.parametrize("kind", ["bits", "labels"])
def test_an_outline_is_two_pixels_inside_of_its_region_and_opaque(kind: str) -> None:
    grid = GRIDS["axial"]
    masks = np.zeros((24, 32, 40), bool)
    masks[4:20, 8:24, 10:30] = True
    what = marking(grid, masks)
    if kind == "labels":
        labels = [np.where(masks[place], 1, 0).astype("<u2") for place in layers_of(grid)[1]]
        regions = [Region(k, 0, 0, 0, 32, 40, "labels", found.tobytes()) for k, found in enumerate(labels)]
        what = marking(grid, masks, regions=tuple(regions))
    camera = camera_in(volume_geometry(volume_series(grid)), AXES["oblique from axial"])
    inside = covered(what, camera, grid)
    outline = covered(what, camera, grid, style="outline", opacity=0.1)
    padded = np.pad(inside, 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5))
    assert 0.05 < inside.mean() < 0.95
    assert np.array_equal(outline, inside & ~windows.all(axis=(2, 3)))


def test_an_outline_lies_on_images_too() -> None:
    grid = GRIDS["axial"]
    masks = np.zeros((24, 32, 40), bool)
    masks[:, 8:24, 10:30] = True
    shown = ShownSegmentation(SegmentationKey("g-1"), 1.0, (), "outline")
    where = OnImage(SERIES, grid, 5, 5)
    layer = Layer(marking(grid, masks), (RED,), shown, where, Camera(grid.centre(5), 24.0, grid.right, grid.down))
    picture = with_segmentations(np.full((SIZE[1], SIZE[0]), GREY, np.uint8), [layer], SIZE)
    red = (picture == RED.colour).all(axis=2)
    assert red[SIZE[1] // 2].sum() == 4, "two pixels on each side"


def test_frames_of_several_times_are_drawn_each_at_its_own() -> None:
    grid = GRIDS["axial"]
    _, places = layers_of(grid)
    halves = np.zeros((2, 32, 40), bool)
    halves[0, :, :20], halves[1, :, 20:] = True, True
    regions = tuple(region(halves[t], k, 1, frame=2 * k + t) for k in range(len(places)) for t in (0, 1))
    times = {SERIES: {2 * k + t: frozenset({t}) for k in range(len(places)) for t in (0, 1)}}
    what = marking(grid, np.zeros((24, 32, 40)), regions=regions, times=times)
    camera = Camera(grid.centre(5), 20.0, *THROUGH)
    first, second = (covered(what, camera, grid, time=time) for time in (0, 1))
    assert first.any()
    assert second.any()
    assert not (first & second).any()
    at_images = [
        Layer(
            what,
            (RED,),
            ShownSegmentation(SegmentationKey("g-1"), 1.0),
            OnImage(SERIES, grid, 5, 5, time),
            replace(camera, right=grid.right, down=grid.down),
        )
        for time in (0, 1)
    ]
    pictures = [with_segmentations(np.full((SIZE[1], SIZE[0]), GREY, np.uint8), [one], SIZE) for one in at_images]
    assert not ((pictures[0] != GREY) & (pictures[1] != GREY)).all(axis=2).any()
    assert covered(what, camera, grid, series=OTHER).sum() == (first | second).sum()


def circle(at: Vec, radius: float, grid: Grid, count: int = 90) -> NDArray[np.float64]:
    """A contour around a point, in the plane of a grid's images."""
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.array(
        [add(at, add(scale(grid.right, radius * np.cos(t)), scale(grid.down, radius * np.sin(t)))) for t in turns]
    )


def ring(grid: Grid) -> tuple[ContourSet, NDArray[np.bool_], VolumeGeometry]:
    """A cone with a hole along it, as contours, and as voxels of half a millimetre that SimpleITK reads."""
    layers, places = layers_of(grid)
    axis = grid.centre(len(places) // 2)
    contours, fine = [], Grid("patient", 120, 120, 0.5, 0.5, "mm", grid.right, grid.down, grid.positions)
    masks = []
    for layer, place in enumerate(places):
        along = dot(layers.normal, axis) - layers.locations[layer]
        at, outer = add(axis, scale(layers.normal, -along)), 12.0 + 0.1 * along
        contours += [
            Contour(layer, 1, "closed", circle(at, outer, grid)),
            Contour(layer, 1, "closed", circle(at, 5.0, grid)),
        ]
        masks.append((place, at, outer))
    corners = {place: add(at, add(scale(grid.right, -29.75), scale(grid.down, -29.75))) for place, at, _ in masks}
    fine = Grid("patient", 120, 120, 0.5, 0.5, "mm", grid.right, grid.down, tuple(corners[p] for p in sorted(corners)))
    rows, columns = np.mgrid[:120, :120]
    far = np.hypot(rows - 59.5, columns - 59.5) * 0.5
    whole = np.stack([(far < outer) & (far > 5.0) for _, _, outer in sorted(masks)])
    return ContourSet(layers, tuple(contours), frozenset({SERIES})), whole, volume_geometry(volume_series(fine))


@pytest.mark.parametrize("axes", ["sagittal", "coronal", "oblique from axial"])
@pytest.mark.parametrize("name", ["axial", "tilted", "reversed"])
def test_a_structure_set_is_filled_in_its_own_slices_without_its_holes(name: str, axes: str) -> None:
    grid = GRIDS[name]
    what, voxels, geometry = ring(grid)
    camera = camera_in(volume_geometry(volume_series(grid)), AXES[axes])
    reference = on_plane(voxels.astype(float), geometry, camera, SIZE, nearest=True) > 0
    assert 0.05 < reference.mean() < 0.5
    found = covered(what, camera, grid)
    assert np.mean(found == reference) >= 0.985  # polygons for circles, and pixels of half a millimetre
    assert abs(int(found.sum()) - int(reference.sum())) <= 0.01 * reference.sum()


def test_a_structure_set_on_a_plane_has_an_opaque_outline_with_and_without_its_inside() -> None:
    grid = GRIDS["axial"]
    what, _, _ = ring(grid)
    camera = camera_in(volume_geometry(volume_series(grid)), AXES["coronal"])
    filled = covered(what, camera, grid)
    outline = covered(what, camera, grid, style="outline")
    pale = drawn(what, camera, grid, opacity=0.5)
    assert 0 < outline.sum() < filled.sum()
    assert np.array_equal((pale == RED.colour).all(axis=2), outline)
    assert np.array_equal((pale != GREY).any(axis=2), filled)


def test_lines_and_points_are_on_no_plane() -> None:
    grid = GRIDS["axial"]
    layers, _ = layers_of(grid)
    contours = tuple(Contour(k, 1, "open", circle(grid.centre(5), 9.0, grid)) for k in range(24))
    camera = camera_in(volume_geometry(volume_series(grid)), AXES["coronal"])
    assert not covered(ContourSet(layers, contours), camera, grid).any()


def test_a_structure_set_of_any_size_keeps_within_its_memory() -> None:
    grid = GRIDS["axial"]
    layers, _ = layers_of(grid)
    contours = tuple(
        Contour(k, 1, "closed", circle((0.0, 0.0, z), 9000.0, grid)) for k, z in enumerate(layers.locations)
    )
    what = ContourSet(layers, contours)
    assert sum(len(r.data) for r in what.regions.regions) < 33 << 20
    assert what.own_bytes < 70 << 20
    camera = camera_in(volume_geometry(volume_series(grid)), AXES["coronal"])
    assert covered(what, camera, grid).mean() > 0.9
