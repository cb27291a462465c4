"""What a scanner makes of a clean slice: blur, edge enhancement, correlated noise, stored values."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.demo.anatomy.paint import F32, PIXEL_MM
from consult.demo.anatomy.phantom import OUTSIDE_HU, SIZE

SOFT_BLUR_MM = 0.8
NOISE_HU = 12.0
"""Standard deviation of the soft series in the middle of the chest."""
RESCALE_INTERCEPT = -1024
STORED_MAX = 4095
TILES, TILE_SIZE = 10, 704
STREAK_ABOVE_MM, STREAK_HU = 62.0, 0.55


@dataclass(frozen=True)
class Kernel:
    """A convolution kernel.

    Attributes:
        name: as scanners write it.
        blur_px: of the picture.
        sharpen: share of the high frequencies added.
        noise: times `NOISE_HU`.
        grain_px: (fine, coarse) blur of the noise; it lies between the two.
    """

    name: str
    blur_px: float
    sharpen: float
    noise: float
    grain_px: tuple[float, float]


SOFT = Kernel("B30f", SOFT_BLUR_MM / PIXEL_MM, 0.0, 2**0.5, (1.05, 7.0))
"""Two slices of it are averaged: its noise is that of one."""
LUNG = Kernel("B60f", 0.72, 0.45, 2.4, (0.62, 1.9))


class Noise:
    """Correlated noise, cut from tiles: the same seed gives the same noise."""

    def __init__(self, kernel: Kernel, seed: int) -> None:
        rng = np.random.default_rng(seed)
        fine, coarse = kernel.grain_px
        self._tiles: list[F32] = []
        for _ in range(TILES):
            white = rng.standard_normal((TILE_SIZE, TILE_SIZE), dtype=np.float32)
            grain = cv2.GaussianBlur(white, (0, 0), fine) - cv2.GaussianBlur(white, (0, 0), coarse)
            self._tiles.append(np.asarray(grain / grain.std(), np.float32))

    def cut(self, seed: tuple[int, ...]) -> F32:
        """Noise of standard deviation 1 for one slice, (SIZE, SIZE)."""
        rng = np.random.default_rng(seed)
        tile = self._tiles[int(rng.integers(TILES))]
        top, left = rng.integers(0, TILE_SIZE - SIZE, 2)
        piece = tile[top : top + SIZE, left : left + SIZE]
        return piece[:: int(rng.choice((-1, 1))), :: int(rng.choice((-1, 1)))]


def acquire(clean: F32, kernel: Kernel, noise: Noise, seed: tuple[int, ...], z: float) -> F32:
    """One slice as the scanner shows it.

    Args:
        clean: (SIZE, SIZE) HU.
        kernel: blur and sharpness.
        noise: made for that kernel.
        seed: of this slice's noise.
        z: phantom mm; shoulders make streaks.

    Returns:
        (SIZE, SIZE) HU.
    """
    outside = clean == OUTSIDE_HU
    hu: F32 = np.asarray(cv2.GaussianBlur(clean, (0, 0), kernel.blur_px), np.float32)
    if kernel.sharpen:
        hu = hu + kernel.sharpen * (hu - np.asarray(cv2.GaussianBlur(hu, (0, 0), 1.6), np.float32))
    small = cv2.resize(clean, (SIZE // 8, SIZE // 8), interpolation=cv2.INTER_AREA)
    dense = cv2.GaussianBlur((np.maximum(small, -1000.0) + 1000.0) / 1000.0, (0, 0), 7.0)
    level = cv2.resize(dense, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    grain = noise.cut(seed)
    if z > STREAK_ABOVE_MM:
        streaks = cv2.GaussianBlur(noise.cut((*seed, 1)), (0, 0), sigmaX=9.0, sigmaY=0.8)
        grain = grain + STREAK_HU * (z - STREAK_ABOVE_MM) / 10.0 * streaks * (level > 0.3)
    drawn = np.asarray(hu + grain * (NOISE_HU * kernel.noise * (0.42 + 0.75 * level)), np.float32)
    drawn[outside] = OUTSIDE_HU
    return drawn


def stored(hu: F32) -> NDArray[np.uint16]:
    """Stored values, 12 bits, of HU."""
    return np.asarray(np.clip(np.rint(hu) - RESCALE_INTERCEPT, 0, STORED_MAX), np.uint16)
