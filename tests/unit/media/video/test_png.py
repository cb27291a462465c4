"""PNG of stills, read back by Pillow."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from consult.media.video import png
from consult.media.video.png import encode_png, pixels_sha256

NOISE = np.random.default_rng(1).integers(0, 256, (40, 61, 3)).astype(np.uint8)
RAMP = np.add.outer(np.arange(64), np.arange(50)).astype(np.uint8)


def decoded(data: bytes) -> NDArray[np.uint8]:
    """Pillow's reading; it checks every CRC."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return np.asarray(picture)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (40, 61), (1, 1, 3), (7, 1, 3), (40, 61, 3)])
def test_round_trip(shape: tuple[int, ...]) -> None:
    pixels = np.resize(NOISE, shape).astype(np.uint8)
    read = decoded(encode_png(pixels))
    assert read.shape == shape
    assert np.array_equal(read, pixels)


@pytest.mark.parametrize("choice", png.FILTERS)
def test_every_filter_is_undone(choice: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "FILTERS", (choice,))
    for pixels in (NOISE, NOISE[..., 0], RAMP):
        assert np.array_equal(decoded(encode_png(pixels)), pixels)


def test_the_filter_suits_the_picture() -> None:
    smooth = encode_png(RAMP)
    assert len(smooth) < RAMP.size / 8
    drawn = np.where(np.random.default_rng(2).random((200, 200)) < 0.5, 10, 240).astype(np.uint8)
    assert len(encode_png(drawn)) < drawn.size / 3


def test_strided_and_frozen_pixels() -> None:
    pixels = NOISE[::2, ::-1, 0]
    pixels.setflags(write=False)
    assert np.array_equal(decoded(encode_png(pixels)), pixels)


@pytest.mark.parametrize(
    "pixels", [np.zeros((2, 2), np.uint16), *(np.zeros(shape, np.uint8) for shape in ((0, 2), (2, 2, 4), (4,)))]
)
def test_what_is_no_picture_is_refused(pixels: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        encode_png(pixels)


def test_the_hash_is_of_the_raw_bytes_row_by_row() -> None:
    raw = b"".join(bytes(pixel) for row in NOISE for pixel in row)
    assert pixels_sha256(NOISE) == hashlib.sha256(raw).hexdigest()
    assert pixels_sha256(NOISE[:, ::2, 1]) == hashlib.sha256(bytes(v for row in NOISE for v in row[::2, 1])).hexdigest()
