"""What a radiologist looks for in the phantom, of known size and place: nothing here is bent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from consult.demo.anatomy.paint import ABDOMEN, BODY, F64, LUNG
from consult.demo.anatomy.solids import Point, as_point, ellipsoid, tube

NODULE_CENTRE: Point = (-72.0, -14.0, 26.0)
NODULE_HU = 38.0
SPICULES = 22
NODE_CENTRE: Point = (-17.0, 2.0, 24.0)
METASTASIS_CENTRE: Point = (-88.0, -22.0, -168.0)
METASTASIS_HU = 48.0
CYST_CENTRE: Point = (-60.0, 38.0, -176.0)
CYST_MM, CYST_HU = 17.0, 6.0


@dataclass(frozen=True)
class Findings:
    """Sizes at one date.

    Attributes:
        nodule_mm: diameter of the nodule in the right upper lobe, spicules not counted; 0: none.
        node_mm: short axis of the node beside the trachea (4R).
        metastasis_mm: diameter of the lesion in the right lobe of the liver; 0: none yet.
    """

    nodule_mm: float
    node_mm: float
    metastasis_mm: float


def lesions(findings: Findings) -> list[F64]:
    """Solids of the findings, in painting order."""
    short = findings.node_mm / 2
    solids = [
        *_nodule(findings.nodule_mm / 2),
        ellipsoid(NODE_CENTRE, (short, short * 1.35, short * 1.5), 52.0, where=BODY, straight=True),
        ellipsoid(CYST_CENTRE, (CYST_MM / 2,) * 3, CYST_HU, where=ABDOMEN, straight=True),
    ]
    if findings.metastasis_mm:
        radius = findings.metastasis_mm / 2
        solids.append(ellipsoid(METASTASIS_CENTRE, (radius,) * 3, METASTASIS_HU, where=ABDOMEN, straight=True))
    return solids


def _nodule(radius: float) -> list[F64]:
    """A ball of lobes whose outermost points lie on the sphere of `radius`, spicules around it, a tag to the pleura."""
    rng = np.random.default_rng(7)
    centre = np.array(NODULE_CENTRE)
    solids: list[F64] = []
    for direction in _directions(SPICULES, rng):
        reach = radius * float(rng.uniform(1.35, 2.2))
        bow = direction + rng.normal(0, 0.10, 3)
        start, middle = centre + direction * radius * 0.8, centre + bow * (radius + reach) / 2
        widths = radius * float(rng.uniform(0.06, 0.12))
        solids.append(_ray(start, middle, (widths * 1.7, widths)))
        solids.append(_ray(middle, centre + bow * reach, (widths, 0.3)))
    solids.append(_ray(centre, centre + np.array([-44.0, -12.0, 2.0]), (1.2, 0.5)))
    solids.append(ellipsoid(NODULE_CENTRE, (radius * 0.84,) * 3, NODULE_HU, where=LUNG, straight=True))
    lobe = radius * 0.36
    spread = [*_directions(13, rng), np.array([1.0, 0, 0]), np.array([-1.0, 0, 0])]
    for direction in spread:
        place = centre + direction * (radius - lobe)
        solids.append(ellipsoid(as_point(place), (lobe,) * 3, NODULE_HU, where=LUNG, straight=True))
    return solids


def _directions(count: int, rng: np.random.Generator) -> list[F64]:
    """Unit vectors all around, a little irregular."""
    turn = math.pi * (3 - math.sqrt(5))
    found = []
    for k in range(count):
        z = 1 - 2 * (k + 0.5) / count
        flat = math.sqrt(1 - z * z)
        direction = np.array([flat * math.cos(turn * k), flat * math.sin(turn * k), z]) + rng.normal(0, 0.12, 3)
        found.append(direction / np.linalg.norm(direction))
    return found


def _ray(start: F64, end: F64, radii: tuple[float, float]) -> F64:
    return tube(as_point(start), as_point(end), radii, NODULE_HU - 30, where=LUNG, straight=True)
