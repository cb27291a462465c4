"""Previews: of the same shape, fewer pixels, the same grey and colours within what JPEG leaves of them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from consult.media.video.preview import MAX_PIXELS, encode_preview


@pytest.mark.parametrize(("height", "width"), [(1080, 1920), (4000, 300), (96, 96), (1, 1)])
def test_a_preview_has_the_pictures_shape_and_not_more_pixels_than_it(height: int, width: int) -> None:
    image = Image.open(io.BytesIO(encode_preview(np.full((height, width), 90, np.uint8))))
    assert image.format == "JPEG"
    assert image.width * image.height <= min(height * width, MAX_PIXELS * 1.02)
    assert image.width / image.height == pytest.approx(width / height, rel=0.02)
    assert np.abs(np.asarray(image).astype(int) - 90).max() <= 2


def test_colours_are_where_they_were() -> None:
    pixels = np.zeros((600, 1200, 3), np.uint8)
    pixels[:, :600, 0], pixels[:, 600:, 2] = 200, 200
    decoded = np.asarray(Image.open(io.BytesIO(encode_preview(pixels))))
    half = decoded.shape[1] // 2
    assert decoded[:, : half - 20, 0].mean() == pytest.approx(200, abs=8)
    assert decoded[:, half + 20 :, 2].mean() == pytest.approx(200, abs=8)
    assert decoded[:, : half - 20, 2].mean() < 12


def test_noise_of_a_ct_makes_no_more_than_a_tenth_of_a_second_at_5_mbit() -> None:
    noise = np.random.default_rng(1).normal(110, 12, (1080, 1920)).clip(0, 255).astype(np.uint8)
    assert len(encode_preview(noise)) < 5e6 / 8 * 0.15
