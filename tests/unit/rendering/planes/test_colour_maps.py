"""Palettes as the standard has them (pydicom carries its tables as files), and what of them covers the image."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.data import get_palette_files
from pydicom.filereader import dcmread

from consult.model.view import ColourMap
from consult.rendering.planes.colour_maps import blending_table, in_colours, palette
from consult.rendering.planes.kernels import blend, mixed_of
from consult.rendering.planes.plane import band_rows


@pytest.mark.parametrize(
    ("name", "file"),
    [("hot_iron", "hotiron"), ("pet", "pet"), ("hot_metal_blue", "hotmetalblue"), ("pet_20_step", "pet20step")],
)
def test_a_palette_is_that_of_the_standard(name: ColourMap, file: str) -> None:
    dataset = dcmread(get_palette_files(f"{file}.dcm")[0])
    channels = [bytes(dataset[f"{c}PaletteColorLookupTableData"].value) for c in ("Red", "Green", "Blue")]
    assert np.array_equal(palette(name), np.array([list(channel) for channel in channels]).T)


def test_inverted_greys_are_black_for_much() -> None:
    assert palette("grey_inverse")[0].tolist() == [255, 255, 255]
    assert palette("grey_inverse")[255].tolist() == [0, 0, 0]


def test_each_grey_of_a_picture_has_the_colour_of_its_level() -> None:
    greys = np.arange(256, dtype=np.uint8).reshape(16, 16)
    coloured = in_colours(greys, "hot_iron")
    assert np.array_equal(coloured.reshape(256, 3), palette("hot_iron"))
    assert coloured[0, 0].tolist() == [0, 0, 0], "where there is no image it stays black"


def test_what_lies_over_fades_in_over_a_tenth_of_its_window() -> None:
    table = blending_table("hot_iron", 0.5)
    assert table[:, 0].tolist() == [0, 0, 0, 0]
    assert table[3, 13] == round(13 / 25.5 * 127.5)
    assert set(table[3, 26:].tolist()) == {128}
    assert table[:, 255].tolist() == [255 * 128] * 3 + [128]


def test_blending_rounds_to_the_nearest() -> None:
    base, over = np.mgrid[:256, :256].astype(np.uint8)
    table, out = blending_table("pet", 0.7), np.empty((256, 256, 3), np.uint8)
    blend(base, over, mixed_of(table), out, (0, 256))
    alpha = table[3][over][..., None] / 255
    exact = base[..., None] * (1 - alpha) + palette("pet")[over] * alpha
    assert np.array_equal(out, np.floor(exact + 0.5).astype(np.uint8))


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (3, 13), (9, 6), (480, 641), (8, 64)])
def test_each_pixel_of_each_band_has_its_colour_whatever_the_width(size: tuple[int, int]) -> None:
    """Four pixels are written at once: at the ends of bands, fewer (seen to fail on words that reach into the next)."""
    dice = np.random.default_rng(size[1])
    base, over = (dice.integers(0, 256, size, np.uint8) for _ in range(2))
    mixed = mixed_of(blending_table("hot_iron", 0.5))
    colours = mixed.view(np.uint8).reshape(256, 256, 4)[..., :3]
    out = np.zeros((*size, 3), np.uint8)
    for band in reversed(band_rows(size[0])):
        before = out.copy()
        blend(base, over, mixed, out, band)
        assert np.array_equal(out[: band[0]], before[: band[0]])
        assert np.array_equal(out[band[1] :], before[band[1] :]), "other bands are another thread's"
    assert np.array_equal(out, colours[over, base])
