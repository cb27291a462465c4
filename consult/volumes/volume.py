"""One volume: the images of a stack, as they become ready."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.dicom.presenting.image import image_of, mean_mask
from consult.dicom.records import FrameAttributes, Mask, StackRecord
from consult.model.errors import DicomRefused, NotReady
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.sessions.messages import Loading
from consult.volumes.load_order import LoadOrder
from consult.volumes.volume_file import VolumeFile

GRAPHICS = ("overlay", "shutter")
GONE = "This image is not loaded any more."


def stack_digest(stack: StackRecord) -> str:
    """Names what a stack's volume file holds: its sources, in their order, and their format."""
    named: tuple[object, ...] = (stack.format, [frame.pixels_digest for frame in stack.frames])
    if has_graphics(stack):
        named += ("graphics",)
    return hashlib.sha256(msgspec.json.encode(named)).hexdigest()[:32]


def has_graphics(stack: StackRecord) -> bool:
    """Whether any of its images has an overlay or a shutter."""
    return any(part in GRAPHICS for frame in stack.frames for part in frame.presentation.parts)


class Volume:
    """The images of one stack. Volumes loads it; others read.

    Args:
        stack: what it shows.
        file: where its pixels are.
        wake: called when somebody waits.

    Attributes:
        order: which image is next.
        pace_s: what one image took lately, seconds; None before the first.
        single: images that are loaded by themselves, because one of them ended its worker.
    """

    def __init__(self, stack: StackRecord, file: VolumeFile, wake: Callable[[], None]) -> None:
        self.stack, self.file, self._wake = stack, file, wake
        images = len(stack.frames)
        missing = (image for image in range(images) if not file.is_ready(image))
        self.order = LoadOrder(stack.series, missing, stack.middle_image)
        self.pace_s: float | None = None
        self.single: set[int] = set()
        self._failed: dict[int, DicomRefused] = {}
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._gone = False
        self._image_of = {(frame.file, frame.frame): image for image, frame in enumerate(stack.frames)}
        self._mask: tuple[Mask, NDArray[np.float32]] | None = None

    @property
    def key(self) -> SeriesKey:
        """Of its series."""
        return self.stack.series.key

    def source_digest(self, image: int) -> str:
        """Names the stored pixels of an image, and what its file draws over it or subtracts from it."""
        frame = self.stack.frames[image]
        return "+".join((frame.pixels_digest, *frame.presentation.parts))

    def attributes(self, image: int) -> FrameAttributes | None:
        """What the file of an image says of it; None in records of before 29 Nov 2026."""
        return self.stack.frames[image].attributes

    def image(self, image: int) -> Image:
        """The decoded image; its pixels are a view into the read-only file.

        Raises:
            DicomRefused: it cannot be shown.
            NotReady: it is not loaded yet.
        """
        for needed in (image, *self._masks(image)):
            if refused := self._failed.get(needed):
                raise refused
            if self._gone or not self.file.is_ready(needed):
                raise NotReady("not_loaded", "This image is still being loaded.")
        graphics = self.file.graphics[image] if self.file.graphics is not None else None
        frame = self.stack.frames[image]
        palette = self.stack.palettes.get(frame.file)
        return image_of(self.file.pixels[image], frame, mask=self._mask_of(image), graphics=graphics, palette=palette)

    def _masks(self, image: int) -> list[int]:
        """The images that make the mask of an image; none where nothing is subtracted from it."""
        frame = self.stack.frames[image]
        mask = frame.presentation.mask
        return [] if mask is None else [self._image_of[frame.file, number] for number in mask.frames]

    def _mask_of(self, image: int) -> NDArray[np.float32] | None:
        """The mean of its mask; the newest is kept, since most images of a clip share one."""
        mask = self.stack.frames[image].presentation.mask
        if mask is None:
            return None
        if self._mask is None or self._mask[0] != mask:
            self._mask = mask, mean_mask([self.file.pixels[needed] for needed in self._masks(image)], mask)
        return self._mask[1]

    async def ready(self, image: int) -> None:
        """Wait until that image is decoded, and what is subtracted from it; they are put in front.

        Raises:
            DicomRefused: it cannot be shown.
            NotReady: the volume was let go meanwhile.
        """
        for needed in (image, *self._masks(image)):
            await self._decoded(needed)

    def stored(self, first: int, count: int) -> NDArray[Any]:
        """The stored values of images behind each other, a view into the read-only file; `whole` was waited for."""
        return self.file.pixels[first : first + count]

    async def whole(self, images: Sequence[int]) -> None:
        """Wait until all of these are decoded; none is put in front, so that they load in batches.

        Raises:
            DicomRefused: one of them cannot be shown.
            NotReady: the volume was let go meanwhile.
        """
        waiting = [found for image in images if (found := self._pending(image)) is not None]
        self._wake()
        for found in waiting:
            await asyncio.shield(found)

    async def _decoded(self, image: int) -> None:
        waiting = self._pending(image)
        if waiting is None:
            return
        self.order.want(image)
        self._wake()
        await asyncio.shield(waiting)

    def _pending(self, image: int) -> asyncio.Future[None] | None:
        """What ends when that image is decoded; None where it is. Raises DicomRefused, NotReady."""
        if self._gone:
            raise NotReady("not_loaded", GONE)
        if refused := self._failed.get(image):
            raise refused
        if self.file.is_ready(image):
            return None
        waiting = self._waiting.get(image)
        if waiting is None:
            waiting = self._waiting[image] = asyncio.get_running_loop().create_future()
            waiting.add_done_callback(_retrieve)
        return waiting

    def loading(self) -> Loading:
        """What of it can be shown."""
        images = len(self.stack.frames)
        runs: list[tuple[int, int]] = []
        for image in filter(self.file.is_ready, range(images)):
            if runs and runs[-1][1] == image - 1:
                runs[-1] = (runs[-1][0], image)
            else:
                runs.append((image, image))
        failed = tuple(sorted(self._failed))
        sentence = self._failed[failed[0]].sentence if failed else ""
        return Loading(self.key, tuple(runs), images, failed, sentence)

    def decoded(self, image: int) -> None:
        """A worker has written that image."""
        if self._gone:
            return
        self.file.mark(image)
        if waiting := self._waiting.pop(image, None):
            waiting.set_result(None)

    def put_back(self, image: int) -> None:
        """It was not loaded after all, and is tried again by itself."""
        self.single.add(image)
        self.order.put_back(image)
        if image in self._waiting:
            self.order.want(image)

    def refuse(self, image: int, refused: DicomRefused) -> None:
        """That image cannot be shown."""
        self._failed[image] = refused
        if waiting := self._waiting.pop(image, None):
            waiting.set_exception(refused)

    def let_go(self) -> None:
        """Notify those who wait, and close the file. Views of its pixels stay valid."""
        if self._gone:
            return
        self._gone = True
        for waiting in self._waiting.values():
            waiting.set_exception(NotReady("not_loaded", GONE))
        self._waiting.clear()
        self.file.close()


def _retrieve(waiting: asyncio.Future[None]) -> None:
    """Retrieve the error of who waited, so that asyncio does not log it where nobody waits any more."""
    if not waiting.cancelled():
        waiting.exception()
