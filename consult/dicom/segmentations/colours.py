"""Colours of segments: as their file recommends, else one of our own.

RecommendedDisplayCIELabValue is a PCS value of ICC profiles (PS3.3 C.10.7.1.1): CIE L*a*b* for a D50 white, each
component as a 16-bit number.
"""

from __future__ import annotations

from collections.abc import Sequence

from consult.model.segmentations.segmentation import Colour

WHITE = (0.9642, 1.0, 0.8249)
"""D50 (ISO 15076-1, 6.3.4.3)."""
TO_LINEAR = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
"""XYZ for D50 to linear sRGB, with Bradford's adaptation to D65."""
OWN: tuple[Colour, ...] = (
    (230, 120, 60), (70, 190, 230), (225, 215, 80), (200, 110, 190), (110, 200, 110),
    (235, 130, 130), (120, 150, 240), (80, 200, 180), (200, 170, 110), (170, 200, 70),
)  # fmt: skip
"""For segments that recommend none, by their number: apart from each other on greys."""
KNEE = 6 / 29


def own_colour(number: int) -> Colour:
    """The colour of a segment that recommends none."""
    return OWN[(number - 1) % len(OWN)]


def lab_colour(stored: Sequence[float]) -> Colour:
    """Three 16-bit numbers of a RecommendedDisplayCIELabValue to sRGB."""
    lightness, a, b = stored[0] / 65535 * 100, stored[1] / 65535 * 255 - 128, stored[2] / 65535 * 255 - 128
    y = (lightness + 16) / 116
    xyz = [white * _back(part) for white, part in zip(WHITE, (y + a / 500, y, y - b / 200), strict=True)]
    red, green, blue = (_gamma(sum(m * v for m, v in zip(row, xyz, strict=True))) for row in TO_LINEAR)
    return red, green, blue


def _back(part: float) -> float:
    """The inverse of CIE L*a*b*'s cube root."""
    return part**3 if part > KNEE else 3 * KNEE**2 * (part - 4 / 29)


def _gamma(linear: float) -> int:
    """IEC 61966-2-1, 0 to 255."""
    linear = min(max(linear, 0.0), 1.0)
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(value * 255)
