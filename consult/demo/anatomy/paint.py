"""Painting one slice of the phantom: solids with soft edges, in millimetres.

Rules of this file:
- Coordinates are LPS mm of the phantom: x to the left, y to the back, z to the head; the tracheal carina is at z = 0.
- Pixels are evaluated at bent coordinates (`bend_x`, `bend_y`, mm to add): nobody is made of ellipses. Solids with
  `STRAIGHT` are not bent: what has a known size keeps it.
- An edge is one pixel wide, as a pixel averages what it covers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from consult.rendering.compiled import kernel

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

AIR, BODY, LUNG, ABDOMEN = 1, 2, 4, 8
"""Labels of pixels, as bits: a solid may be limited to some."""
ANYWHERE = AIR | BODY | LUNG | ABDOMEN
TUBE, ELLIPSOID = 0.0, 1.0
FIELDS = 22
(
    KIND, X0, Y0, Z0, X1, Y1, Z1, R0, R1, HU, RIM, RIM_HU, WHERE, STRAIGHT, RZ, COS, SIN, POWER, Z_LOW, Z_HIGH, REACH,
    LEVEL,
) = range(FIELDS)  # fmt: skip
PIXEL_MM = 0.75


class Slice(NamedTuple):
    """One slice being painted, all (rows, columns).

    Attributes:
        hu: painted.
        label: what is where.
        x, y: bent phantom coordinates of the pixels' centres, mm.
        straight_x, straight_y: those of the columns (columns,) and of the rows (rows,), not bent.
        z: mm.
    """

    hu: F32
    label: NDArray[np.uint8]
    x: F32
    y: F32
    straight_x: F64
    straight_y: F64
    z: float


@kernel
def tube_distance(solid: F64, x: float, y: float, z: float) -> float:
    """Signed distance to a tapering tube with round ends."""
    ax, ay, az = solid[X1] - solid[X0], solid[Y1] - solid[Y0], solid[Z1] - solid[Z0]
    px, py, pz = x - solid[X0], y - solid[Y0], z - solid[Z0]
    length = ax * ax + ay * ay + az * az
    t = (px * ax + py * ay + pz * az) / length if length > 0.0 else 0.0
    t = min(max(t, 0.0), 1.0)
    dx, dy, dz = px - t * ax, py - t * ay, pz - t * az
    return math.sqrt(dx * dx + dy * dy + dz * dz) - float(solid[R0] + t * (solid[R1] - solid[R0]))


@kernel
def ellipsoid_distance(solid: F64, x: float, y: float, z: float) -> float:
    """Signed distance, good near the surface, to an ellipsoid turned about the z axis; POWER above 2 makes it boxy."""
    px, py, pz = x - solid[X0], y - solid[Y0], z - solid[Z0]
    u = (px * solid[COS] + py * solid[SIN]) / solid[R0]
    v = (py * solid[COS] - px * solid[SIN]) / solid[R1]
    w = pz / solid[RZ]
    power = solid[POWER]
    if power == 2.0:
        rho = math.sqrt(u * u + v * v + w * w)
    else:
        rho = (abs(u) ** power + abs(v) ** power + abs(w) ** power) ** (1.0 / power)
    if rho < 1e-6:
        return -float(min(solid[R0], solid[R1]))
    gx, gy, gz = u / solid[R0], v / solid[R1], w / solid[RZ]
    steepness = math.sqrt(gx * gx + gy * gy + gz * gz) / math.sqrt(u * u + v * v + w * w)
    return float((rho - 1.0) / steepness)


@kernel
def paint_solid(hu: F32, label: NDArray[np.uint8], coordinates: tuple[F32, F32, F64, F64, float], solid: F64) -> None:
    """Blend one solid into a slice, within its reach."""
    x_of, y_of, columns, rows, z = coordinates
    margin = 1.0 if solid[STRAIGHT] else 7.0
    where = int(solid[WHERE])
    low_x = min(solid[X0], solid[X1]) - solid[REACH] - margin
    high_x = max(solid[X0], solid[X1]) + solid[REACH] + margin
    low_y = min(solid[Y0], solid[Y1]) - solid[REACH] - margin
    high_y = max(solid[Y0], solid[Y1]) + solid[REACH] + margin
    step = columns[1] - columns[0]
    first_c = max(0, int((low_x - columns[0]) / step))
    last_c = min(len(columns), int((high_x - columns[0]) / step) + 2)
    first_r = max(0, int((low_y - rows[0]) / step))
    last_r = min(len(rows), int((high_y - rows[0]) / step) + 2)
    for r in range(first_r, last_r):
        for c in range(first_c, last_c):
            if not label[r, c] & where:
                continue
            x, y = (columns[c], rows[r]) if solid[STRAIGHT] else (float(x_of[r, c]), float(y_of[r, c]))
            d = tube_distance(solid, x, y, z) if solid[KIND] == TUBE else ellipsoid_distance(solid, x, y, z)
            share = min(max(0.5 - d / PIXEL_MM, 0.0), 1.0)
            if share > 0.0 and y <= solid[LEVEL]:
                value = solid[HU]
                if solid[RIM] > 0.0:
                    inner = min(max(0.5 - (d + solid[RIM]) / PIXEL_MM, 0.0), 1.0)
                    value = solid[HU] * inner + solid[RIM_HU] * (1.0 - inner)
                hu[r, c] = np.float32(hu[r, c] * (1.0 - share) + value * share)


@kernel
def paint_solids(hu: F32, label: NDArray[np.uint8], coordinates: tuple[F32, F32, F64, F64, float], solids: F64) -> None:
    """Paint solids in their order; those that do not reach this z are passed over."""
    z = coordinates[4]
    for i in range(solids.shape[0]):
        if solids[i, Z_LOW] <= z <= solids[i, Z_HIGH]:
            paint_solid(hu, label, coordinates, solids[i])


def paint(canvas: Slice, solids: F64) -> None:
    """Paint solids, (n, FIELDS), in their order."""
    place = (canvas.x, canvas.y, canvas.straight_x, canvas.straight_y, canvas.z)
    paint_solids(canvas.hu, canvas.label, place, solids)
