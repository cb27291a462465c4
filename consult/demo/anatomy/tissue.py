"""What fills a slice before organs are painted: air, skin, fat, muscle, the chest wall, lungs, the belly's fat.

Shapes are signed distances in mm (negative inside), blended smoothly. Sizes change with z by `OUTLINE`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from consult.demo.anatomy.paint import ABDOMEN, AIR, BODY, F32, F64, LUNG, PIXEL_MM
from consult.rendering.compiled import kernel

OUTLINE = np.array(
    # z, body: half width, half depth, middle y; fat; cage: half width, half depth, middle y; muscle
    [
        [-300.0, 158.0, 110.0, 0.0, 20.0, 118.0, 80.0, -8.0, 8.0],
        [-220.0, 158.0, 110.0, 0.0, 18.0, 124.0, 83.0, -4.0, 7.0],
        [-150.0, 158.0, 111.0, 0.0, 15.0, 129.0, 86.0, -1.0, 7.0],
        [-90.0, 159.0, 112.0, 0.0, 13.0, 129.0, 87.0, 0.0, 8.0],
        [-30.0, 164.0, 111.0, 0.0, 13.0, 124.0, 84.0, 2.0, 11.0],
        [10.0, 170.0, 108.0, 1.0, 14.0, 115.0, 78.0, 4.0, 15.0],
        [40.0, 177.0, 104.0, 3.0, 14.0, 102.0, 70.0, 9.0, 20.0],
        [65.0, 181.0, 98.0, 6.0, 13.0, 86.0, 58.0, 15.0, 17.0],
        [85.0, 180.0, 90.0, 10.0, 12.0, 70.0, 42.0, 22.0, 12.0],
        [100.0, 176.0, 83.0, 13.0, 11.0, 50.0, 20.0, 28.0, 9.0],
        [130.0, 160.0, 76.0, 16.0, 10.0, 20.0, 5.0, 30.0, 9.0],
    ]
)
SKIN_HU, FAT_HU, BELLY_FAT_HU, MUSCLE_HU, LUNG_HU, AIR_HU = 35.0, -102.0, -98.0, 58.0, -850.0, -1000.0
SKIN_MM, WALL_MM = 1.9, 10.5
BREAST_CENTRE, BREAST_RADII = (80.0, -97.0, -60.0), (56.0, 31.0, 58.0)
FAR = 1e3
SQUARISH = 2.5
"""Between an ellipse (2) and a rectangle: bodies and rib cages."""
PARTING_REACH = 112.0
"""Nothing of the mediastinum lies further from the midline, mm."""


def sizes(z: float) -> F64:
    """The row of OUTLINE at z, without z: (8,)."""
    return np.array([np.interp(z, OUTLINE[:, 0], OUTLINE[:, k]) for k in range(1, OUTLINE.shape[1])])


@kernel
def outward(rho: float, x: float, y: float, smallest: float) -> float:
    """Distance along the ray from the origin to where rho, which grows evenly along it, is 1."""
    return (rho - 1.0) * math.sqrt(x * x + y * y) / rho if rho > 0.3 else (rho - 1.0) * smallest


@kernel
def oval(x: float, y: float, a: float, b: float) -> float:
    """Distance to an ellipse around the origin, good near it."""
    u, v = x / a, y / b
    return outward(math.sqrt(u * u + v * v), x, y, min(a, b))


@kernel
def squarish(x: float, y: float, a: float, b: float) -> float:
    """Distance to an oval around the origin whose power is `SQUARISH`, good near it."""
    u, v = abs(x) / a, abs(y) / b
    return outward((u * u * math.sqrt(u) + v * v * math.sqrt(v)) ** (1.0 / SQUARISH), x, y, min(a, b))


@kernel
def ball(x: float, y: float, z: float, radii: tuple[float, float, float]) -> float:
    """Distance to an ellipsoid around the origin, good near it."""
    u, v, w = x / radii[0], y / radii[1], z / radii[2]
    rho = math.sqrt(u * u + v * v + w * w)
    if rho < 1e-3:
        return -min(radii[0], radii[1], radii[2])
    gx, gy, gz = u / radii[0], v / radii[1], w / radii[2]
    return (rho - 1.0) * rho / math.sqrt(gx * gx + gy * gy + gz * gz)


@kernel
def merge(a: float, b: float, k: float) -> float:
    """Union of two distances, with a fillet of k mm."""
    h = max(k - abs(a - b), 0.0) / k
    return min(a, b) - h * h * k * 0.25


@kernel
def mediastinum(x: float, y: float, z: float) -> float:
    """Distance to what parts the lungs: spine, great vessels, heart, hila, the junction behind the sternum."""
    if abs(x) > PARTING_REACH:
        return FAR
    d = oval(x, y - 66.0, 31.0, 40.0)
    upper = oval(x - 1.0, y + 8.0, 38.0 - 0.09 * max(z, 0.0), 43.0) + max(0.0, -z - 30.0) * 0.6
    d = merge(d, upper, 14.0)
    junction = max(abs(x - 3.0) - (4.0 + 0.1 * max(z - 10.0, 0.0)), y + 20.0)
    d = merge(d, junction, 9.0)
    c, s = 0.848, 0.53
    hx, hy = x - 24.0, y + 28.0
    d = merge(d, ball(hx * c - hy * s, hx * s + hy * c, z + 72.0, (69.0, 51.0, 54.0)), 9.0)
    for side in (-1.0, 1.0):
        d = merge(d, ball(x - side * 42.0, y - 4.0, z + 16.0, (15.0, 15.0, 24.0)), 10.0)
    return d


@kernel
def dome(x: float, y: float) -> float:
    """z of the diaphragm."""
    back = (62.0 if y > -12.0 else 16.0) * ((y + 12.0) / 88.0) ** 2
    right = -104.0 - 50.0 * ((x + 62.0) / 72.0) ** 2 - back
    left = -119.0 - 46.0 * ((x - 68.0) / 66.0) ** 2 - back
    middle = -122.0 - 50.0 * (x / 50.0) ** 2 - back
    return -merge(merge(-right, -left, 16.0), -middle, 10.0)


@kernel
def lung_distance(x: float, y: float, z: float, size: F64) -> float:
    """Distance to the lungs' surface; negative in a lung."""
    cage = squarish(x, y - size[6], size[4], size[5])
    above = (dome(x, y) - z) * 0.75
    return max(max(cage, above), -mediastinum(x, y, z))


@kernel
def fissure(x: float, y: float, z: float) -> float:
    """Distance to the nearest fissure, roughly: the oblique ones, and the horizontal one of the right lung."""
    side = -1.0 if x < 0.0 else 1.0
    oblique = (y - 14.0 + 0.72 * (z - 6.0) * -1.0 - 0.10 * abs(x) + 4.0 * math.sin(0.035 * x + side)) * 0.8
    nearest = abs(oblique)
    if x < 0.0 and oblique < 0.0:
        nearest = min(nearest, abs(z + 18.0 + 0.08 * (y + 30.0) + 3.0 * math.sin(0.05 * x)))
    return nearest


@kernel
def wall(d_skin: float, d_cage: float, size: F64, texture: float) -> float:
    """HU between cage and skin: intercostal muscle, muscles with planes of fat, fat, skin."""
    depth = -d_skin
    if depth < SKIN_MM:
        return SKIN_HU
    if d_cage < 1.6:
        return MUSCLE_HU - 70.0
    if d_cage < WALL_MM:
        return MUSCLE_HU - 6.0 + 10.0 * texture
    plane = WALL_MM + 1.4
    muscle = size[7] * (1.0 + 0.10 * texture)
    if d_cage < plane or depth < size[3] * (0.85 + 0.06 * texture):
        return FAT_HU + 5.0 * texture
    inner = d_cage - plane
    if inner < muscle:
        return FAT_HU + 70.0 if abs(inner - 0.55 * muscle) < 0.7 else MUSCLE_HU + 6.0 * texture
    return FAT_HU + 5.0 * texture


@kernel
def lung_value(x: float, y: float, z: float, texture: float) -> float:
    """HU of lung: denser where it hangs, a thin line at the fissures."""
    value = LUNG_HU + 26.0 * (y / 85.0) + 12.0 * (-z / 100.0) + 14.0 * texture
    crease = fissure(x, y, z)
    return value + 75.0 * math.exp(-crease * crease * 1.8) if crease < 1.6 else value


@kernel
def fill(hu: F32, label: NDArray[np.uint8], place: tuple[F32, F32, float, F64], texture: F32) -> None:
    """Fill a slice.

    Args:
        hu, label: (rows, columns), written.
        place: (x, y, z, sizes(z)): bent coordinates, mm.
        texture: (rows, columns), slowly varying, about -1 to 1.
    """
    x_of, y_of, z, size = place
    for r in range(hu.shape[0]):
        for c in range(hu.shape[1]):
            x, y, t = float(x_of[r, c]), float(y_of[r, c]), float(texture[r, c])
            flat = y - size[2]
            flat = flat if flat < 0.0 else flat * 1.02
            skin = squarish(x, flat, size[0], size[1])
            if abs(z - BREAST_CENTRE[2]) < BREAST_RADII[2] + 20.0 and y < -40.0:
                bulge = ball(abs(x) - BREAST_CENTRE[0], y - BREAST_CENTRE[1], z - BREAST_CENTRE[2], BREAST_RADII)
                skin = merge(skin, bulge, 24.0)
            if skin > PIXEL_MM:
                hu[r, c], label[r, c] = AIR_HU, AIR
                continue
            cage = squarish(x, y - size[6], size[4], size[5])
            label[r, c] = BODY
            if cage > -0.4:
                value = wall(skin, cage, size, t)
            else:
                over = z - dome(x, y)
                lung = max(max(cage, over * -0.75), -mediastinum(x, y, z)) if over > 0.0 else 1.0
                if lung < 0.0:
                    label[r, c] = LUNG
                    value = lung_value(x, y, z, t)
                    value = value if lung < -PIXEL_MM else value + 300.0 * (1.0 + lung / PIXEL_MM)
                elif over < 0.0:
                    label[r, c] = ABDOMEN
                    value = BELLY_FAT_HU + 8.0 * t if over < -3.2 else MUSCLE_HU
                else:
                    value = FAT_HU + 10.0 + 8.0 * t
            share = min(max(0.5 - skin / PIXEL_MM, 0.0), 1.0)
            hu[r, c] = np.float32(value * share + AIR_HU * (1.0 - share))
