"""`consult render FILE_OR_SERIES_UID -o OUT.png`: one picture by the product's own renderer, to a PNG file.

Rules of this file:
- Without --size one image pixel is one PNG pixel, nothing is interpolated (and nothing compiled: it starts quickly).
- What a file's own presentation has (mask, overlays, shutter) is applied as the page applies it. A window that is asked
  for shows the pixels alone: it is how pictures are compared with those of other tools. --parts says otherwise.
- What the page writes on the picture goes to stderr: what is applied or left out, and what must be said of the image.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.cli.render_plane import check as check_plane
from consult.cli.render_plane import configure as configure_plane
from consult.cli.render_plane import draw_plane, layers_of, stack_of_file
from consult.cli.setting_options import add_settings, settings_of
from consult.dicom.pixels.picture import decode_picture, read_pictures
from consult.dicom.records import FileRecord, Frame, PixelFormat, StackRecord
from consult.media.video.png import encode_png
from consult.model.errors import Refused
from consult.model.geometry import Grid, cross, dot
from consult.model.image import Image
from consult.model.view import Part, Window
from consult.rendering.graphics import Picture, with_graphics
from consult.rendering.window import apply_window, around_zero, default_window, subtracted

if TYPE_CHECKING:
    from consult.library.object_store import ObjectStore
    from consult.store.index import Index

UID = re.compile(r"[0-9.]{3,64}")
MAX_SIDE = 16_384
PARTS: tuple[Part, ...] = get_args(Part)
PART_WORDS = {
    "mask": ("subtracted", "unsubtracted"),
    "overlay": ("overlay", "overlay hidden"),
    "shutter": ("shutter", "without shutter"),
    "palette": ("palette of the file", "without palette"),
}
"""Of each part: where it is applied, and where it is left out."""


@dataclass(frozen=True)
class Source:
    """Frames in their order, the file of each, and what must be said of them. `stack`: of an imported series."""

    frames: Sequence[Frame]
    files: Sequence[Path]
    format: PixelFormat
    note: str = ""
    stack: StackRecord | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments as in the contract."""
    parser.add_argument("source", metavar="FILE_OR_SERIES_UID", help="a DICOM file, or a series that was imported")
    parser.add_argument("--frame", type=int, metavar="N", help="image of the stack, counted from 1 (default 1)")
    parser.add_argument("--position", type=float, metavar="MM", help="the image nearest to this slice location")
    configure_plane(parser)
    parser.add_argument(
        "--window", type=float, nargs=2, metavar=("CENTER", "WIDTH"), help="default: the file's first, else all values"
    )
    parser.add_argument(
        "--parts",
        type=parts,
        metavar="PARTS",
        help=f"of what the file asks for: {', '.join(PARTS)}, all or none (default all; with --window none)",
    )
    parser.add_argument("--size", type=size, metavar="WxH", help="fit the whole image; default: pixel for pixel")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.png", help="PNG file to write")
    add_settings(parser, ("data",))


def size(text: str) -> tuple[int, int]:
    """`640x480` to (width, height)."""
    found = re.fullmatch(r"([0-9]{1,5})[xX×]([0-9]{1,5})", text)
    if not found or not all(1 <= int(side) <= MAX_SIDE for side in found.groups()):
        raise argparse.ArgumentTypeError(f"{text!r} is no size: WIDTHxHEIGHT in pixels, each 1 to {MAX_SIDE}")
    return int(found[1]), int(found[2])


def parts(text: str) -> frozenset[Part]:
    """`overlay,shutter` to those; `all`, `none`."""
    named = {"all": PARTS, "none": ()}.get(text, tuple(text.split(",")))
    if unknown := [name for name in named if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(PARTS)}, all, none")
    return frozenset(part for part in PARTS if part in named)


def run(args: argparse.Namespace) -> int:
    """Render, say what there is to say, and write."""
    check_plane(args)
    source = find_source(args)
    chosen = choose(source, args.frame, args.position) if args.plane is None else len(source.frames) // 2
    frame = source.frames[chosen]
    applied = args.parts if args.parts is not None else frozenset(() if args.window else PARTS)
    without = frozenset(PARTS) - applied
    image = decode_picture(source.files[chosen], frame, source.format, without)
    window = choose_window(image, frame, args.window)
    if args.plane is not None:
        drawn = _plane(source, window, args)
    elif args.size is None:
        drawn = draw(image, window, without)
    else:
        drawn = draw_fitted(image, frame, window, args.size, without)
    try:
        args.output.write_bytes(encode_png(drawn))
    except OSError as error:
        raise Refused("cannot_write", f"{args.output} cannot be written: {error.strerror}.") from None
    measured = (
        "" if image.colour or args.window or (frame.offered_windows and image.mask is None) else "window measured"
    )
    if notes := ", ".join(filter(None, (*presented(frame, without), measured, source.note))):
        print(f"consult render: {notes}", file=sys.stderr)
    return 0


def _plane(source: Source, window: Window | None, args: argparse.Namespace) -> Picture:
    stack = source.stack or stack_of_file(source.files[0])
    if args.preset is not None and args.window is None and stack.series.modality == "CT":
        from consult.rendering.volume_rendering.presets import LOOKS

        window = LOOKS[args.preset].window
    return draw_plane(layers_of(stack, source.files), window or Window(0.5, 1.0), args)


def presented(frame: Frame, without: Collection[Part]) -> list[str]:
    """What of the file's own presentation is applied, and what is left out, as the page says it."""
    return [PART_WORDS[part][part in without] for part in PARTS if part in frame.presentation.parts]


def find_source(args: argparse.Namespace) -> Source:
    """The file that is named, else the imported series of that UID.

    Raises:
        Refused: "no_source".
        DicomRefused: the file shows nothing.
    """
    path = Path(args.source)
    if path.is_file():
        try:
            pictures = read_pictures(path)
        except OSError as error:
            raise Refused("no_source", f"{path} cannot be read: {error.strerror}.") from None
        return Source(pictures.frames, [path] * len(pictures.frames), pictures.format, pictures.note)
    if not UID.fullmatch(args.source):
        raise Refused("no_source", f"{args.source} is neither a file nor a SeriesInstanceUID.")
    return asyncio.run(_imported(args))


async def _imported(args: argparse.Namespace) -> Source:
    """The main stack of an imported series."""
    from consult.dicom.stacks import build_stacks
    from consult.library.former_records import is_former
    from consult.store.backend import store_of
    from consult.stores import open_objects, open_stores

    settings = settings_of(args)
    data = settings.data
    missing = Refused("no_source", f"There is no file {args.source}, and no series of that UID in {data}.")
    if not settings.redis and not store_of(data) and not (data / "index.sqlite").is_file():
        raise missing
    objects, decoder = open_objects(settings), msgspec.msgpack.Decoder(FileRecord)
    async with AsyncExitStack() as open_until_read:
        index = (await open_stores(open_until_read, settings)).index()
        open_until_read.push_async_callback(index.close)
        records: list[FileRecord] = []
        for study in await index.studies():
            of_study = map(decoder.decode, await index.files_of_study(study.uid))
            records += [record for record in of_study if record.series_uid == args.source]
        if any(map(is_former, records)):
            records = await _completed(records, index, objects)
    if not records:
        raise missing
    stack: StackRecord = build_stacks(records)[0]
    files = [await asyncio.to_thread(objects.fetch, frame.file) for frame in stack.frames]
    return Source(stack.frames, files, stack.format, stack.series.note, stack)


async def _completed(records: list[FileRecord], index: Index, objects: ObjectStore) -> list[FileRecord]:
    """Records of an older version, with what orders their images, as the server has them."""
    from consult.dicom.workers import DicomWorkers
    from consult.library.former_records import FormerRecords

    async def fetched(file: str) -> Path:
        return await asyncio.to_thread(objects.fetch, file)

    async with DicomWorkers(count=1) as workers:
        return await FormerRecords(index, workers, fetched).complete(records)


def choose(source: Source, number: int | None, position: float | None) -> int:
    """Index of the image that is meant.

    Raises:
        Refused: "no_frame", "no_position".
    """
    if number is not None and position is not None:
        raise Refused("no_frame", "Give --frame or --position, not both.")
    if position is not None:
        located = [(abs(location(frame) - position), i) for i, frame in enumerate(source.frames) if frame.plane]
        if not located:
            raise Refused("no_position", "These images have no place in the patient: choose by --frame.")
        return min(located)[1]
    wanted = 1 if number is None else number
    if not 1 <= wanted <= len(source.frames):
        raise Refused("no_frame", f"There is no image {wanted}: there are {len(source.frames)}.")
    return wanted - 1


def location(frame: Frame) -> float:
    """Slice location: distance of its plane from the origin along its normal, mm; nan where it has no place."""
    if frame.plane is None:
        return float("nan")
    return dot(frame.plane.position, cross(frame.plane.right, frame.plane.down))


def choose_window(image: Image, frame: Frame, asked: Sequence[float] | None) -> Window | None:
    """The window that is asked for, else the file's first, else from the smallest to the largest value.

    Of a subtracted image one around 0, by its differences, as the page measures it.

    Raises:
        Refused: "bad_window".
    """
    if image.colour:
        if asked:
            raise Refused("bad_window", "A colour image has no window.")
        return None
    if asked:
        try:
            return msgspec.convert({"center": asked[0], "width": asked[1]}, Window)
        except msgspec.ValidationError as error:
            raise Refused("bad_window", f"{asked[0]:g} {asked[1]:g} is no window: {error}.") from None
    if image.mask is not None:
        return around_zero(default_window(subtracted(image)))
    offered = frame.offered_windows
    return offered[0].window if offered else full_window(image)


def full_window(image: Image) -> Window:
    """From the smallest to the largest modality value of a grey image, padding left out."""
    pixels: NDArray[Any] = image.pixels
    pixels = pixels[~image.padded(pixels)]
    finite = pixels[np.isfinite(pixels)] if pixels.dtype.kind == "f" else pixels
    if finite.size == 0:
        return Window(0.5, 1.0)
    ends = sorted(float(end) * image.slope + image.intercept for end in (finite.min(), finite.max()))
    whole = pixels.dtype.kind != "f" and image.slope == round(image.slope)
    return Window((ends[0] + ends[1]) / 2, max(ends[1] - ends[0], 1.0 if whole else 1e-6))


def draw(image: Image, window: Window | None, without: Collection[Part] = ()) -> Picture:
    """One image pixel, one pixel."""
    drawn = np.asarray(image.pixels, np.uint8) if window is None else apply_window(subtracted(image), window)
    if image.supplemental is not None and image.mask is None:
        from consult.rendering.supplemental import with_own_colours  # compiled, which a plain picture starts without

        drawn = with_own_colours(drawn, image)
    return drawn if image.graphics is None else with_graphics(drawn, image.graphics, without)


def draw_fitted(
    image: Image, frame: Frame, window: Window | None, wanted: tuple[int, int], without: Collection[Part]
) -> Picture:
    """The whole image, as large as it fits."""
    from consult.rendering.stack import render_viewport
    from consult.sessions.views import fitted_camera

    rows, columns = image.pixels.shape[:2]
    right, down = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    origin = ((0.0, 0.0, 0.0),)
    grid = Grid("image", rows, columns, frame.row_spacing, frame.column_spacing, frame.unit, right, down, origin)
    return render_viewport(image, grid, 0, fitted_camera(grid, 0), window, wanted, without=without)
