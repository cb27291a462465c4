"""Bones of the phantom, and the muscles and breasts outside the cage."""

from __future__ import annotations

import math

import numpy as np

from consult.demo.anatomy.paint import BODY, F64, LUNG
from consult.demo.anatomy.solids import Point, as_point, ellipsoid, path, tube
from consult.demo.anatomy.tissue import BREAST_CENTRE, BREAST_RADII, MUSCLE_HU, SQUARISH, sizes

CORTEX_HU, MARROW_HU, CARTILAGE_HU, DISC_HU, CORD_HU = 720.0, 210.0, 125.0, 85.0, 38.0
VERTEBRA_MM = 24.0
VERTEBRA_Y, CANAL_Y = 52.0, 73.0
RIB_COUNT = 12
SIDES = (-1.0, 1.0)


def spine() -> list[F64]:
    """Vertebral bodies, discs, arches and the canal."""
    solids: list[F64] = []
    for n in range(-14, 7):
        z = n * VERTEBRA_MM + 8.0
        grow = 1.0 + 0.0006 * -z
        disc = (16.5 * grow, 13.0 * grow, 5.5)
        solids.append(ellipsoid((0, VERTEBRA_Y, z - VERTEBRA_MM / 2), disc, DISC_HU, power=3.2))
        solids += _arch(z)
        body = (17.5 * grow, 14.0 * grow, 10.4)
        solids.append(ellipsoid((0, VERTEBRA_Y, z), body, MARROW_HU, power=3.4, rim=(1.3, CORTEX_HU - 150)))
    solids.append(tube((0, CANAL_Y, -400), (0, CANAL_Y, 300), (8.8, 8.8), -40.0))
    solids.append(tube((0, CANAL_Y - 0.5, -400), (0, CANAL_Y - 0.5, 300), (6.0, 6.0), CORD_HU))
    return solids


def _arch(z: float) -> list[F64]:
    """Pedicles, laminae, transverse and spinous processes of one vertebra."""
    solids = path([(0, CANAL_Y + 11, z - 2), (0, CANAL_Y + 19, z - 9), (0, CANAL_Y + 26, z - 17)], [4.0, 3.4, 4.0],
                  MARROW_HU + 40, wall=(1.2, CORTEX_HU))  # fmt: skip
    for side in SIDES:
        front: Point = (side * 11, VERTEBRA_Y + 8, z + 3)
        pedicle: list[Point] = [front, (side * 12.5, CANAL_Y, z + 2), (0, CANAL_Y + 12, z - 3)]
        solids += path(pedicle, [4.5, 4.2, 3.8], MARROW_HU + 60, wall=(1.3, CORTEX_HU))
        tip: Point = (side * 32, CANAL_Y + 8, z + 2)
        process: list[Point] = [(side * 12, CANAL_Y + 1, z + 2), (side * 22, CANAL_Y + 5, z + 3), tip]
        solids += path(process, [4.6, 4.2, 5.0], MARROW_HU + 40, wall=(1.2, CORTEX_HU))
    return solids


def _around(z: float, angle: float, side: float, outward: float) -> tuple[float, float]:
    """(x, y) on the cage at an angle from the back (0) to the front (180 degrees), some mm outside the pleura."""
    size = sizes(z)
    s, c = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    rho = (abs(s / size[4]) ** SQUARISH + abs(c / size[5]) ** SQUARISH) ** (-1 / SQUARISH) + outward
    return side * rho * s, size[6] + rho * c


def ribs() -> list[F64]:
    """Twelve pairs, each sloping down to the front; those that reach it end in cartilage at the sternum."""
    solids: list[F64] = []
    for n in range(RIB_COUNT):
        top = 82.0 - 23.2 * n
        drop = 34.0 + 62.0 * min(n / 6.0, 1.0)
        last = 146.0 - 2.0 * abs(n - 3) if n < 7 else (128.0, 116.0, 104.0, 82.0, 55.0)[n - 7]
        for side in SIDES:
            points: list[Point] = [(side * 19.0, VERTEBRA_Y + 8.0, top + 2.0)]
            for angle in np.linspace(27.0, last, 13):
                z = top - drop * ((angle - 20.0) / 130.0) ** 1.15
                points.append((*_around(z, float(angle), side, 5.9), z))
            solids += path(points, [4.6, *[5.4] * 12, 5.0], MARROW_HU + 30, where=BODY | LUNG, wall=(1.35, CORTEX_HU))
            if n < 7:
                solids += _cartilage(points[-1], side, n)
    return solids


def _cartilage(end: Point, side: float, n: int) -> list[F64]:
    """From a rib's end to the sternum."""
    z = end[2] + 2.0 + 5.0 * n * 0.4
    front = sizes(z)
    goal: Point = (side * 17.0, front[6] - front[5] - 5.0, z)
    middle: Point = ((end[0] + goal[0]) / 2, min(end[1], goal[1]) + 3.0, end[2] - 1.0)
    return path([end, middle, goal], [5.2, 5.0, 4.6], CARTILAGE_HU, where=BODY)


def front_and_shoulders() -> list[F64]:
    """Sternum, clavicles, shoulder blades, heads of the humeri."""
    solids: list[F64] = []
    for cortex, hu in ((0.0, CORTEX_HU - 260), (1.3, MARROW_HU - 40)):
        for z in np.arange(46.0, -98.0, -3.0):
            size = sizes(float(z))
            half = 24.0 if z > 18 else 15.0 + 4.0 * math.sin((z + 95) / 36.0)
            radii = (half - cortex, 5.8 - cortex, 4.0)
            solids.append(ellipsoid((0, size[6] - size[5] - 6.0, float(z)), radii, hu, power=2.8, where=BODY))
    for side in SIDES:
        outer: Point = (side * 135, -22, 96)
        clavicle: list[Point] = [(side * 22, -60, 50), (side * 55, -63, 62), (side * 95, -42, 80), outer]
        solids += path(clavicle, [8.5, 6.5, 6.0, 7.0], MARROW_HU, where=BODY, wall=(1.8, CORTEX_HU + 100))
        blade: list[Point] = [(side * 118, 60, 110), (side * 114, 67, 60), (side * 106, 77, 10), (side * 98, 81, -38)]
        centre = (side * 109.0, 70.0, 38.0)
        solids.append(ellipsoid(centre, (48, 15, 82), MUSCLE_HU, turn=side * -47, where=BODY))
        plate = (42.0, 2.6, 74.0)
        solids.append(ellipsoid(centre, plate, MARROW_HU + 120, turn=side * -47, where=BODY, rim=(1.2, CORTEX_HU)))
        solids += path(blade, [4.5, 3.6, 3.4, 4.5], MARROW_HU + 60, where=BODY, wall=(1.3, CORTEX_HU))
        spine_of_blade: list[Point] = [(side * 96, 88, 52), (side * 122, 78, 70), (side * 146, 52, 92)]
        solids += path(spine_of_blade, [3.5, 4.5, 6.5], MARROW_HU, where=BODY, wall=(1.3, CORTEX_HU))
        solids.append(ellipsoid((side * 139, 38, 84), (11, 15, 17), MARROW_HU, where=BODY, rim=(1.5, CORTEX_HU)))
        solids.append(ellipsoid((side * 163, 22, 100), (23, 24, 25), MARROW_HU - 60, where=BODY, rim=(1.6, CORTEX_HU)))
    return solids


def muscles() -> list[F64]:
    """The larger muscles outside the cage."""
    solids: list[F64] = []
    for side in SIDES:
        solids.append(ellipsoid((side * 27, 87, -100), (25, 12.5, 600), MUSCLE_HU, power=2.4, where=BODY))
        solids.append(ellipsoid((side * 44, 93, 45), (46, 4.5, 110), MUSCLE_HU, turn=side * -13, where=BODY))
        solids.append(ellipsoid((side * 72, -77, 28), (60, 10.0, 66), MUSCLE_HU, turn=side * 24, where=BODY))
        solids.append(ellipsoid((side * 80, -62, 34), (36, 6.0, 40), MUSCLE_HU + 4, turn=side * 34, where=BODY))
        solids.append(ellipsoid((side * 150, 26, 98), (30, 36, 34), MUSCLE_HU, turn=side * -20, where=BODY))
        solids.append(ellipsoid((side * 78, 66, 98), (56, 17, 44), MUSCLE_HU, turn=side * -24, where=BODY))
        solids.append(ellipsoid((side * 34, -40, 112), (12, 9, 50), MUSCLE_HU, turn=side * 30, where=BODY))
        solids.append(ellipsoid((side * 138, 30, 10), (16, 26, 80), MUSCLE_HU, turn=side * -20, where=BODY))
    return solids


def breasts() -> list[F64]:
    """Strands of gland in the fat that `tissue` bulges out."""
    solids: list[F64] = []
    rng = np.random.default_rng(41)
    for side in SIDES:
        centre = np.array([side * BREAST_CENTRE[0], BREAST_CENTRE[1] + 4.0, BREAST_CENTRE[2]])
        nipple = centre + np.array([side * 8.0, -BREAST_RADII[1] + 1.0, -4.0])
        for _ in range(30):
            far = centre + rng.normal(0, 1, 3) * np.array([19.0, 4.0, 18.0])
            middle = 0.55 * far + 0.45 * nipple + rng.normal(0, 3, 3)
            widths = [float(rng.uniform(2.0, 4.5)), float(rng.uniform(1.0, 2.2)), 0.7]
            solids += path([as_point(far), as_point(middle), as_point(nipple)], widths, float(rng.uniform(-10, 35)))
    return solids
