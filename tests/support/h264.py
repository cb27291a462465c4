"""A peer's side of H.264: libavcodec's decoder, and what an access unit is made of."""

from __future__ import annotations

import re

import av
import numpy as np
from av.codec.context import Flags
from numpy.typing import NDArray


class Decoder:
    """Decodes access units as they come, without delay."""

    def __init__(self) -> None:
        self._context = av.CodecContext.create("h264", "r")
        self._context.thread_count = 1
        self._context.flags |= Flags.low_delay
        self.frame: av.VideoFrame | None = None

    def decode(self, data: bytes) -> list[NDArray[np.uint8]]:
        """The luma planes, (height, width) uint8, that are ready now. Raises av.error.InvalidDataError."""
        seen = []
        for frame in self._context.decode(av.Packet(data)):
            assert isinstance(frame, av.VideoFrame)
            self.frame = frame
            seen.append(np.ascontiguousarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8))
        return seen


def nal_types(data: bytes) -> list[int]:
    """nal_unit_type of each NAL unit of an access unit (ITU-T H.264 7.4.1, Annex B)."""
    return [data[match.end()] & 31 for match in re.finditer(b"\x00\x00\x01", data)]
