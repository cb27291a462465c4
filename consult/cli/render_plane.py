"""The plane of `consult render --plane`: a whole stack, cut along the patient's axes.

Kernels are imported when they are used: the command starts quickly without them.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from consult.dicom.pixels.picture import decode_picture
from consult.dicom.records import StackRecord
from consult.model.errors import Refused
from consult.model.geometry import Vec, add, dot, norm, scale
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.model.planes.acts import directions, extent
from consult.model.planes.volume import VolumeGeometry, volume_geometry, volume_places
from consult.model.view import MAX_SLAB_MM, Camera, Crosshair, PlaneName, VolumePreset, Window

Picture = NDArray[np.uint8]


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    where = "cut the stack along the patient's axes, at --position: mm to the head, the left or the back"
    parser.add_argument("--plane", choices=("axial", "sagittal", "coronal"), help=where)
    parser.add_argument("--slab", type=slab_mm, metavar="MM", help=f"thickness of the plane, 0 to {MAX_SLAB_MM:g}")
    seen = "render all of the stack in 3D instead, seen as --plane is seen: bone, vessels, skin or lungs of a CT, ..."
    parser.add_argument("--preset", choices=get_args(VolumePreset), help=seen)
    parser.add_argument("--projection", choices=("max", "min", "mean"), help="what a slab shows (default mean)")


def slab_mm(text: str) -> float:
    """A thickness."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= MAX_SLAB_MM:
        raise argparse.ArgumentTypeError(f"{text!r} is no thickness: 0 to {MAX_SLAB_MM:g} mm")
    return found


def check(args: argparse.Namespace) -> None:
    """Options that only go together. Raises Refused("no_plane", "no_preset", "no_frame")."""
    if args.plane is None and (args.slab is not None or args.projection is not None):
        raise Refused("no_plane", "--slab and --projection go with --plane.")
    if args.preset is not None and (args.plane is None or (args.slab, args.projection, args.position) != (None,) * 3):
        raise Refused("no_preset", "--preset goes with --plane alone, without --position, --slab and --projection.")
    if args.plane is not None and args.frame is not None:
        raise Refused("no_frame", "Give --frame or --plane, not both.")


def stack_of_file(path: Path) -> StackRecord:
    """The main stack of a file. Raises DicomRefused; Refused: "no_planes"."""
    from consult.dicom.reading.file_reader import read_file
    from consult.dicom.stacks import build_stacks

    stacks = build_stacks([read_file(str(path))])
    if not stacks:
        raise Refused("no_planes", f"{path} holds no images.")
    return stacks[0]


def layers_of(stack: StackRecord, files: Sequence[Path]) -> tuple[list[Image], VolumeGeometry]:
    """The decoded layers of a stack (of its first time), and where they lie.

    Raises:
        Refused: "no_planes", with the reason.
        DicomRefused: an image cannot be shown.
    """
    geometry = volume_geometry(stack.series)
    cells = [stack.series.image(place) for place in volume_places(stack.series)]
    images = [image for image in cells if image is not None]
    return [decode_picture(files[image], stack.frames[image], stack.format) for image in images], geometry


def draw_plane(source: tuple[list[Image], VolumeGeometry], window: Window, args: argparse.Namespace) -> Picture:
    """The whole plane, or all of the stack by a preset; without --size a pixel is a voxel's smallest side.

    Raises:
        Refused: "no_position": it lies outside of the images.
    """
    from consult.rendering.planes.plane import Slab, render_plane
    from consult.rendering.planes.volume import build
    from consult.rendering.volume_rendering.rays import render_volume

    images, geometry = source
    name: PlaneName = args.plane
    right, down = directions(Crosshair(SeriesKey(""), geometry.middle), name)
    centre = _at(geometry, {"axial": 2, "sagittal": 0, "coronal": 1}[name], args.position)
    pixel = min(map(norm, (geometry.across, geometry.along, geometry.through)))
    across, along = extent(geometry, right), extent(geometry, down)
    wanted: tuple[int, int] = args.size or (math.ceil(across / pixel - 1e-6), math.ceil(along / pixel - 1e-6))
    mm = pixel if args.size is None else max(across / wanted[0], along / wanted[1])
    camera = Camera(centre, mm * min(wanted) / 2, right, down)
    if args.preset is not None:
        return render_volume(build(images, geometry), camera, args.preset, window, wanted)
    slab = Slab(args.slab or 0.0, args.projection or "mean")
    return render_plane(build(images, geometry), camera, window, wanted, slab)


def _at(geometry: VolumeGeometry, axis: int, position: float | None) -> Vec:
    """The middle of a volume, or at a coordinate of the patient. Raises Refused("no_position")."""
    middle = geometry.middle
    if position is None:
        return middle
    unit: Vec = (float(axis == 0), float(axis == 1), float(axis == 2))
    reach = extent(geometry, unit) / 2
    if not abs(position - dot(middle, unit)) <= reach:
        low, high = dot(middle, unit) - reach, dot(middle, unit) + reach
        reaches = f"the images reach from {low:.4g} to {high:.4g} mm"
        raise Refused("no_position", f"There is nothing at {position:g} mm: {reaches}.")
    return add(middle, scale(unit, position - dot(middle, unit)))
