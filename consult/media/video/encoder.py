"""One H.264 encoder: pictures in, Annex B access units out, one for one (ITU-T H.264 Annex B).

Settings, each measured: ultrafast and zerolatency (no B-frames, no look-ahead: no frame waits for the next), one slice
and one thread (many streams, few cores), no scene cuts and no periodic keyframes (they come when somebody needs one),
SPS and PPS before each, constant quality under a bit rate that may be borrowed from for 8 pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType

from consult.media.pacing.congestion import BITS_PER_S
from consult.media.video.planes import NEUTRAL, Planes
from consult.media.video.raster import Raster

QUALITY = 23
"""x264's constant rate factor."""
MAX_BITS_PER_S = BITS_PER_S["full"]
PICTURES_PER_S = 30
BORROWED_PICTURES = 8
NEVER = 1_000_000
"""Pictures between periodic keyframes."""
X264 = (
    "scenecut=0:repeat-headers=1:annexb=1:bframes=0:sliced-threads=0:slices=1:"
    "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"
)


@dataclass(frozen=True)
class Coded:
    """One access unit. `key`: it starts with an IDR and needs nothing before it."""

    data: bytes
    key: bool


class H264Encoder:
    """Stateful; one caller at a time. Releases the GIL while it encodes."""

    def __init__(self, raster: Raster, *, quality: int = QUALITY, max_bits_per_s: int = MAX_BITS_PER_S) -> None:
        context = av.CodecContext.create("libx264", "w")
        context.width, context.height, context.pix_fmt = raster.width, raster.height, "yuv420p"
        context.time_base = Fraction(1, PICTURES_PER_S)
        context.framerate = Fraction(PICTURES_PER_S)
        context.thread_count = 1
        context.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "profile": "baseline",
            "level": "4.0",
            "crf": str(quality),
            "maxrate": str(max_bits_per_s),
            "bufsize": str(max_bits_per_s * BORROWED_PICTURES // PICTURES_PER_S),
            "g": str(NEVER),
            "forced-idr": "1",
            "x264-params": X264,
        }
        context.open()
        self._raster, self._context, self._count = raster, context, 0

    def encode(self, planes: Planes, *, key: bool) -> Coded:
        """Encode one picture.

        Args:
            planes: of the encoder's raster.
            key: make it an IDR. The first picture is one anyhow.
        """
        frame = self._frame(planes)
        frame.pts, frame.time_base = self._count, Fraction(1, PICTURES_PER_S)
        frame.pict_type = PictureType.I if key else PictureType.NONE
        self._count += 1
        packets = self._context.encode(frame)
        return Coded(b"".join(bytes(packet) for packet in packets), any(packet.is_keyframe for packet in packets))

    def _frame(self, planes: Planes) -> av.VideoFrame:
        frame = av.VideoFrame(self._raster.width, self._raster.height, "yuv420p")
        for plane, pixels in zip(frame.planes, (planes.luma, *(planes.chroma or (None, None))), strict=True):
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            rows[:, : plane.width] = NEUTRAL if pixels is None else pixels
        return frame
