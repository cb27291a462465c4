"""What stands for all of a stack: a window by the values of an image, where its file offers none, and a small picture.

Rules of this file:
- Both are of the middle image, or of the nearest to it that can be shown; made once.
- A picture's name begins with its series: whoever removes a series finds those of all its stacks, of earlier ones too.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

import msgspec
from msgspec.structs import replace

from consult.dicom.limits import decoding_cpu_s, size_of
from consult.dicom.records import DECODER_VERSION, Frame, StackRecord
from consult.dicom.stacks import series_of
from consult.dicom.workers import DicomWorkers
from consult.disk import storing, write_whole
from consult.model.catalogue import opens_inverted, suv_window
from consult.model.errors import DicomRefused, WorkerDied
from consult.model.view import NamedWindow, Window
from consult.store.index import Index

FULL_RANGE = {"int8": (-128.0, 127.0), "uint8": (0.0, 255.0), "int16": (-32768.0, 32767.0), "uint16": (0.0, 65535.0)}
"""Stored values, for the window of a stack whose pixels cannot be measured."""
MOST_TRIED = 5
"""Images that are tried for what stands for all of a stack, where some are damaged."""
MEASURED = "window/"
"""Begins the names of windows by the values of an image."""
_encode = msgspec.msgpack.encode


class StackPictures:
    """Of all stacks of one data directory.

    Args:
        folder: of the pictures.
        path_of: where the file of a hash is.
    """

    def __init__(
        self, folder: Path, index: Index, workers: DicomWorkers, path_of: Callable[[str], Awaitable[Path]]
    ) -> None:
        self._folder, self._index, self._workers, self._path_of = folder, index, workers, path_of

    async def with_window(self, stack: StackRecord) -> StackRecord:
        """With a window by the values of its middle image, where the file offers none; and one of it subtracted."""
        series = stack.series
        if series.colour:
            return stack
        windows = series.windows
        if not windows:
            windows = (NamedWindow(await self._measured(stack), measured=True),)
        if series.subtracted and not any(window.subtracted for window in windows):
            window = await self._measured(stack, mask_out=True)
            windows = (NamedWindow(window, measured=True, subtracted=True), *windows)
        return replace(stack, series=replace(series, windows=windows))

    async def thumbnail(self, stack: StackRecord) -> bytes:
        """A small PNG. Raises DicomRefused and WorkerDied where its pixels cannot be read, StoreFailed."""
        path = self._thumbnail_path(stack)
        with contextlib.suppress(FileNotFoundError):
            return await asyncio.to_thread(path.read_bytes)
        png = await self._drawn_small(stack)
        await asyncio.to_thread(self._keep, path, png, await self._path_of(stack.middle.file))
        return png

    def _keep(self, path: Path, png: bytes, image: Path) -> None:
        with storing():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, png, lasting=False)
        if not image.exists():  # deleted meanwhile, and its pictures removed before this one
            path.unlink(missing_ok=True)

    def remove(self, series: Collection[str]) -> None:
        """All pictures of these series, and those of earlier versions, whose names say no series; blocks."""
        for path in self._folder.glob("*.png"):
            of = path.stem.rpartition("-")[0]
            if not of or of in series:
                path.unlink(missing_ok=True)

    async def _drawn_small(self, stack: StackRecord) -> bytes:
        """Of the middle image, or of the nearest to it that can be shown. Raises as `thumbnail`."""
        first: DicomRefused | WorkerDied | None = None
        shown = _as_shown(stack)
        for frame in _standing_for_all(stack):
            path = await self._path_of(frame.file)
            task = "make_thumbnail", str(path), frame.frame, stack.format
            alike, cpu_s = replace(frame, windows=shown.windows, inverted=shown.inverted), _budget(path, stack)
            try:
                png: bytes = await self._workers.run(*task, alike, cpu_s=cpu_s, background=True)
            except (DicomRefused, WorkerDied) as error:
                first = first or error
            else:
                return png
        assert first is not None  # a stack has images
        raise first

    def _thumbnail_path(self, stack: StackRecord) -> Path:
        name = hashlib.sha256(_encode((_as_shown(stack), stack.format, DECODER_VERSION))).hexdigest()
        return self._folder / f"{series_of(stack.series.key)}-{name}.png"

    async def _measured(self, stack: StackRecord, *, mask_out: bool = False) -> Window:
        """By the values of the middle image, or of one beside it where that one cannot be shown."""
        frames = [stack.frames[stack.series.subtracted[-1][1]]] if mask_out else _standing_for_all(stack)
        for frame in frames:
            with contextlib.suppress(DicomRefused, WorkerDied):  # it is reported where it is shown
                return await self._measured_by(frame, stack, mask_out=mask_out)
        return _full_range(stack, frames[0])

    async def _measured_by(self, frame: Frame, stack: StackRecord, *, mask_out: bool) -> Window:
        """Raises DicomRefused, WorkerDied."""
        how = "/".join((*(("subtracted",) if mask_out else ()), *(("unpadded",) if frame.presentation.padding else ())))
        name = f"{_measured_name(frame)}{how and '/' + how}"
        if (stored := await self._index.derived(name)) is not None:
            return msgspec.msgpack.decode(stored, type=Window)
        path = await self._path_of(frame.file)
        task = "measure_window", str(path), frame, stack.format, mask_out
        center, width = await self._workers.run(*task, cpu_s=_budget(path, stack))
        window = Window(float(center), max(float(width), 1e-6))
        await self._index.put_derived({name: _encode(window)})
        return window


def _budget(path: Path, stack: StackRecord) -> float:
    """Processor time for one frame."""
    return decoding_cpu_s(size_of([path]), stack.format.frame_bytes)


def _standing_for_all(stack: StackRecord) -> list[Frame]:
    """The middle frame, then those nearest to it, a few."""
    middle = stack.middle_image
    nearest = sorted(range(len(stack.frames)), key=lambda image: abs(image - middle))
    return [stack.frames[image] for image in nearest[:MOST_TRIED]]


def _as_shown(stack: StackRecord) -> Frame:
    """The image of a stack's thumbnail, with the stack's windows, the one that it opens with first, and its greys."""
    series, frame = stack.series, stack.middle
    opening = suv_window(series) or series.opening
    first = (NamedWindow(opening),) if opening else ()
    windows = (*first, *(window for window in series.windows if not window.subtracted))
    return replace(frame, windows=windows, inverted=frame.inverted != opens_inverted(series))


def _measured_name(frame: Frame) -> str:
    """By which the index has the window of an image's values."""
    return f"{MEASURED}{frame.pixels_digest}"


def _full_range(stack: StackRecord, frame: Frame) -> Window:
    low, high = FULL_RANGE.get(stack.format.dtype, (0.0, 1.0))
    return Window((low + high) / 2 * frame.slope + frame.intercept, (high - low) * abs(frame.slope))
