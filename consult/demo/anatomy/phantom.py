"""The phantom as a whole: all solids, and one clean slice of it.

A `Patient` is the phantom at one date: what grew, and how they lie on the table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from consult.demo.anatomy import organs, skeleton, tissue, trees
from consult.demo.anatomy.bend import bent_grid
from consult.demo.anatomy.lesions import Findings, lesions
from consult.demo.anatomy.paint import ABDOMEN, AIR, F32, F64, LUNG, PIXEL_MM, Slice, paint
from consult.demo.anatomy.solids import Point, tube
from consult.rendering.compiled import kernel

SIZE = 512
FIELD_MM = SIZE * PIXEL_MM
OUTSIDE_HU = -1024.0
LUNG_TARGETS, AIRWAY_TARGETS, LIVER_TARGETS = 2300, 70, 170
SEED = 10042


@dataclass(frozen=True, eq=False)
class Patient:
    """The phantom at one date.

    Attributes:
        findings: what a radiologist looks for, with sizes.
        shift: (x, y) mm by which the patient lies elsewhere in the field of view.
        solids: everything but tissue, in painting order, (n, FIELDS).
    """

    findings: Findings
    shift: tuple[float, float]
    solids: F64


def patient(findings: Findings, shift: tuple[float, float]) -> Patient:
    """Assemble the phantom."""
    parts = [
        *skeleton.breasts(), *skeleton.muscles(), *skeleton.ribs(), *skeleton.spine(), *skeleton.front_and_shoulders(),
        *organs.abdomen(), *_liver_vessels(), *_lung_vessels(), *organs.heart(), *organs.vessels(),
        *organs.airways_and_gullet(), *lesions(findings), *_table(),
    ]  # fmt: skip
    return Patient(findings, shift, np.array(parts))


@kernel
def _lung_depths(points: F64, sizes: F64) -> F64:
    """Distance to the lungs' surface of each point; `sizes` (n, 8) at its z."""
    depths = np.empty(points.shape[0])
    for i in range(points.shape[0]):
        depths[i] = tissue.lung_distance(points[i, 0], points[i, 1], points[i, 2], sizes[i])
    return depths


@kernel
def _dome_heights(points: F64) -> F64:
    """z of the diaphragm over (under) each point."""
    heights = np.empty(points.shape[0])
    for i in range(points.shape[0]):
        heights[i] = tissue.dome(points[i, 0], points[i, 1])
    return heights


def _in_lung(side: float, margin: float) -> trees.Inside:
    """Whether points lie in one lung, some mm below its surface."""

    def inside(points: F64) -> NDArray[np.bool_]:
        columns = tissue.OUTLINE[:, 1:].T
        sizes = np.array([np.interp(points[:, 2], tissue.OUTLINE[:, 0], column) for column in columns]).T
        return np.asarray((_lung_depths(points, np.ascontiguousarray(sizes)) < -margin) & (points[:, 0] * side > 0))

    return inside


@cache
def _lung_vessels() -> list[F64]:
    """Arteries, veins and airways of both lungs."""
    solids: list[F64] = []
    for n, side in enumerate((-1.0, 1.0)):
        box = ((min(side * 135, 0), -90.0, -175.0), (max(side * 135, 0), 95.0, 100.0))
        inside = _in_lung(side, 2.5)
        artery: Point = (side * 47.0, 4.0, -20.0)
        vein: Point = (side * 46.0, 10.0, -44.0)
        airway: Point = (side * 43.0, 6.0, -29.0)
        air = trees.grow(airway, trees.scatter(_in_lung(side, 9.0), box, AIRWAY_TARGETS, SEED + n), 0.5)
        solids += trees.branches(air, (1.3, 5.2), -250.0, LUNG)
        for seed, root, hu in ((20, artery, 60.0), (30, vein, 50.0)):
            tree = trees.grow(root, trees.scatter(inside, box, LUNG_TARGETS, SEED + seed + n))
            solids += trees.branches(tree, (0.40, 6.6), hu, LUNG)
        solids += trees.branches(air, (1.3, 5.2), -965.0, LUNG, thin=0.8)
    return solids


@cache
def _liver_vessels() -> list[F64]:
    """Portal and hepatic veins."""

    def inside(points: F64) -> NDArray[np.bool_]:
        centre, radii = np.array(organs.LIVER_CENTRE), np.array(organs.LIVER_RADII) - 9.0
        main = (((points - centre) / radii) ** 2).sum(axis=1) < 1.0
        across, along = np.abs(points[:, 0]) / 121.0, np.abs(points[:, 1]) / 78.0
        lateral = across**tissue.SQUARISH + along**tissue.SQUARISH < 1.0
        return np.asarray(main & lateral & (_dome_heights(points) > points[:, 2] + 9.0))

    solids: list[F64] = []
    roots = ((organs.PORTAL_HILUM, organs.PORTAL_HU), (organs.HEPATIC_HILUM, organs.HEPATIC_HU))
    for n, (root, hu) in enumerate(roots):
        targets = trees.scatter(inside, ((-135, -90, -245), (30, 85, -105)), LIVER_TARGETS, SEED + 50 + n)
        solids += trees.branches(trees.grow(root, targets, 0.5), (0.95, 6.0), hu, ABDOMEN)
    return solids


def _table() -> list[F64]:
    """The couch: a curved shell of carbon fibre around foam, a mattress on it. It runs along z: tubes side by side."""
    solids: list[F64] = []
    layers = (
        (108.5, 1150.0, 190.0, 0.8, -560.0),
        (121.0, 900.0, 205.0, 1.3, -180.0),
        (123.6, 900.0, 205.0, 1.6, -60.0),
        (156.0, 420.0, 190.0, 1.5, -160.0),
    )
    for depth, radius, half, thickness, hu in layers:
        for x in np.arange(-half, half, 1.1):
            y = depth - x * x / (2 * radius)
            solids.append(tube((x, y, -500.0), (x, y, 400.0), (thickness, thickness), hu, where=AIR, straight=True))
    return solids


def _texture(x: F32, y: F32, z: float) -> F32:
    """Slowly varying, about -1 to 1."""
    waves = np.sin(0.11 * x + 0.05 * y + 0.09 * z) + np.sin(0.07 * y - 0.13 * x + 0.06 * z + 1.0)
    return np.asarray(0.45 * (waves + np.sin(0.21 * y + 0.17 * x - 0.11 * z)), np.float32)


def clean_slice(who: Patient, z: float) -> F32:
    """One slice, without blur or noise.

    Args:
        who: the phantom.
        z: phantom mm.

    Returns:
        (SIZE, SIZE) float32 HU; outside the circular field of view `OUTSIDE_HU`.
    """
    axis: F64 = np.asarray((np.arange(SIZE) - (SIZE - 1) / 2) * PIXEL_MM, np.float64)
    columns: F64 = np.asarray(axis - who.shift[0], np.float64)
    rows: F64 = np.asarray(axis - who.shift[1], np.float64)
    x, y = bent_grid(columns, rows, z)
    hu, label = np.empty((SIZE, SIZE), np.float32), np.empty((SIZE, SIZE), np.uint8)
    tissue.fill(hu, label, (x, y, z, tissue.sizes(z)), _texture(x, y, z))
    paint(Slice(hu, label, x, y, columns, rows, z), who.solids)
    radius = np.hypot(axis[None, :], axis[:, None])
    hu[radius > math.floor(FIELD_MM / 2) - 1] = OUTSIDE_HU
    return hu
