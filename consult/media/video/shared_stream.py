"""One stream: one encoder, shared by all its subscribers. Cost grows with streams, not with people.

Rules:
- One task draws, encodes and hands out; drawing and encoding are one hop to the pool.
- The newest view wins: what has changed while a frame was made is the next frame.
- The picture of a former case is never repeated, and the first of a new case is an IDR: nothing of one patient's
  pixels is left in the next one's picture.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from consult.clock import steady
from consult.media.pacing.frame_scheduler import FrameScheduler, Next
from consult.media.pacing.subscriber_queue import AccessUnit, SubscriberQueue
from consult.media.rtp.clock import RtpClock
from consult.media.video.encoder import Coded, H264Encoder
from consult.media.video.planes import Planes
from consult.media.video.raster import StreamKey
from consult.model.errors import ConsultError
from consult.model.stamp import Stamp

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawing:
    """A picture that can be drawn. `stamp` has no timestamp yet; `draw` runs in the pool. Raises ConsultError."""

    stamp: Stamp
    draw: Callable[[], Planes]


class Encoder(Protocol):
    """As `H264Encoder`."""

    def encode(self, planes: Planes, *, key: bool) -> Coded:
        """One picture to one access unit."""


def encoder_of(key: StreamKey) -> Encoder:
    """The encoder of a stream."""
    return H264Encoder(key.raster, max_bits_per_s=key.max_bits_per_s)


@dataclass(frozen=True)
class Drawn:
    """The picture that was sent last, to be repeated."""

    stamp: Stamp
    planes: Planes


class SharedStream:
    """The one encoder of a `StreamKey`, and who is subscribed to it.

    Args:
        newest: gives the newest picture, or None where it cannot be drawn (yet).
        on_age: called for each picture that is new, with how long ago its view had changed, in seconds.
    """

    def __init__(
        self,
        key: StreamKey,
        newest: Callable[[StreamKey], Drawing | None],
        pool: Executor,
        clock: RtpClock,
        *,
        encoder: Callable[[StreamKey], Encoder] = encoder_of,
        on_age: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.key = key
        self.subscribers: set[SubscriberQueue] = set()
        self._newest, self._pool, self._clock, self._make_encoder = newest, pool, clock, encoder
        self._encoder: Encoder | None = None
        self._scheduler = FrameScheduler()
        self._last: Drawn | None = None
        self._case, self._on_age = -1, on_age
        self._changed_at: float | None = None
        """Since when no picture of the view was handed out."""
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"stream {key.name}")

    @property
    def busy(self) -> bool:
        """A frame is due."""
        return self._scheduler.due() is not None

    def join(self, subscriber: SubscriberQueue) -> None:
        """Another subscriber from now on."""
        self.subscribers.add(subscriber)
        subscriber.join(self.request_key)

    def leave(self, subscriber: SubscriberQueue) -> None:
        """A subscriber less."""
        self.subscribers.discard(subscriber)

    def changed(self, case: int) -> None:
        """The view, or what of it can be drawn, has changed; `case` is its epoch."""
        self._case = case
        self._changed_at = self._changed_at or steady()
        self._scheduler.change()
        self._wake.set()

    def request_key(self) -> None:
        """Somebody needs a keyframe."""
        self._scheduler.request_key()
        self._wake.set()

    async def close(self) -> None:
        """Stop; the encoder goes with the task."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            due = self._scheduler.due()
            wait = None if due is None else due - steady()
            if wait is None or wait > 0:
                await self._sleep(wait)
                continue
            try:
                await self._frame(self._scheduler.take(steady()))
            except ConsultError as error:
                logger.info("stream %s: not drawn: %s", self.key.name, error.code)
                self._scheduler.nothing()
            except Exception:  # a fault of ours in one frame must not end the moving picture for good
                logger.exception("stream %s: no frame", self.key.name)
                self._encoder = self._last = None
                self._scheduler.nothing()

    async def _sleep(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def _frame(self, what: Next) -> None:
        drawing = self._newest(self.key) if what.fresh else None
        if self._last is not None and self._last.stamp.case != self._case:
            self._last = None
        if drawing is None and self._last is None:
            self._scheduler.nothing()
            return
        if drawing is None and what.fresh and not what.key:
            return
        changed_at, self._changed_at = self._changed_at, None if drawing is not None else self._changed_at
        make = partial(self._draw_and_encode, drawing, self._last, key=what.key or self._last is None)
        drawn, coded = await asyncio.get_running_loop().run_in_executor(self._pool, make)
        if drawn.stamp.case != self._case:
            return
        self._last = drawn
        self._scheduler.made(key=coded.key)
        access_unit = AccessUnit(coded.data, coded.key, replace(drawn.stamp, rtp=self._clock.stamp()))
        for subscriber in self.subscribers:
            subscriber.offer(access_unit)
        if drawing is not None and changed_at is not None:
            self._on_age(steady() - changed_at)

    def _draw_and_encode(self, drawing: Drawing | None, last: Drawn | None, *, key: bool) -> tuple[Drawn, Coded]:
        """In the pool; one call at a time."""
        drawn = Drawn(drawing.stamp, drawing.draw()) if drawing is not None else last
        assert drawn is not None
        if self._encoder is None:
            self._encoder = self._make_encoder(self.key)
        return drawn, self._encoder.encode(drawn.planes, key=key)
