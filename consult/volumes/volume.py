"""One volume: the images of a stack, as they become ready."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

import msgspec

from consult.dicom.records import StackRecord
from consult.model.errors import DicomRefused, NotReady
from consult.model.identifiers import SeriesKey
from consult.model.image import Image
from consult.sessions.messages import Loading
from consult.volumes.load_order import LoadOrder
from consult.volumes.volume_file import VolumeFile

GONE = "This image is not loaded any more."


def stack_digest(stack: StackRecord) -> str:
    """Names what a stack's volume file holds: its sources, in their order, and their format."""
    named = (stack.format, [frame.pixels_digest for frame in stack.frames])
    return hashlib.sha256(msgspec.json.encode(named)).hexdigest()[:32]


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

    @property
    def key(self) -> SeriesKey:
        """Of its series."""
        return self.stack.series.key

    def source_digest(self, image: int) -> str:
        """Names the stored pixels of an image."""
        return self.stack.frames[image].pixels_digest

    def image(self, image: int) -> Image:
        """The decoded image; its pixels are a view into the read-only file.

        Raises:
            DicomRefused: it cannot be shown.
            NotReady: it is not loaded yet.
        """
        if refused := self._failed.get(image):
            raise refused
        if self._gone or not self.file.is_ready(image):
            raise NotReady("not_loaded", "This image is still being loaded.")
        frame = self.stack.frames[image]
        pixels = self.file.pixels[image]
        return Image(pixels, frame.slope, frame.intercept, frame.inverted, frame.voi_function)

    async def ready(self, image: int) -> None:
        """Wait until that image is decoded; it is put in front.

        Raises:
            DicomRefused: it cannot be shown.
            NotReady: the volume was let go meanwhile.
        """
        if self._gone:
            raise NotReady("not_loaded", GONE)
        if refused := self._failed.get(image):
            raise refused
        if self.file.is_ready(image):
            return
        waiting = self._waiting.get(image)
        if waiting is None:
            waiting = self._waiting[image] = asyncio.get_running_loop().create_future()
            waiting.add_done_callback(_retrieve)
        self.order.want(image)
        self._wake()
        await asyncio.shield(waiting)

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
