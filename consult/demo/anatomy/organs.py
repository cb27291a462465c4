"""Organs and great vessels of the phantom, in the portal venous phase with the arteries still bright."""

from __future__ import annotations

import numpy as np

from consult.demo.anatomy.paint import ABDOMEN, F64
from consult.demo.anatomy.solids import Point, ellipsoid, path, tube

AORTA_HU, PULMONARY_HU, VEIN_HU, CAVA_HU = 240.0, 225.0, 205.0, 165.0
CHAMBER_HU, MYOCARDIUM_HU = 228.0, 108.0
LIVER_HU, PORTAL_HU, HEPATIC_HU = 100.0, 172.0, 160.0
SPLEEN_HU, CORTEX_HU, MEDULLA_HU, PANCREAS_HU = 122.0, 190.0, 120.0, 92.0
WALL_HU, LUMEN_AIR_HU, FLUID_HU = 45.0, -990.0, 14.0

LIVER_CENTRE, LIVER_RADII = (-66.0, -4.0, -172.0), (78.0, 92.0, 76.0)
LEFT_LOBE_CENTRE, LEFT_LOBE_RADII = (4.0, -44.0, -150.0), (56.0, 36.0, 36.0)
PORTAL_HILUM, HEPATIC_HILUM = (-34.0, -6.0, -178.0), (-22.0, 2.0, -128.0)
DESCENDING: Point = (25.0, 31.0, -30.0)


def vessels() -> list[F64]:
    """Aorta and its branches, the pulmonary trunk, the great veins."""
    solids: list[F64] = []
    trunk: list[Point] = [(12, -46, -46), (16, -38, -20), (20, -20, -6), (34, 0, -4), (48, 8, -14)]
    solids += path([(14, -24, -9), (-4, -8, -13), (-26, -2, -18), (-46, 2, -24)], [11, 10.5, 9.5, 8], PULMONARY_HU)
    solids += path(trunk, [13, 13.5, 13, 10, 8], PULMONARY_HU)
    superior: list[Point] = [(-32, -20, 84), (-31, -18, 50), (-30, -16, 10), (-29, -16, -20), (-28, -22, -45)]
    solids += path(superior, [7, 8, 9, 9, 10], 255)
    solids += path([(60, -24, 88), (30, -38, 66), (0, -38, 56), (-28, -22, 46)], [5.5, 6, 6, 6.5], 235)
    azygos: list[Point] = [(-9, 33, -200), (-9, 32, 0), (-12, 28, 14), (-24, 6, 20), (-30, -12, 16)]
    solids += path(azygos, [3, 3.6, 3.8, 4, 4], CAVA_HU)
    for start, end, radius in (((-5, -19, 36), (-24, -18, 100), 6.2), ((5, -8, 38), (16, -10, 110), 4.0)):
        middle: Point = ((start[0] + end[0]) / 2 - 2, (start[1] + end[1]) / 2 - 2, (start[2] + end[2]) / 2)
        solids += path([start, middle, end], [radius, radius, radius * 0.9], AORTA_HU)
    solids += path([(15, 10, 36), (22, 10, 62), (40, -2, 84), (80, -12, 92)], [5.0, 4.8, 4.6, 4.4], AORTA_HU)
    aorta: list[Point] = [
        (4, -24, -44), (-10, -31, -18), (-16, -28, 10), (-9, -17, 30), (6, 2, 35), (19, 20, 26),
        DESCENDING, (23, 30, -90), (14, 24, -140), (8, 21, -190), (5, 20, -320),
    ]  # fmt: skip
    solids += path(aorta, [15, 15.5, 15.5, 14.5, 13.5, 13, 12, 11.5, 11, 10, 9], AORTA_HU, wall=(1.2, 75))
    cava: list[Point] = [(-25, -14, -78), (-22, 0, -115), (-20, 10, -150), (-16, 16, -200), (-14, 18, -320)]
    solids += path(cava, [12, 12, 12, 11.5, 11], CAVA_HU)
    return solids


def heart() -> list[F64]:
    """Chambers, muscle, the fat of its grooves, coronary arteries."""
    solids = [
        ellipsoid((24, -28, -72), (53, 37, 45), 70, turn=-32),
        ellipsoid((8, -20, -64), (12, 40, 14), -75, turn=-20),
        ellipsoid((46, -32, -80), (41, 30, 40), MYOCARDIUM_HU, turn=-32),
        ellipsoid((48, -33, -79), (30, 19, 29), CHAMBER_HU, turn=-32),
        ellipsoid((9, -53, -78), (37, 17, 31), CHAMBER_HU - 6, turn=-12, rim=(3.0, MYOCARDIUM_HU - 20)),
        ellipsoid((-23, -26, -66), (20, 24, 29), CHAMBER_HU + 4, turn=10),
        ellipsoid((8, 6, -44), (31, 17, 19), CHAMBER_HU, power=2.3),
    ]
    for side in (-1, 1):
        for dz in (0.0, -16.0):
            solids += path([(side * 22 + 6, 8, -42 + dz), (side * 40 + 3, 9, -38 + dz)], [6.5, 5.0], CHAMBER_HU - 10)
    solids += path([(16, -34, -44), (34, -56, -60), (58, -62, -84), (76, -52, -104)], [2.0, 1.8, 1.5, 1.0], 215)
    solids += path([(-2, -36, -44), (-14, -50, -66), (-8, -52, -96)], [1.9, 1.7, 1.2], 215)
    return solids


def airways_and_gullet() -> list[F64]:
    """Trachea, main bronchi, the gullet with a little air."""
    gullet: list[Point] = [(6, 18, 120), (5, 22, 50), (8, 26, 0), (8, 22, -60), (16, 10, -110), (34, -2, -138)]
    solids = path(gullet, [6.0, 6.0, 6.5, 6.5, 7.0, 7.5], WALL_HU + 10)
    solids += path([(6, 17, 120), (5, 21, 50), (9, 25, 12)], [1.6, 2.2, 1.0], -600)
    trachea: list[Point] = [(0, -12, 130), (0, -4, 70), (0, 3, 25), (0, 6, 3)]
    right: list[Point] = [(0, 6, 3), (-14, 8, -7), (-27, 7, -18), (-40, 5, -27)]
    left: list[Point] = [(0, 6, 3), (15, 9, -10), (31, 11, -22), (45, 10, -30)]
    tubes = [(trachea, [9.8, 9.8, 10.2, 10.6]), (right, [9.5, 8.6, 8.0, 6.8]), (left, [9.0, 7.8, 7.2, 6.2])]
    for thin, hu in ((0.0, WALL_HU), (1.5, LUMEN_AIR_HU)):
        for points, radii in tubes:
            solids += path(points, [radius - thin for radius in radii], hu)
    return solids


def abdomen() -> list[F64]:
    """Liver, spleen, stomach, kidneys, pancreas, bowel, the muscles at the spine."""
    solids: list[F64] = []
    for side in (-1, 1):
        psoas: list[Point] = [(side * 24, 46, -175), (side * 30, 46, -240), (side * 38, 42, -320)]
        solids += path(psoas, [6, 13, 18], 62, where=ABDOMEN)
        crus: list[Point] = [(side * 8, 34, -120), (side * 13, 30, -170), (side * 14, 36, -230)]
        solids += path(crus, [4, 4.5, 4], 58, where=ABDOMEN)
        solids.append(ellipsoid((side * 54, 66, -290), (22, 12, 60), 60, where=ABDOMEN))
    solids.append(ellipsoid(LIVER_CENTRE, LIVER_RADII, LIVER_HU, power=2.25, where=ABDOMEN))
    solids.append(ellipsoid(LEFT_LOBE_CENTRE, LEFT_LOBE_RADII, LIVER_HU, where=ABDOMEN))
    solids.append(ellipsoid((-14, -62, -182), (5, 22, 22), -80, turn=12, where=ABDOMEN))
    solids.append(ellipsoid((-46, -52, -218), (15, 20, 24), FLUID_HU - 4, where=ABDOMEN, rim=(1.4, 70)))
    solids.append(ellipsoid((100, 32, -166), (27, 44, 46), SPLEEN_HU, turn=24, where=ABDOMEN))
    for side, z in ((-1, -240.0), (1, -224.0)):
        solids += _kidney(side, z)
    pancreas: list[Point] = [(-30, -8, -232), (-6, -14, -220), (26, -4, -208), (74, 18, -190)]
    solids += path(pancreas, [12, 9, 8.5, 7], PANCREAS_HU, where=ABDOMEN)
    solids += path([(-12, 0, -226), (20, 6, -208), (80, 26, -184)], [5, 4.6, 4], PORTAL_HU, where=ABDOMEN)
    solids += path([(-10, 2, -218), (-24, -2, -196), PORTAL_HILUM], [7, 7, 6.5], PORTAL_HU, where=ABDOMEN)
    return solids + _stomach() + _bowel()


def _kidney(side: int, z: float) -> list[F64]:
    """Cortex, medulla, sinus, vessels."""
    x, y = side * 60.0, 42.0
    solids = [ellipsoid((x, y, z), (27, 22, 52), MEDULLA_HU, turn=side * 30, where=ABDOMEN, rim=(7.0, CORTEX_HU))]
    for dz in np.arange(-34.0, 35.0, 17.0):
        solids.append(tube((x, y, z + dz), (x + side * 16, y + 2, z + dz), (2.2, 3.0), CORTEX_HU - 12, where=ABDOMEN))
    solids.append(ellipsoid((x - side * 12, y - 4, z), (11, 8, 26), -70, turn=side * 30, where=ABDOMEN))
    vein: list[Point] = [(x - side * 8, y - 3, z - 6), (x - side * 24, y - 10, z - 2), (side * 8.0, 20, z + 4)]
    solids += path(vein, [4, 4, 4], VEIN_HU, where=ABDOMEN)
    return solids


def _stomach() -> list[F64]:
    """Wall, fluid, and gas that stands in front of it."""
    solids: list[F64] = []
    parts: tuple[tuple[Point, Point], ...] = (((60, -20, -156), (36, 40, 38)), ((44, -44, -190), (34, 24, 26)))
    for centre, radii in parts:
        solids.append(ellipsoid(centre, radii, FLUID_HU, where=ABDOMEN, rim=(4.5, 78)))
    for centre, radii in parts:
        inner = (radii[0] - 4.5, radii[1] - 4.5, radii[2] - 4.5)
        solids.append(ellipsoid(centre, inner, FLUID_HU, where=ABDOMEN))
        solids.append(ellipsoid(centre, inner, LUMEN_AIR_HU, where=ABDOMEN, level=-40.0))
    return solids


def _bowel() -> list[F64]:
    """Transverse colon with gas and stool, loops of small bowel."""
    colon: list[Point] = [
        (-92, -30, -262), (-62, -54, -246), (-10, -64, -252), (48, -58, -236), (88, -28, -208), (98, 8, -248),
    ]  # fmt: skip
    solids = path(colon, [19, 18, 17, 18, 18, 16], LUMEN_AIR_HU + 60, where=ABDOMEN, wall=(2.6, 66))
    rng = np.random.default_rng(23)
    for _ in range(26):
        at = colon[int(rng.integers(0, 5))]
        spot = (at[0] + rng.normal(0, 12), at[1] + 7 + rng.normal(0, 3), at[2] + rng.normal(0, 6))
        solids.append(ellipsoid(spot, (6.5, 5, 6), float(rng.uniform(-120, 40)), where=ABDOMEN))
    for _ in range(12):
        start = np.array([rng.uniform(-40, 70), rng.uniform(-48, 4), rng.uniform(-300, -232)])
        points = [start + np.array([rng.normal(0, 14), rng.normal(0, 9), rng.normal(0, 10)]) * k for k in range(4)]
        loop: list[Point] = [(float(p[0]), float(min(p[1], 8.0)), float(min(p[2], -230.0))) for p in points]
        solids += path(loop, [10, 11, 11, 10], 28, where=ABDOMEN, wall=(2.6, 96))
    return solids
