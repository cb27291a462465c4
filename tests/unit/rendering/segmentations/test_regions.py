"""Regions over a picture: at their own pixels, nearest elsewhere, by their colours and opacity."""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK as Itk

from consult.model.geometry import Grid, Vec
from consult.model.identifiers import SegmentationKey, SeriesKey
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segment
from consult.model.view import Camera, ShownSegmentation
from consult.rendering.segmentations.painting import Layer, with_segmentations
from consult.rendering.segmentations.regions import Region, RegionSet
from consult.rendering.segmentations.where import OnImage

SERIES = SeriesKey("s-1")
ITK: Any = Itk
"""It has no types."""
RED, BLUE = Segment(1, "Liver", (255, 0, 0)), Segment(2, "Lesion", (0, 0, 255))
RIGHT, DOWN = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
GREY = 100


def grid(size: int = 16, places: int = 5) -> Grid:
    positions = tuple((0.0, 0.0, 3.0 * place) for place in range(places))
    return Grid("patient", size, size, 1.0, 1.0, "mm", RIGHT, DOWN, positions)


def one_to_one(of: Grid, place: int, right: Vec = RIGHT, down: Vec = DOWN) -> Camera:
    """One device pixel for each of the image's."""
    return Camera(of.centre(place), of.columns / 2, right, down)


def bits(mask: Any, layer: int, segment: int = 1) -> Region:
    data = np.packbits(np.asarray(mask, bool), bitorder="little").tobytes()
    rows, columns = np.shape(mask)
    return Region(layer, segment, 0, 0, rows, columns, "bits", data)


def regions(*found: Region, layers: tuple[float, ...] = (3.0, 6.0), **changes: Any) -> RegionSet:
    made: dict[str, Any] = {
        "layers": Layers(RIGHT, DOWN, layers, 3.0),
        "corners": tuple((0.0, 0.0, z) for z in layers),
        "shape": (16, 16),
        "spacing_mm": (1.0, 1.0),
        "regions": found,
        "images": {},
        "coincide": frozenset({SERIES}),
    }
    return RegionSet(**made | changes)


def drawn(what: RegionSet, place: int, camera: Camera, size: tuple[int, int], **how: Any) -> Any:
    of, shown = how.pop("of", grid()), ShownSegmentation(SegmentationKey("g-1"), **how)
    layer = Layer(what, (RED, BLUE), shown, OnImage(SERIES, of, place, place), camera)
    picture = np.full((size[1], size[0]), GREY, np.uint8)
    return with_segmentations(picture, [layer], size)


def square(top: int, left: int, size: int, of: int = 16) -> Any:
    mask = np.zeros((of, of), bool)
    mask[top : top + size, left : left + size] = True
    return mask


def test_a_region_covers_its_own_pixels_and_no_other() -> None:
    mask = square(2, 5, 4)
    picture = drawn(regions(bits(mask, 0)), 1, one_to_one(grid(), 1), (16, 16), opacity=1.0)
    assert np.array_equal((picture == (255, 0, 0)).all(axis=2), mask)
    assert (picture[~mask] == GREY).all()


def test_it_is_as_opaque_as_is_asked_for() -> None:
    picture = drawn(regions(bits(square(0, 0, 16), 0)), 1, one_to_one(grid(), 1), (16, 16), opacity=0.5)
    share = round(0.5 * 255)
    expected = [(GREY * (255 - share) + channel * share + 127) // 255 for channel in RED.colour]
    assert picture[8, 8].tolist() == expected


def test_an_image_shows_the_layer_that_lies_on_it_and_others_none() -> None:
    what = regions(bits(square(0, 0, 16), 0))
    covered = [bool((drawn(what, place, one_to_one(grid(), place), (16, 16)) != GREY).any()) for place in range(5)]
    assert covered == [False, True, False, False, False]


def test_what_lies_between_the_images_goes_to_the_nearest_within_half_a_step() -> None:
    """A layer of a thick segmentation reaches as far as it is thick, and no further."""
    what = regions(bits(square(0, 0, 16), 0), layers=(7.0,), coincide=frozenset())
    covered = [bool((drawn(what, place, one_to_one(grid(), place), (16, 16)) != GREY).any()) for place in range(5)]
    assert covered == [False, False, True, False, False]


def test_segments_that_are_switched_off_are_not_drawn() -> None:
    what = regions(bits(square(0, 0, 8), 0, 1), bits(square(8, 8, 8), 0, 2))
    picture = drawn(what, 1, one_to_one(grid(), 1), (16, 16), opacity=1.0, hidden=(1,))
    assert (picture[:8, :8] == GREY).all()
    assert (picture[8:, 8:] == BLUE.colour).all()


def test_the_later_of_two_lies_above() -> None:
    what = regions(bits(square(0, 0, 16), 0, 1), bits(square(4, 4, 4), 0, 2))
    picture = drawn(what, 1, one_to_one(grid(), 1), (16, 16), opacity=1.0)
    assert picture[5, 5].tolist() == [0, 0, 255]
    assert picture[0, 0].tolist() == [255, 0, 0]


def test_labels_are_drawn_by_their_numbers() -> None:
    labels = np.zeros((16, 16), "<u2")
    labels[:4], labels[8:] = 1, 2
    what = regions(Region(0, 0, 0, 0, 16, 16, "labels", labels.tobytes()))
    picture = drawn(what, 1, one_to_one(grid(), 1), (16, 16), opacity=1.0)
    assert (picture[:4] == RED.colour).all()
    assert (picture[4:8] == GREY).all()
    assert (picture[8:] == BLUE.colour).all()


def test_it_is_mirrored_with_the_image() -> None:
    mask = square(1, 3, 5)
    camera = one_to_one(grid(), 1, (-1.0, 0.0, 0.0))
    picture = drawn(regions(bits(mask, 0)), 1, camera, (16, 16), opacity=1.0)
    assert np.array_equal(picture[..., 0] == 255, mask[:, ::-1])


def test_it_turns_with_the_image() -> None:
    """What points down in the image points right on the screen, and its left points down."""
    mask = square(1, 3, 5)
    camera = one_to_one(grid(), 1, DOWN, (-1.0, 0.0, 0.0))
    picture = drawn(regions(bits(mask, 0)), 1, camera, (16, 16), opacity=1.0)
    assert np.array_equal(picture[..., 0] == 255, mask.T[::-1])


def test_another_grid_is_sampled_as_simpleitk_samples_it() -> None:
    """3 x coarser pixels with a corner of their own, seen through a turned and zoomed camera."""
    rng = np.random.default_rng(3)
    mask = rng.random((7, 9)) > 0.5
    what = regions(bits(mask, 0), corners=((-1.3, 0.7, 3.0), (0.0, 0.0, 6.0)), shape=(7, 9), spacing_mm=(2.1, 1.7))
    cos, sin = np.cos(0.3), np.sin(0.3)
    camera = Camera((6.2, 7.1, 3.0), 5.0, (float(cos), float(sin), 0.0), (float(-sin), float(cos), 0.0))
    picture = drawn(what, 1, camera, (90, 70), opacity=1.0)
    image = ITK.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing((1.7, 2.1))
    image.SetOrigin((-1.3, 0.7))
    step = 2 * camera.radius / 70
    reference = ITK.Image(90, 70, ITK.sitkUInt8)
    reference.SetSpacing((step, step))
    reference.SetDirection((cos, -sin, sin, cos))
    start = [6.2, 7.1]
    for axis, (across, along) in enumerate(((cos, -sin), (sin, cos))):
        start[axis] -= (89 / 2 * across + 69 / 2 * along) * step
    reference.SetOrigin(start)
    nearest = ITK.Resample(image, reference, ITK.Transform(), ITK.sitkNearestNeighbor)
    expected = ITK.GetArrayFromImage(nearest)
    assert (picture[..., 0] == 255).mean() > 0.2
    assert np.mean((picture[..., 0] == 255) == (expected > 0)) > 0.999


def test_frames_that_name_images_cover_these() -> None:
    flat = Grid("image", 32, 32, 1.0, 1.0, "px", RIGHT, DOWN, ((0.0, 0.0, 0.0),))
    region = Region(-1, 1, 0, 0, 8, 8, "bits", np.packbits(np.ones(64, bool)).tobytes(), 4)
    what = regions(region, layers=(), shape=(16, 16), images={(SERIES, 0): frozenset({4})})
    picture = drawn(what, 0, one_to_one(flat, 0), (32, 32), of=flat, opacity=1.0)
    assert np.array_equal(picture[..., 0] == 255, square(0, 0, 16, 32))
