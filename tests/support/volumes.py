"""Series that are volumes: axial, sagittal, reversed, slanted and anisotropic, by construction."""

from __future__ import annotations

import math

from msgspec.structs import replace

from consult.model.catalogue import Case, Series
from consult.model.geometry import Grid, Vec, add, cross, scale
from consult.model.identifiers import SeriesKey, StudyKey
from consult.model.view import NamedWindow, Window
from tests.support.cases import case

AXIAL = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0), (0.0, 0.0, -1.0)
TILT = math.radians(18.0)
GANTRY = (1.0, 0.0, 0.0), (0.0, math.cos(TILT), -math.sin(TILT))
C, S = math.cos(0.4), math.sin(0.4)
OBLIQUE = (C, S, 0.0), (-S * C, C * C, S)


def volume_grid(
    shape: tuple[int, int, int] = (24, 32, 40),
    spacing: tuple[float, float, float] = (3.0, 1.5, 1.5),
    directions: tuple[Vec, Vec] = AXIAL,
    *,
    step: Vec | None = None,
    origin: Vec = (-30.0, -24.0, -36.0),
) -> Grid:
    """Of (layers, rows, columns). `step`: from one layer to the next, where that is not along the normal."""
    right, down = directions
    through = step or scale(cross(right, down), spacing[0])
    positions = tuple(add(origin, scale(through, float(layer))) for layer in range(shape[0]))
    return Grid("patient", shape[1], shape[2], spacing[1], spacing[2], "mm", right, down, positions)


GRIDS: dict[str, Grid] = {
    "axial": volume_grid(),
    "tilted": volume_grid(directions=OBLIQUE),
    "sheared by the gantry": volume_grid(directions=GANTRY, step=(0.0, 0.0, 3.0)),
    "anisotropic": volume_grid((12, 40, 30), (7.0, 0.8, 1.9)),
    "sagittal": volume_grid((24, 32, 40), (2.5, 1.5, 1.5), SAGITTAL),
    "reversed": volume_grid(step=(0.0, 0.0, -3.0), origin=(-30.0, -24.0, 36.0)),
}


def volume_series(grid: Grid, key: str = "s-1", *, frame: str = "f-1", modality: str = "CT") -> Series:
    """A series of one time."""
    window = NamedWindow(Window(40.0, 400.0))
    images = len(grid.positions)
    return Series(
        SeriesKey(key), StudyKey("st-1"), modality, 1, "", images, grid, windows=(window,), frame_of_reference=frame
    )


def volume_case(grid: Grid | None = None) -> Case:
    """A CT, a PET in its frame of reference, an MR in another."""
    ct = volume_series(grid or GRIDS["axial"])
    pet_grid = volume_grid((20, 20, 20), (4.0, 4.0, 4.0), origin=(-38.0, -38.0, -38.0))
    pet = replace(volume_series(pet_grid, "s-pet", modality="PT"), unit="BQML")
    mr = volume_series(volume_grid((10, 16, 16), (5.0, 3.0, 3.0)), "s-mr", frame="f-2", modality="MR")
    return replace(case(), series=(ct, pet, mr))
